package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.TestSpark;
import org.sparkprop.data.Layout;
import org.sparkprop.data.Part;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.Preprocessing.FeatureType;
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.RowSource;
import org.sparkprop.data.Shard;
import org.sparkprop.data.ShardPlan;
import org.sparkprop.data.Shards;
import org.sparkprop.nn.Initializer;
import org.sparkprop.nn.LayerSize;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;
import org.sparkprop.nn.Workspace;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.UpdateRule;
import org.sparkprop.train.Batch.Slice;
import org.sparkprop.train.ReductionTree.Completion;

/** The promise: the layout of the cluster changes no bit. */
class SameBitsTest {
  private static final List<LayerSize> LAYERS = LayerSize.parseList("12 relu, 7 tanh, 3 softmax");

  @AfterEach
  void shareTheSessionAgain() {
    if (!TestSpark.session().sparkContext().master().equals("local[2]")) {
      TestSpark.restart("local[2]");
    }
  }

  private static Dataset<Row> spiral(SparkSession spark) {
    return RowSource.of("spiral(40)").rows(spark, Part.parse("train"));
  }

  private static TrainingOptions options(int partitions) {
    return TrainingOptions.of(LAYERS)
        .epochs(3)
        .batchSize(50)
        .sliceSize(7)
        .shards(11)
        .partitions(partitions)
        .validation(0.2)
        .build();
  }

  private static Training.Result train(SparkSession spark, Dataset<Row> rows, int partitions) {
    return new Training(spark, options(partitions), new TrainingListener() {}).run(rows, "spiral");
  }

  private static void assertSameBits(Training.Result expected, Training.Result found) {
    assertArrayEquals(expected.model().parameters(), found.model().parameters(), 0f);
    for (int epoch = 0; epoch < 3; epoch++) {
      assertEquals(expected.history().get(epoch).loss(), found.history().get(epoch).loss());
      assertEquals(
          expected.history().get(epoch).validationLoss(),
          found.history().get(epoch).validationLoss());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7, 200})
  void trainedParametersAreTheSameForAnyPartitions(int partitions) {
    SparkSession spark = TestSpark.session();

    assertSameBits(
        train(spark, spiral(spark), 1), train(spark, spiral(spark).repartition(5), partitions));
  }

  @Test
  void trainedParametersAreTheSameForAnyCores() {
    SparkSession two = TestSpark.session();
    Training.Result expected = train(two, spiral(two), 2);
    SparkSession one = TestSpark.restart("local[1]");

    assertSameBits(expected, train(one, spiral(one), 2));
  }

  @Test
  void trainedParametersAreTheSameWhenTasksFailAndAreRetried() {
    SparkSession spark = TestSpark.session();
    Training.Result expected = train(spark, spiral(spark), 2);
    SparkSession retrying = TestSpark.restart("local[2,4]"); // four attempts a task
    Dataset<Row> failing = FailingRows.failFirstAttempts(retrying, spiral(retrying));

    assertSameBits(expected, train(retrying, failing, 2));
  }

  @Test
  void trainedParametersAreTheSameWhenShardsAreEvictedAndRebuilt() {
    SparkSession spark = TestSpark.session();
    Training.Result expected = train(spark, spiral(spark), 3);
    TrainingListener evicting =
        new TrainingListener() {
          @Override
          public void roundDone(RoundRecord round) {
            TestSpark.context().getPersistentRDDs().values().forEach(rdd -> rdd.unpersist(true));
          }
        };

    assertSameBits(
        expected, new Training(spark, options(3), evicting).run(spiral(spark), "spiral"));
  }

  @Test
  void trainedParametersAreTheSameWhenShardsHaveNoRoomInMemory() {
    SparkSession spark = TestSpark.session();
    Training.Result expected = train(spark, spiral(spark), 2);
    SparkSession full = TestSpark.restartWithoutStorage("local[3]");
    List<TrainingFacts> started = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void started(TrainingFacts facts) {
            started.add(facts);
          }
        };

    assertSameBits(expected, new Training(full, options(2), listener).run(spiral(full), "spiral"));
    assertEquals(12, started.get(0).rowBytes(), "two floats and a label");
    assertEquals(12 * 120, started.get(0).bytes());
    assertTrue(started.get(0).bytesOnDisk() >= 12 * 120, "all are on disk");
  }

  /** Against the driver's reduction, with more partitions than there are cores. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 11})
  void trainedParametersAreTheSameWhereverSumsMeet(int partitions) {
    SparkSession spark = TestSpark.session();
    TrainingOptions.Builder options =
        TrainingOptions.of(LAYERS)
            .epochs(3)
            .batchSize(50)
            .sliceSize(7)
            .shards(11)
            .validation(0.2)
            .partitions(partitions)
            .reduction(Reduction.EXECUTORS);
    Training.Result reduced =
        new Training(spark, options.build(), new TrainingListener() {})
            .run(spiral(spark), "spiral");

    assertSameBits(train(spark, spiral(spark), partitions), reduced);
  }

  /** Against the naive way: one gradient over all rows of the batch at a time, on this thread. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void theGradientOfABatchIsThatOfItsRowsForAnyPartitions(int partitions) {
    Network network = new Network(Topology.of(2, LAYERS), Loss.SOFTMAX_CROSS_ENTROPY);
    Preprocessing preprocessing = Preprocessing.standard(FeatureType.FLOAT);
    RowFormat format = new RowFormat("spiral", FeatureType.FLOAT, 2, 3);
    float[] parameters = Initializer.AUTO.parameters(network.topology(), 1);
    SparkSession spark = TestSpark.session();
    try (Shards shards =
        Shards.pack(
            spiral(spark), format, ShardPlan.all(5, 1), Layout.of(5, 5, 0, 1, partitions))) {
      List<Shard> local = new ArrayList<>(shards.rdd().collect());
      Schedule schedule = new Schedule(shards.rowsOfShard(), 50, 8, 1);
      Algorithm algorithm = new GradientAveraging(schedule);
      TaskSetup setup = new TaskSetup(network, preprocessing, algorithm, 1, 8, 1);
      TrainingState state =
          TrainingState.start(parameters, OptimizerSettings.of(UpdateRule.STANDARD));
      try (SparkRounds onSpark =
          new SparkRounds(TestSpark.context(), shards, setup, Reduction.AUTO)) {
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
              sums(new LocalRounds(setup, local), state, round).vectors()[0],
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

  private static Sums sums(Rounds rounds, TrainingState state, Round round) {
    Completion completion = ReductionTree.complete(rounds.run(state, round).nodes());
    completion.addRange(0, 0, state.parameters().length);
    return completion.total();
  }
}
