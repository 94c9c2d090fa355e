package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.FetchFailed;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Eventually;
import org.sparkprop.TestSpark;
import org.sparkprop.data.LabelFormat;
import org.sparkprop.data.Layout;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.Preprocessing.FeatureType;
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.Shard;
import org.sparkprop.data.ShardPlan;
import org.sparkprop.data.Shards;
import org.sparkprop.data.source.Part;
import org.sparkprop.data.source.RowSource;
import org.sparkprop.model.BlasOfRun;
import org.sparkprop.nn.Initializer;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;
import org.sparkprop.nn.Workspace;
import org.sparkprop.optim.LearningRateSchedule;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.RateCurve;
import org.sparkprop.optim.Regularization;
import org.sparkprop.optim.RunLength;
import org.sparkprop.optim.ScheduleUnit;
import org.sparkprop.optim.UpdateRule;
import org.sparkprop.train.Batch.Slice;
import org.sparkprop.train.checkpoint.Checkpointer;
import org.sparkprop.train.options.LocalSteps;
import org.sparkprop.train.options.ReductionPlace;
import org.sparkprop.train.options.Settings;
import org.sparkprop.train.options.TrainingOptions;
import org.sparkprop.train.options.TrainingOptionsBuilder;

/** The promise: the layout of the cluster changes no bit. */
class SameBitsTest {
  private static final List<LayerSpec> LAYERS = LayerSpec.parseList("12 relu, 7 tanh, 3 softmax");

  /** Everything that a step may need of all parameters, and rates that change. */
  private static final OptimizerSettings EVERYTHING =
      OptimizerSettings.of(
          UpdateRule.of("lamb"),
          0.02,
          Map.of(),
          new LearningRateSchedule(RateCurve.parse("one-cycle"), ScheduleUnit.ROUND, 3),
          new Regularization(1e-5, 1e-4, 0.01, 3, 0.5, 0.3));

  /** The ways to train, with shards of several partitions and short last batches and rounds. */
  enum Way {
    GRADIENT_AVERAGING(50, 7, 1, 1),
    LOCAL_STEPS(5, 2, 3, 16),
    FULL_BATCH(TrainingOptions.ALL_ROWS, 7, 1, 1);

    private final long batchSize;
    private final int sliceSize;
    private final long localSteps;
    private final int workers;

    Way(long batchSize, int sliceSize, long localSteps, int workers) {
      this.batchSize = batchSize;
      this.sliceSize = sliceSize;
      this.localSteps = localSteps;
      this.workers = workers;
    }

    TrainingOptions options(int partitions) {
      return choices(partitions).build();
    }

    TrainingOptionsBuilder choices(int partitions) {
      return TrainingOptions.of(LAYERS)
          .epochs(3)
          .batchSize(batchSize)
          .sliceSize(sliceSize)
          .localSteps(new LocalSteps(localSteps))
          .workers(workers)
          .shards(37)
          .partitions(partitions)
          .validation(0.2)
          .optimizer(optimizer());
    }

    OptimizerSettings optimizer() {
      return this == FULL_BATCH
          ? OptimizerSettings.of(
              UpdateRule.of("lbfgs"), 1, Map.of("sample-doublings", 1.0, "sample-iterations", 2.0))
          : EVERYTHING;
    }
  }

  private static final Map<Way, Training.Result> EXPECTED = new EnumMap<>(Way.class);

  /** On one partition of the shared session. */
  private static Training.Result expected(Way way) {
    Training.Result found = EXPECTED.get(way);
    if (found == null) {
      found = train(way, spiral(TestSpark.session()), 1);
      EXPECTED.put(way, found);
    }
    return found;
  }

  @AfterEach
  void shareTheSessionAgain() {
    TestSpark.shareAgain();
  }

  private static Dataset<Row> spiral(SparkSession spark) {
    return RowSource.of("spiral(100)").rows(spark, Part.parse("train"));
  }

  private static Training.Result train(Way way, Dataset<Row> rows, int partitions) {
    return train(way, rows, partitions, new TrainingListener() {});
  }

  private static Training.Result train(
      Way way, Dataset<Row> rows, int partitions, TrainingListener listener) {
    return new Training(rows.sparkSession(), way.options(partitions), listener).run(rows, "spiral");
  }

  private static void assertSameBits(Training.Result expected, Training.Result found) {
    assertArrayEquals(bits(expected.model().parameters()), bits(found.model().parameters()));
    for (int epoch = 0; epoch < 3; epoch++) {
      assertEquals(expected.history().get(epoch).loss(), found.history().get(epoch).loss());
      assertEquals(
          expected.history().get(epoch).validationLoss(),
          found.history().get(epoch).validationLoss());
    }
  }

  private static int[] bits(float[] parameters) {
    int[] bits = new int[parameters.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(parameters[i]);
    }
    return bits;
  }

  @ParameterizedTest
  @CsvSource({
    "GRADIENT_AVERAGING, 2",
    "GRADIENT_AVERAGING, 5",
    "GRADIENT_AVERAGING, 16",
    "GRADIENT_AVERAGING, 200",
    "LOCAL_STEPS, 2",
    "LOCAL_STEPS, 5",
    "LOCAL_STEPS, 16",
    "LOCAL_STEPS, 200",
    "FULL_BATCH, 2",
    "FULL_BATCH, 5"
  })
  void trainedParametersAreTheSameForAnyPartitions(Way way, int partitions) {
    Dataset<Row> rows = spiral(TestSpark.session()).repartition(5);

    assertSameBits(expected(way), train(way, rows, partitions));
  }

  @ParameterizedTest
  @ValueSource(strings = {"local[1]", "local[4]"})
  void trainedParametersAreTheSameForAnyCores(String master) {
    expectAllWays();
    SparkSession spark = TestSpark.restart(master);
    for (Way way : Way.values()) {
      for (int partitions : new int[] {1, 2, 16}) {
        assertSameBits(expected(way), train(way, spiral(spark), partitions));
      }
    }
  }

  /** Spark gives a task several cores, which are a team then. */
  @ParameterizedTest
  @CsvSource({"local[2], 2", "local[6], 3"})
  void trainedParametersAreTheSameForAnyCoresOfATask(String master, String cores) {
    expectAllWays();
    SparkSession spark = TestSpark.restart(master, Map.of("spark.task.cpus", cores));
    for (Way way : Way.values()) {
      assertSameBits(expected(way), train(way, spiral(spark), 2));
    }
  }

  @Test
  void trainedParametersAreTheSameWhenTasksFailAndAreRetried() {
    expectAllWays();
    SparkSession retrying = TestSpark.restart("local[2,4]"); // four attempts a task
    for (Way way : Way.values()) {
      int failedBefore = FailingRows.failures();
      Dataset<Row> failing = FailingRows.failFirstAttempts(retrying, spiral(retrying));

      assertSameBits(expected(way), train(way, failing, 2));
      assertTrue(FailingRows.failures() > failedBefore);
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void trainedParametersAreTheSameWhenShardsAreEvictedAndRebuilt(Way way) {
    TrainingListener evicting =
        new TrainingListener() {
          @Override
          public Verdict roundDone(RoundRecord round) {
            evictShards();
            return Verdict.CONTINUE;
          }
        };

    assertSameBits(expected(way), train(way, spiral(TestSpark.session()), 3, evicting));
  }

  /**
   * As on a cluster that loses the executors with the shards and their disks: the tasks of the next
   * round fail as they want to rebuild the shards, the rows are read again, which fails at first,
   * and then the round is run again.
   */
  @Test
  void trainedParametersAreTheSameWhenTasksOfARoundFail(@TempDir Path disk) {
    expectAllWays();
    SparkSession retrying =
        TestSpark.restart("local[2,4]", Map.of("spark.local.dir", disk.toString()));
    AtomicInteger failedTasks = new AtomicInteger();
    retrying
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onTaskEnd(SparkListenerTaskEnd end) {
                if (end.reason() instanceof FetchFailed) {
                  failedTasks.incrementAndGet();
                }
              }
            });
    for (Way way : Way.values()) {
      int rowsFailedBefore = FailingRows.failures();
      int tasksFailedBefore = failedTasks.get();
      Dataset<Row> failing = FailingRows.failFirstAttempts(retrying, spiral(retrying));
      TrainingListener losing =
          new TrainingListener() {
            private int lost;

            @Override
            public Verdict roundDone(RoundRecord round) {
              if (round.epoch() > lost) { // after the first round of each epoch
                lost = round.epoch();
                evictShards();
                deleteShuffleFiles(disk);
              }
              return Verdict.CONTINUE;
            }
          };

      assertSameBits(expected(way), train(way, failing, 2, losing));
      assertTrue(FailingRows.failures() >= rowsFailedBefore + 1 + 3, "when packed, and each time");
      Eventually.holds(() -> failedTasks.get() >= tasksFailedBefore + 3, "a failed task an epoch");
    }
  }

  private static void expectAllWays() {
    for (Way way : Way.values()) {
      expected(way);
    }
  }

  private static void evictShards() {
    TestSpark.context().getPersistentRDDs().values().forEach(rdd -> rdd.unpersist(true));
  }

  private static void deleteShuffleFiles(Path disk) {
    try (Stream<Path> files = Files.walk(disk)) {
      for (Path file : files.filter(f -> f.toFile().getName().startsWith("shuffle_")).toList()) {
        Files.delete(file);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** A network whose update is long enough to be shared, and many slices a task. */
  @ParameterizedTest
  @EnumSource(Way.class)
  void aTeamOfAnySizeGivesTheSameBits(Way way) {
    List<LayerSpec> layers = LayerSpec.parseList("120 relu, 140 tanh, 3 softmax");
    Network network = new Network(Topology.of(2, layers), Loss.SOFTMAX_CROSS_ENTROPY);
    TrainingOptions options =
        TrainingOptions.of(layers).optimizer(way.optimizer()).epochs(3).build();
    RowFormat format = new RowFormat("spiral", FeatureType.FLOAT, 2, LabelFormat.classes(3), false);
    Dataset<Row> rows = spiral(TestSpark.session());
    try (Shards shards =
        Shards.pack(rows, format, ShardPlan.all(37, 1), Layout.of(37, 37, 0, 2, null))) {
      List<Shard> local = shards.rdd().collect();
      int[] rowsOfShard = shards.rowsOfShard();
      Algorithm algorithm =
          switch (way) {
            case GRADIENT_AVERAGING ->
                new GradientAveraging(new BatchSchedule(rowsOfShard, 150, 2, 1));
            case LOCAL_STEPS -> new LocalSgd(rowsOfShard, 3, 4, 30, 4, 1, options.optimizer(), 3);
            case FULL_BATCH ->
                new FullBatch(rowsOfShard, 2, 1, network.topology(), way.optimizer());
          };
      List<int[]> found = new ArrayList<>();
      for (int threads = 1; threads <= 4; threads++) {
        TaskSetup setup =
            new TaskSetup(network, Preprocessing.raw(FeatureType.FLOAT), algorithm, 1, 7, threads);
        float[] parameters = options.initializer().parameters(network.topology(), 1);
        new Trainer(
                network,
                options,
                algorithm,
                new LocalRoundRunner(setup, local),
                null,
                new TrainingListener() {},
                Checkpointer.none(),
                parameters,
                null)
            .fit();
        found.add(bits(parameters));
      }
      assertArrayEquals(found.get(0), found.get(1));
      assertArrayEquals(found.get(0), found.get(2));
      assertArrayEquals(found.get(0), found.get(3));
    }
  }

  @Test
  void trainedParametersAreTheSameWhenShardsHaveNoRoomInMemory() {
    expectAllWays();
    SparkSession full = TestSpark.restartWithoutStorage("local[3]");
    for (Way way : Way.values()) {
      List<RunInfo> started = new ArrayList<>();
      TrainingListener listener =
          new TrainingListener() {
            @Override
            public void started(RunInfo facts) {
              started.add(facts);
            }
          };

      assertSameBits(expected(way), train(way, spiral(full), 2, listener));
      assertEquals(12, started.get(0).rowBytes(), "two floats and a label");
      assertEquals(12 * 300, started.get(0).bytes());
      assertTrue(started.get(0).bytesOnDisk() >= 12 * 300, "all are on disk");
    }
  }

  /** Against the driver's reduction, with more partitions than there are cores. */
  @ParameterizedTest
  @CsvSource({
    "GRADIENT_AVERAGING, 1",
    "GRADIENT_AVERAGING, 3",
    "GRADIENT_AVERAGING, 11",
    "LOCAL_STEPS, 5",
    "FULL_BATCH, 3"
  })
  void trainedParametersAreTheSameWhereverSumsMeet(Way way, int partitions) {
    TrainingOptions options =
        way.choices(partitions).with(Settings.REDUCTION, ReductionPlace.EXECUTORS).build();
    Dataset<Row> rows = spiral(TestSpark.session());

    assertSameBits(
        expected(way),
        new Training(rows.sparkSession(), options, new TrainingListener() {}).run(rows, "spiral"));
  }

  /** Against the naive way: one gradient over all rows of the batch at a time, on this thread. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void theGradientOfABatchIsThatOfItsRowsForAnyPartitions(int partitions) {
    Network network = new Network(Topology.of(2, LAYERS), Loss.SOFTMAX_CROSS_ENTROPY);
    Preprocessing preprocessing = Preprocessing.raw(FeatureType.FLOAT);
    RowFormat format = new RowFormat("spiral", FeatureType.FLOAT, 2, LabelFormat.classes(3), false);
    float[] parameters = Initializer.AUTO.parameters(network.topology(), 1);
    SparkSession spark = TestSpark.session();
    try (Shards shards =
        Shards.pack(
            spiral(spark), format, ShardPlan.all(5, 1), Layout.of(5, 5, 0, 1, partitions))) {
      List<Shard> local = new ArrayList<>(shards.rdd().collect());
      BatchSchedule schedule = new BatchSchedule(shards.rowsOfShard(), 50, 8, 1);
      GradientAveraging algorithm = new GradientAveraging(schedule);
      TaskSetup setup = new TaskSetup(network, preprocessing, algorithm, 1, 8, 1);
      TrainingState state =
          TrainingState.start(
              parameters,
              network.topology(),
              OptimizerSettings.of(UpdateRule.DEFAULT),
              new RunLength(algorithm.stepsPerEpoch(), 1));
      try (SparkRoundRunner onSpark =
          new SparkRoundRunner(
              TestSpark.context(), shards, setup, ReductionPlace.AUTO, new BlasOfRun())) {
        for (Round round : algorithm.rounds(1)) {
          Sums sums = sums(onSpark, state, round);

          double[] expected = new double[parameters.length];
          double loss = 0;
          Workspace workspace = new Workspace(network.topology(), 1);
          float[] gradient = new float[parameters.length];
          for (Slice slice : schedule.from(1, round.first()).next().slices()) {
            Shard shard =
                local.stream().filter(s -> s.number() == slice.shard()).findFirst().orElseThrow();
            for (int row = slice.from(); row < slice.to(); row++) {
              shard.decode(shard.epochOrder(1, 1), row, row + 1, preprocessing, workspace);
              loss += network.gradient(parameters, workspace, 1, gradient);
              for (int i = 0; i < expected.length; i++) {
                expected[i] += gradient[i];
              }
            }
          }
          assertEquals(loss, sums.loss(), 1e-5 * loss); // sums of floats of 50 rows
          assertTrue(sums.rows() <= 50);
          assertArrayEquals(
              sums(new LocalRoundRunner(setup, local), state, round).vectors()[0],
              sums.vectors()[0],
              0f);
          double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
          for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], sums.vectors()[0][i], 1e-5 * largest);
          }
        }
      }
    }
  }

  private static Sums sums(RoundRunner rounds, TrainingState state, Round round) {
    Completion completion = Completion.of(rounds.run(state, round).nodes());
    completion.addRange(0, 0, state.parameters().length);
    return completion.total();
  }
}
