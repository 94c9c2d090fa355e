package org.sparkprop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.base.GaveUpException;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.cli.CommandRun;
import org.sparkprop.nn.blas.Blas;
import scala.Option;

/**
 * A standalone cluster whose only worker is too small for an executor: its master and its worker
 * run in this JVM. ClusterIT has real ones, whose executors die.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NeverAHangTest {
  private static final String SHORTAGE =
      "asked for executors of 2,048 MB and all cores of a worker; no executor came; the master has 1 worker of 3 cores and 512 MB; no worker is large enough: give --executor-memory 512m or less, or larger workers";

  @TempDir static Path scratch;

  private RpcEnv master;
  private RpcEnv worker;
  private String address;

  @BeforeAll
  void startTheCluster() {
    NeuralNetwork.layers("2 softmax").epochs(1).fit(rows(TestSpark.session())).save(saved());
    SparkConf conf = new SparkConf(false);
    master = Master.startRpcEnvAndEndpoint("127.0.0.1", 0, 0, conf)._1();
    address = "spark://127.0.0.1:" + master.address().port();
    worker =
        Worker.startRpcEnvAndEndpoint(
            "127.0.0.1",
            0,
            0,
            3,
            512,
            new String[] {address},
            scratch.resolve("work").toString(),
            Option.empty(),
            conf,
            Option.empty());
  }

  @AfterAll
  void endTheCluster() {
    TestSpark.shareAgain();
    worker.shutdown();
    master.shutdown();
  }

  private static String saved() {
    return scratch.resolve("saved").toString();
  }

  private static Dataset<Row> rows(SparkSession spark) {
    return spark.sql(
        "SELECT id AS row, array(float(id)) AS features, id % 2 AS label FROM range(9)");
  }

  private SparkSession session() {
    return TestSpark.restart(address, Map.of("spark.executor.memory", "2g"));
  }

  @Test
  void aFitIsGivenUpAndTheSessionIsStillThere() {
    SparkSession spark = session();
    NeuralNetwork network = NeuralNetwork.layers("2 softmax").giveUpAfter(2);

    assertIsGivenUp(() -> network.fit(rows(spark)), spark);
  }

  @Test
  void anEvaluationIsGivenUpAndTheSessionIsStillThere() {
    SparkSession spark = session();
    NeuralNetworkModel model = NeuralNetworkModel.load(spark, saved()).giveUpAfter(2);
    assertEquals(
        "Invalid seconds to give up after: -1.0 (must be > 0, or 0 for never)",
        Refusal.of(() -> model.giveUpAfter(-1)));

    assertIsGivenUp(() -> model.evaluate(rows(spark)), spark);
  }

  private static void assertIsGivenUp(Executable work, SparkSession spark) {
    GaveUpException gaveUp = assertThrows(GaveUpException.class, work);

    String line = String.valueOf(gaveUp.getMessage());
    assertTrue(line.matches("Gave up after \\d+ s in which no task could run: .*"), line);
    assertTrue(line.endsWith(": " + SHORTAGE), line);
    assertTrue(InvalidInputException.class.isInstance(gaveUp), "what callers catch already");
    assertFalse(spark.sparkContext().isStopped());
    assertEquals(List.of(), List.copyOf(TestSpark.context().getJobTags()));
  }

  /** Its Dataset is the application's: nothing runs, and so nothing can wait. */
  @Test
  void transformRunsNoJob() {
    SparkSession spark = session();
    NeuralNetworkModel model = NeuralNetworkModel.load(spark, saved());

    Dataset<Row> predicted = model.transform(rows(spark));

    assertEquals("prediction", predicted.columns()[3]);
    assertTrue(spark.sparkContext().statusStore().jobsList(null).isEmpty());
  }

  @Test
  void anEvaluationOfTheCommandLineIsGivenUp() {
    session();
    CommandRun run =
        CommandRun.of("evaluate", "--data=spiral", "--model=" + saved(), "--give-up-after=2");

    assertEquals(
        "error: Gave up after N s in which no task could run: " + SHORTAGE + "\n",
        run.err().replaceAll("\\b\\d+ s\\b", "N s"));
    assertEquals(1, run.status());
  }

  @Test
  void aCommandSaysWhatIsMissingAndGivesUpInItsFirstJob() {
    session();
    CommandRun run =
        CommandRun.of(
            "train",
            "--data=spiral",
            "--layers=3 softmax",
            "--model=" + scratch.resolve("model"),
            "--give-up-after=8");

    List<String> lines = run.err().lines().toList();
    assertEquals(2, lines.size(), run.err());
    // How late a look comes depends on the machine.
    assertEquals(
        "warning: no task has run for N s: " + SHORTAGE + "; giving up in N s (--give-up-after)",
        lines.get(0).replaceAll("\\b\\d+ s\\b", "N s"));
    assertEquals(
        "error: Gave up after N s in which no task could run: " + SHORTAGE,
        lines.get(1).replaceAll("\\b\\d+ s\\b", "N s"));
    assertEquals("", run.out());
    assertEquals(1, run.status());
  }

  /** Their BLAS is chosen as they start. */
  @Test
  void aBlasForExecutorsThatHaveAnotherIsRefused() {
    session();
    String inUse = Blas.name().startsWith("OpenBLAS") ? "openblas" : "java";
    CommandRun run = CommandRun.of("bench", "--blas=" + inUse);

    assertEquals(
        "error: Cannot use BLAS %1$s on executors: they have started without it (give the session spark.plugins=%2$s and spark.sparkprop.blas=%1$s)\n"
            .formatted(inUse, SparkpropPlugin.class.getName()),
        run.err());
    assertEquals(1, run.status());
  }

  /** Spark would say so by an exception of its own, or never. */
  @Test
  void tasksOfMoreCoresThanAnExecutorHasAreRefusedBeforeSparkStarts() {
    TestSpark.session(); // without them
    Map<String, String> settings = Map.of("spark.master", "local[1]", "spark.task.cpus", "2");
    settings.forEach(System::setProperty);
    try {
      CommandRun run = CommandRun.of("bench", "--seconds=0.01");
      assertEquals(
          "error: Invalid spark.task.cpus: 2 (must be <= 1, the cores of an executor: give --executor-cores, or less of it)\n",
          run.err());
      assertEquals(1, run.status());
    } finally {
      settings.keySet().forEach(System::clearProperty);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"local[0]", "local[x]", "local[-1]", "local[]"})
  void localOfNoCoresIsRefusedBeforeSparkStarts(String master) {
    TestSpark.session();
    System.setProperty("spark.master", master);
    try {
      CommandRun run = CommandRun.of("bench", "--seconds=0.01");
      assertEquals(
          "error: Invalid --master: %s (must be local[N], of N cores > 0, or local[*] for all)\n"
              .formatted(master),
          run.err());
      assertEquals(1, run.status());
    } finally {
      System.clearProperty("spark.master");
    }
  }
}
