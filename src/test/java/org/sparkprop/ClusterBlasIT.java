package org.sparkprop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.nn.blas.Blas;
import org.sparkprop.nn.blas.BlasChoice;
import org.sparkprop.train.ExecutorBlas;
import org.sparkprop.train.TrainingListener;
import org.sparkprop.train.Verdict;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Executors that do not multiply with the same BLAS, as the second of each application here, which
 * cannot load OpenBLAS. As ClusterIT, it is left out of {@code mvn verify}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class) // there is a second worker once it has come
@Isolated
@Tag("long")
class ClusterBlasIT {
  private static final int PATIENCE_SECONDS = 240;

  private static final String REASON =
      "JNA cannot load its native code: Failed to create temporary file for \\S+ library: Not a directory";

  private static final String EXECUTOR_1 = "executor 1 on 127.0.0.1";

  @TempDir static Path scratch;

  private StandaloneCluster cluster;

  @BeforeAll
  void startTheCluster() throws IOException {
    Files.writeString(scratch.resolve("jna-1"), "a file where a folder should be");
    cluster = StandaloneCluster.start(scratch, "worker-1");
  }

  @AfterAll
  void endTheCluster() throws IOException {
    TestSpark.shareAgain();
    cluster.close();
  }

  private static String onlyTheFirstExecutorMay() {
    return StandaloneCluster.QUICK_START
        + " -Djna.tmpdir="
        + scratch.resolve("jna-")
        + "{{EXECUTOR_ID}}";
  }

  private SparkSession session(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>();
    all.put("spark.executor.extraJavaOptions", StandaloneCluster.QUICK_START);
    all.putAll(settings);
    all.put("spark.executor.memory", "512m");
    all.put("spark.jars", StandaloneCluster.PROJECT.resolve("target/sparkprop.jar").toString());
    all.put("spark.plugins", SparkpropPlugin.class.getName());
    return TestSpark.restart(cluster.master(), all);
  }

  private static NeuralNetworkModel fit(
      SparkSession spark, BlasChoice blas, TrainingListener listener) {
    return NeuralNetwork.layers("64 relu, 3 softmax")
        .blas(blas)
        .batchSize(100)
        .shards(4)
        .epochs(4)
        .seed(1)
        .listener(listener)
        .fit(
            spark.sql(
                "SELECT id AS row, array(float(sin(id)), float(cos(id / 3))) AS features, id % 3 AS label FROM range(0, 1000, 1, 4)"));
  }

  /** Tasks that came back to it would use up the attempts that Spark grants. */
  @Test
  @Order(1)
  void anExecutorThatComesLaterAndIsRefusedGetsNoTasks() {
    float[] local =
        fit(TestSpark.session(), BlasChoice.OPENBLAS, new TrainingListener() {}).parameters();
    SparkSession spark =
        session(
            Map.of(
                SparkpropPlugin.BLAS,
                "openblas",
                "spark.executor.extraJavaOptions",
                onlyTheFirstExecutorMay()));
    TrainingListener another =
        new TrainingListener() {
          @Override
          public Verdict epochDone(EpochRecord epoch) {
            if (epoch.epoch() == 2) {
              startTheSecondWorker();
              Eventually.holds(() -> ExecutorBlas.all().size() == 2, "another executor");
            }
            return Verdict.CONTINUE;
          }
        };

    float[] parameters = fit(spark, BlasChoice.OPENBLAS, another).parameters();

    assertArrayEquals(local, parameters);
    ExecutorBlas second = ExecutorBlas.all().get(1);
    assertEquals(EXECUTOR_1, second.toString());
    assertTrue(second.isRefused());
    assertTrue(
        second
            .problem()
            .matches(
                "Cannot use BLAS openblas: "
                    + REASON
                    + " \\(give --conf spark.executor.extraJavaOptions=-Djna.tmpdir=FOLDER, a folder whose files may be executed, or give --blas auto for the best that there is\\)"),
        second.problem());
    assertEquals(
        0,
        CollectionConverters.asJava(spark.sparkContext().statusStore().executorList(true)).stream()
            .filter(executor -> executor.id().equals("1"))
            .findFirst()
            .orElseThrow()
            .totalTasks());
    TestSpark.shareAgain(); // others need the workers
  }

  private void startTheSecondWorker() {
    try {
      cluster.startWorkers(List.of(), "worker-2");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private record Run(int status, String out, String err) {}

  private Run train(String model, String... more) throws Exception {
    List<String> settings =
        List.of(
            "spark.executor.memory=512m",
            "spark.executor.extraJavaOptions=" + onlyTheFirstExecutorMay());
    List<String> words =
        new ArrayList<>(
            List.of(
                "train",
                "--data=spiral",
                "--layers=8 relu, 3 softmax",
                "--shards=4",
                "--epochs=2",
                "--model=" + scratch.resolve(model)));
    words.addAll(List.of(more));
    Process process = cluster.submit(model, cluster.master(), settings, words);
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it hangs");
    return new Run(process.exitValue(), out, cluster.errors(model));
  }

  @Test
  @Order(2)
  void whatIsAskedForAndOneExecutorCannotHaveEndsTheRunBeforeRowsAreRead() throws Exception {
    Run run = train("refused", "--blas=openblas");

    assertEquals(1, run.status(), run.err());
    assertEquals("", run.out());
    assertFinds(
        "^error: "
            + EXECUTOR_1
            + ": Cannot use BLAS openblas: "
            + REASON
            + " \\(give --conf spark.executor.extraJavaOptions=-Djna.tmpdir=FOLDER, .*\\)$",
        run.err());
  }

  @Test
  @Order(3)
  void executorsThatAreUnlikeAreToldOfAndKeptWithTheModel() throws Exception {
    Run run = train("mixed");

    assertEquals(0, run.status(), run.err());
    assertFinds("^executor 0 on 127.0.0.1, 1 core, BLAS: OpenBLAS \\(\\w+\\)$", run.out());
    assertFinds("^" + EXECUTOR_1 + ", 1 core, BLAS: netlib Java \\(.*\\)$", run.out());
    String problem =
        "Cannot use native BLAS: "
            + REASON
            + "; Java's is several times slower, and has other bits \\(give --conf spark.executor.extraJavaOptions=-Djna.tmpdir=FOLDER with a folder whose files may be executed\\)";
    assertFinds("^warning: %s: %s$".formatted(EXECUTOR_1, problem), run.err());
    assertFinds(
        "^warning: the run has different BLAS \\(.*OpenBLAS .*netlib Java.*\\): its bits depend on where a shard lies$",
        run.err());
    for (String file : List.of("model.json", "report.json")) {
      JsonNode of = new ObjectMapper().readTree(scratch.resolve("mixed").resolve(file).toFile());
      JsonNode each = of.get("blas_of");
      for (JsonNode executor : each) {
        boolean first = executor.get("jvm").asText().equals("executor 0 on 127.0.0.1");
        assertFinds(first ? "^OpenBLAS" : "^netlib Java", executor.get("blas").asText());
        assertTrue(
            executor.get("problem").asText().matches(first ? "" : problem), executor.toString());
      }
      if (file.equals("model.json")) { // the few rows of the test may lie on one executor
        assertEquals(2, each.size(), each.toString());
      }
    }
  }

  /** Netlib of a distribution that is older than ours, or that somebody has used, as MLlib does. */
  @Test
  @Order(4)
  void anotherNetlibThatWasFirstOnExecutorsIsNotOurs() throws Exception {
    Path older = Files.createDirectories(scratch.resolve("older"));
    Path source = older.resolve("BLAS.java");
    Files.writeString(
        source,
        "package dev.ludovic.netlib.blas; public class BLAS { public static String getInstance() { return \"an older netlib\"; } }");
    assertEquals(
        0,
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-d", older.toString(), source.toString()));
    for (String path : List.of(older.toString(), "")) {
      SparkSession spark = session(Map.of("spark.executor.extraClassPath", path));
      List<Row> used =
          spark
              .sql(
                  "SELECT reflect('dev.ludovic.netlib.blas.BLAS', 'getInstance') FROM range(0, 4, 1, 4)")
              .collectAsList();
      assertEquals(4, used.size());
      for (Row row : used) {
        assertFinds(
            path.isEmpty() ? "^dev.ludovic.netlib.blas.\\w*BLAS@" : "^an older netlib$",
            row.getString(0));
      }

      NeuralNetworkModel model = fit(spark, BlasChoice.AUTO, new TrainingListener() {});

      Path place = scratch.resolve("netlib-" + path.length());
      model.save(place.toString());
      JsonNode description = new ObjectMapper().readTree(place.resolve("model.json").toFile());
      assertEquals(Blas.name(), description.get("blas").asText());
      assertTrue(Blas.name().startsWith("OpenBLAS ("), Blas.name());
      assertFinds("^executor \\d on ", description.get("blas_of").get(0).get("jvm").asText());
    }
    TestSpark.shareAgain();
  }

  private static void assertFinds(String pattern, String text) {
    Matcher found = Pattern.compile(pattern, Pattern.MULTILINE).matcher(text);
    assertTrue(found.find(), pattern + "\n" + text);
  }
}
