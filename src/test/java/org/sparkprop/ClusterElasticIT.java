package org.sparkprop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.status.api.v1.ExecutorSummary;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.train.TrainingListener;
import org.sparkprop.train.Verdict;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Executors that go and come while a run goes on: the same bytes, and a word on rows that had to be
 * read again. The driver is this JVM, the cluster one of processes. As ClusterIT, it is left out of
 * {@code mvn verify}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Isolated
@Tag("long")
class ClusterElasticIT {
  private static final int ROWS = 1000;
  private static final int EPOCHS = 6;

  @TempDir static Path scratch;

  private StandaloneCluster cluster;
  private float[] undisturbed;

  @BeforeAll
  void startTheCluster() throws IOException {
    undisturbed = fit(TestSpark.session(), 3, spark -> {}).parameters();
    cluster = StandaloneCluster.start(scratch, "worker-1");
    // Spark runs a task a second time on another host only.
    cluster.startWorkersAt("127.0.0.2", List.of(), "worker-2");
  }

  @AfterAll
  void endTheCluster() throws IOException {
    TestSpark.shareAgain();
    cluster.close();
  }

  private SparkSession session(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("spark.executor.memory", "512m");
    all.put("spark.executor.extraJavaOptions", StandaloneCluster.QUICK_START);
    all.put("spark.jars", StandaloneCluster.PROJECT.resolve("target/sparkprop.jar").toString());
    return TestSpark.restart(cluster.master(), all);
  }

  /** A run in whose middle something happens. */
  private static NeuralNetworkModel fit(
      SparkSession spark, int partitions, Consumer<SparkSession> inTheMiddle) {
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public Verdict epochDone(EpochRecord epoch) {
            if (epoch.epoch() == 2) {
              inTheMiddle.accept(spark);
            }
            return Verdict.CONTINUE;
          }
        };
    return NeuralNetwork.layers("64 relu, 3 softmax")
        .batchSize(100)
        .shards(6)
        .partitions(partitions)
        .epochs(EPOCHS)
        .seed(1)
        .listener(listener)
        .fit(
            spark.sql(
                "SELECT id AS row, array(float(sin(id)), float(cos(id / 3))) AS features, id %% 3 AS label FROM range(0, %d, 1, 4)"
                    .formatted(ROWS)));
  }

  private static List<ExecutorSummary> executors(SparkSession spark) {
    return CollectionConverters.asJava(spark.sparkContext().statusStore().executorList(true))
        .stream()
        .filter(executor -> !executor.id().equals("driver"))
        .toList();
  }

  @Test
  void executorsThatAreTakenAwayForBeingIdle() {
    Map<String, String> settings = new HashMap<>();
    settings.put("enabled", "true");
    settings.put("shuffleTracking.enabled", "true");
    settings.put("shuffleTracking.timeout", "1s");
    settings.put("executorIdleTimeout", "1s");
    settings.put("cachedExecutorIdleTimeout", "1s");
    settings.put("maxExecutors", "2");
    Map<String, String> named = new HashMap<>();
    settings.forEach((name, value) -> named.put("spark.dynamicAllocation." + name, value));
    SparkSession spark = session(named);

    try (Warnings warnings = new Warnings()) {
      NeuralNetworkModel model =
          fit(
              spark,
              3,
              same -> Eventually.holds(() -> executors(same).isEmpty(), "no executor is there"));

      assertArrayEquals(undisturbed, model.parameters());
      assertSays(
          warnings, "executor \\d is lost: it was given back or taken away by the cluster; .*");
      assertLossIsSaidAndKept(warnings, model);
    }
  }

  /** One executor has packed everything, in one task. */
  @Test
  void theExecutorThatHoldsAllPackedRowsIsKilled() {
    SparkSession spark = session(Map.of());
    fit(spark, 1, same -> {}); // both executors are there

    try (Warnings warnings = new Warnings()) {
      NeuralNetworkModel model =
          fit(
              spark,
              1,
              same -> {
                List<ExecutorSummary> holders =
                    executors(same).stream().filter(each -> each.rddBlocks() > 0).toList();
                assertEquals(1, holders.size(), "one executor holds all");
                cluster.executor(holders.get(0).id()).destroyForcibly(); // SIGKILL
              });

      assertArrayEquals(undisturbed, model.parameters());
      assertSays(warnings, "executor \\d is lost: it was killed .*");
      assertLossIsSaidAndKept(warnings, model);
    }
  }

  @Test
  void tasksThatRunTwiceCountOnce() {
    SparkSession spark =
        session(
            Map.of(
                "spark.speculation", "true",
                "spark.speculation.efficiency.enabled", "false",
                "spark.speculation.interval", "1ms",
                "spark.speculation.minTaskRuntime", "0",
                "spark.speculation.multiplier", "1",
                "spark.speculation.quantile", "0.1",
                "spark.locality.wait", "0"));
    AtomicInteger speculative = new AtomicInteger();
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onTaskStart(SparkListenerTaskStart task) {
                speculative.addAndGet(task.taskInfo().speculative() ? 1 : 0);
              }
            });

    try (Warnings warnings = new Warnings()) {
      NeuralNetworkModel model = fit(spark, 6, same -> {});

      assertArrayEquals(undisturbed, model.parameters());
      assertEquals(List.of(), model.notes());
      assertEquals(List.of(), warnings.lines());
    }
    assertTrue(speculative.get() > 0, "no task ran twice");
  }

  private static void assertSays(Warnings warnings, String pattern) {
    assertTrue(
        warnings.lines().stream().anyMatch(line -> line.matches(pattern)),
        pattern + "\n" + String.join("\n", warnings.lines()));
  }

  private static void assertLossIsSaidAndKept(Warnings warnings, NeuralNetworkModel model) {
    assertSays(
        warnings,
        "packed rows were lost with an executor and had to be read again: [\\d,]+; they are the same, and so are the bits");
    assertEquals(
        List.of("packed rows that were lost with an executor and read again: %,d".formatted(ROWS)),
        model.notes());
  }
}
