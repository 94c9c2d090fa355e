package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkException;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Eventually;
import org.sparkprop.TestSpark;
import org.sparkprop.data.LabelFormat;
import org.sparkprop.data.Layout;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.Preprocessing.FeatureType;
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.ShardPlan;
import org.sparkprop.data.Shards;
import org.sparkprop.data.source.Part;
import org.sparkprop.data.source.RowSource;
import org.sparkprop.model.BlasOfRun;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;
import org.sparkprop.train.checkpoint.Checkpointer;
import org.sparkprop.train.options.LocalSteps;
import org.sparkprop.train.options.ReductionPlace;
import org.sparkprop.train.options.TrainingOptions;

/** Rounds that somebody ends, or whose tasks cannot succeed: what happens to run and session. */
class BrokenRoundsTest {
  /** A kill may come when a task is done. */
  private static final int MAX_RUNS = 20;

  @AfterEach
  void shareTheSessionAgain() {
    TestSpark.shareAgain();
  }

  private static Dataset<Row> spiral(SparkSession spark, int points) {
    return RowSource.of("spiral(%d)".formatted(points)).rows(spark, Part.parse("train"));
  }

  private static void assertUsable(SparkSession spark) {
    TrainingOptions small =
        TrainingOptions.of(LayerSpec.parseList("3 softmax")).epochs(2).batchSize(10).build();

    Training.Result trained =
        new Training(spark, small, new TrainingListener() {}).run(spiral(spark, 10), "spiral");

    assertEquals(30, trained.history().get(1).rows());
  }

  /** A network for rows with one feature gets rows with two. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aTaskThatFailsInAllAttemptsEndsTheRunWithOneError(int threads) {
    SparkSession spark = TestSpark.restart("local[2,3]"); // three attempts a task
    AtomicInteger failed = new AtomicInteger();
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onTaskEnd(SparkListenerTaskEnd end) {
                if (end.taskInfo().failed()) {
                  failed.incrementAndGet();
                }
              }
            });
    List<LayerSpec> layers = LayerSpec.parseList("3 softmax");
    Network network = new Network(Topology.of(1, layers), Loss.SOFTMAX_CROSS_ENTROPY);
    RowFormat format = new RowFormat("spiral", FeatureType.FLOAT, 2, LabelFormat.classes(3), false);
    TrainingOptions options = TrainingOptions.of(layers).build();
    try (Shards shards =
        Shards.pack(spiral(spark, 40), format, ShardPlan.all(1, 1), new Layout(1, 1, 1, 1))) {
      Algorithm algorithm =
          new GradientAveraging(new BatchSchedule(shards.rowsOfShard(), 60, 8, 1));
      TaskSetup setup =
          new TaskSetup(network, Preprocessing.raw(FeatureType.FLOAT), algorithm, 1, 8, threads);
      try (SparkRoundRunner rounds =
          new SparkRoundRunner(
              TestSpark.context(), shards, setup, ReductionPlace.AUTO, new BlasOfRun())) {
        Trainer trainer =
            new Trainer(
                network,
                options,
                algorithm,
                rounds,
                null,
                new TrainingListener() {},
                Checkpointer.none(),
                new float[6],
                null);

        SparkException thrown = assertThrows(SparkException.class, () -> trainer.fit());

        String message = String.valueOf(thrown.getMessage());
        assertTrue(message.contains("failed 3 times"), message);
        assertTrue(message.contains("IndexOutOfBoundsException"), message);
      }
    }
    Eventually.holds(() -> failed.get() == 3, "three failed attempts");
    Eventually.holds(() -> BusyThreads.in(Team.class, "help").isEmpty(), "helpers have left");
    assertUsable(spark);
  }

  /** The round would take minutes. */
  @Test
  void aCancelledRunEndsSoonAndItsTasksToo() throws InterruptedException {
    SparkSession spark = TestSpark.session();
    TrainingOptions options =
        TrainingOptions.of(LayerSpec.parseList("2000 relu, 2000 relu, 3 softmax"))
            .batchSize(1)
            .localSteps(LocalSteps.EPOCH)
            .workers(2)
            .build();
    Training training = new Training(spark, options, new TrainingListener() {});
    Dataset<Row> rows = spiral(spark, 10_000);
    ExecutorService aside = Executors.newSingleThreadExecutor();
    try {
      Future<Training.Result> run = aside.submit(() -> training.run(rows, "spiral"));
      Eventually.holds(
          () -> !BusyThreads.in(SliceGradients.class, "sumRun").isEmpty(), "workers step");
      spark.sparkContext().cancelAllJobs();

      ExecutionException ended =
          assertThrows(ExecutionException.class, () -> run.get(60, TimeUnit.SECONDS));
      assertTrue(String.valueOf(ended.getMessage()).contains("cancelled"), ended.toString());
      Eventually.holds(
          () -> BusyThreads.in(LocalSgd.class, "sums").isEmpty(), "the tasks have ended");
    } finally {
      aside.shutdownNow();
    }
    assertUsable(spark);
  }

  /**
   * Tasks of the first rounds are killed as they compute, with an interrupt; Spark repeats them.
   */
  @ParameterizedTest
  @ValueSource(strings = {"1", "epoch"})
  void roundsWhoseTasksAreKilledGiveTheSameBits(String localSteps) throws TimeoutException {
    SparkSession spark = TestSpark.session();
    boolean averaging = localSteps.equals("1");
    TrainingOptions options =
        TrainingOptions.of(LayerSpec.parseList("400 relu, 400 relu, 3 softmax"))
            .epochs(2)
            .batchSize(averaging ? 1500 : 2)
            .sliceSize(averaging ? 4 : 2)
            .localSteps(LocalSteps.parse(localSteps))
            .workers(averaging ? 1 : 2)
            .shards(4)
            .build();
    Dataset<Row> rows = spiral(spark, averaging ? 500 : 100);
    Training.Result expected =
        new Training(spark, options, new TrainingListener() {}).run(rows, "spiral");
    Killer killer = new Killer(spark);
    spark.sparkContext().addSparkListener(killer);
    try {
      for (int run = 0; run < MAX_RUNS && killer.killed.get() == 0; run++) {
        Training.Result found = new Training(spark, options, killer.armed()).run(rows, "spiral");

        assertArrayEquals(expected.model().parameters(), found.model().parameters(), 0f);
        spark.sparkContext().listenerBus().waitUntilEmpty();
      }
      assertTrue(killer.killed.get() > 0, "a task was killed as it computed");
    } finally {
      spark.sparkContext().removeSparkListener(killer);
    }
  }

  private static final class Killer extends SparkListener {
    private final SparkSession spark;
    private final AtomicInteger killed = new AtomicInteger();
    private volatile boolean armed;

    Killer(SparkSession spark) {
      this.spark = spark;
    }

    /** Kills only once the rows are packed. */
    TrainingListener armed() {
      return new TrainingListener() {
        @Override
        public void started(RunInfo facts) {
          armed = true;
        }
      };
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
      if (armed && start.taskInfo().attemptNumber() == 0) {
        spark.sparkContext().killTaskAttempt(start.taskInfo().taskId(), true, "by this test");
      }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      if (end.reason() instanceof TaskKilled) {
        killed.incrementAndGet();
      }
    }
  }
}
