package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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
import org.sparkprop.model.EpochRecord;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.ReferenceNetwork;
import org.sparkprop.nn.Topology;
import org.sparkprop.nn.Workspace;
import org.sparkprop.optim.LearningRateSchedule;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.RateCurve;
import org.sparkprop.optim.Regularization;
import org.sparkprop.optim.ScheduleUnit;
import org.sparkprop.optim.UpdateRule;
import org.sparkprop.train.Batch.Slice;
import org.sparkprop.train.checkpoint.Checkpointer;
import org.sparkprop.train.options.TrainingOptions;

/** 120 rows in 7 shards, on this thread: what local steps compute, not where. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalSgdTest {
  private static final List<LayerSpec> LAYERS = LayerSpec.parseList("5 tanh, 3 softmax");
  private static final Network NETWORK =
      new Network(Topology.of(2, LAYERS), Loss.SOFTMAX_CROSS_ENTROPY);
  private static final Preprocessing PREPROCESSING = Preprocessing.raw(FeatureType.FLOAT);
  private static final int SEED = 1;

  private Shards packed;
  private List<Shard> shards;

  @BeforeAll
  void packRows() {
    packed =
        Shards.pack(
            RowSource.of("spiral(40)").rows(TestSpark.session(), Part.parse("train")),
            new RowFormat("spiral", FeatureType.FLOAT, 2, LabelFormat.classes(3), false),
            ShardPlan.all(7, SEED),
            Layout.of(7, 7, 0, 2, null));
    shards = new ArrayList<>(packed.rdd().collect());
  }

  @AfterAll
  void freeRows() {
    packed.close();
  }

  private static final class Trained {
    final float[] parameters;
    final List<EpochRecord> history;

    Trained(float[] parameters, List<EpochRecord> history) {
      this.parameters = parameters;
      this.history = history;
    }
  }

  private Trained train(Algorithm algorithm, OptimizerSettings optimizer, int epochs, int slice) {
    TrainingOptions options =
        TrainingOptions.of(LAYERS).optimizer(optimizer).epochs(epochs).build();
    TaskSetup setup = new TaskSetup(NETWORK, PREPROCESSING, algorithm, SEED, slice, 2);
    float[] parameters = options.initializer().parameters(NETWORK.topology(), SEED);
    RoundRunner rounds = new LocalRoundRunner(setup, shards);
    List<EpochRecord> history =
        new Trainer(
                NETWORK,
                options,
                algorithm,
                rounds,
                null,
                new TrainingListener() {},
                Checkpointer.none(),
                parameters,
                null)
            .fit()
            .history();
    return new Trained(parameters, history);
  }

  private LocalSgd localSteps(
      int workers, long steps, long batchSize, int slice, OptimizerSettings optimizer, int epochs) {
    return new LocalSgd(
        packed.rowsOfShard(), workers, steps, batchSize, slice, SEED, optimizer, epochs);
  }

  private static OptimizerSettings sgd(double momentum, boolean nesterov) {
    return OptimizerSettings.of(
        UpdateRule.of("sgd"), 0.05, Map.of("momentum", momentum, "nesterov", nesterov ? 1.0 : 0.0));
  }

  private static OptimizerSettings optimizer(String name) {
    return switch (name) {
      case "descent" -> sgd(0, false);
      case "momentum" -> sgd(0.9, false);
      case "nesterov" -> sgd(0.9, true);
      case "plateau" -> // a rate at which the loss goes up and down
          sgd(0.9, false).withLearningRate(3).withSchedule(schedule("plateau(0.5, 1)", 3));
      case "everything" ->
          OptimizerSettings.of(
              UpdateRule.of("lamb"),
              0.05,
              Map.of(),
              schedule("one-cycle", 3),
              new Regularization(1e-4, 1e-3, 0.01, 1.5, 0.2, 0.4));
      default -> OptimizerSettings.of(UpdateRule.of(name), 0.02, Map.of());
    };
  }

  private static LearningRateSchedule schedule(String curve, int warmup) {
    return new LearningRateSchedule(RateCurve.parse(curve), ScheduleUnit.ROUND, warmup);
  }

  private static int[] bits(float[] parameters) {
    int[] bits = new int[parameters.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(parameters[i]);
    }
    return bits;
  }

  /** Batches of 23 rows: the last of an epoch has 5; 6 steps an epoch, which 5 does not divide. */
  @ParameterizedTest
  @CsvSource({
    "descent, 2",
    "descent, 5",
    "descent, 9223372036854775807",
    "momentum, 2",
    "momentum, 5",
    "momentum, 9223372036854775807",
    "nesterov, 5",
    "adam, 1",
    "adam, 2",
    "adam, 5",
    "adam, 6",
    "adam, 9223372036854775807",
    "plateau, 1",
    "plateau, 5",
    "plateau, 9223372036854775807",
    "everything, 1",
    "everything, 5",
    "everything, 6",
    "everything, 9223372036854775807"
  })
  void oneWorkerTakesTheStepsOfGradientAveragingToTheLastBit(String rule, long steps) {
    OptimizerSettings optimizer = optimizer(rule);
    BatchSchedule schedule = new BatchSchedule(packed.rowsOfShard(), 23, 4, SEED);
    Trained expected = train(new GradientAveraging(schedule), optimizer, 4, 4);

    Trained found = train(localSteps(1, steps, 23, 4, optimizer, 4), optimizer, 4, 4);

    assertArrayEquals(bits(expected.parameters), bits(found.parameters));
    for (int epoch = 0; epoch < 4; epoch++) {
      // The sums of losses are doubles, which an epoch adds round by round.
      double loss = expected.history.get(epoch).loss();
      assertEquals(loss, found.history.get(epoch).loss(), 1e-12 * loss);
      assertEquals(120, found.history.get(epoch).rows());
      assertEquals(
          expected.history.get(epoch).learningRate(), found.history.get(epoch).learningRate());
      long rounds = (epoch + 1) * (steps > 6 ? 1 : (6 + steps - 1) / steps);
      assertEquals(rounds, found.history.get(epoch).rounds());
    }
  }

  /** So that the test above would see a rate that stays, on the driver or in a worker. */
  @ParameterizedTest
  @ValueSource(strings = {"plateau", "everything"})
  void theRatesOfThisTestChangeAsItSays(String name) {
    BatchSchedule schedule = new BatchSchedule(packed.rowsOfShard(), 23, 4, SEED);
    Trained trained = train(new GradientAveraging(schedule), optimizer(name), 4, 4);

    double last = trained.history.get(3).learningRate();
    assertTrue(trained.history.get(0).learningRate() != last, name);
    assertTrue(trained.history.get(2).learningRate() != last, name);
  }

  /** The shards of three workers, by hand: shard s belongs to worker ⌊3s / 7⌋. */
  private static final List<List<Integer>> THREE_WORKERS =
      List.of(List.of(0, 1, 2), List.of(3, 4), List.of(5, 6));

  /**
   * Against plain doubles: workers start alike and go their own way, then the mean of parameters
   * and moments by the rows of each. Batches of 6 rows and 4 steps a round: the largest worker has
   * rows for further rounds when others have none left.
   */
  @ParameterizedTest
  @CsvSource({"descent, 4", "momentum, 4", "adam, 4", "adam, 1", "momentum, 100", "adam, 7"})
  void workersGoTheirOwnWayAndMeetAtTheMeanByRows(String rule, long steps) {
    OptimizerSettings optimizer = optimizer(rule);
    int epochs = 3;

    Trained found = train(localSteps(3, steps, 6, 2, optimizer, epochs), optimizer, epochs, 2);

    Reference mean = new Reference(rule, new double[3][found.parameters.length], 0);
    float[] first =
        TrainingOptions.of(LAYERS).build().initializer().parameters(NETWORK.topology(), SEED);
    for (int i = 0; i < first.length; i++) {
      mean.parameters()[i] = first[i];
    }
    for (int epoch = 1; epoch <= epochs; epoch++) {
      List<List<Batch>> batches = List.of(batches(0, epoch), batches(1, epoch), batches(2, epoch));
      int longest = batches.stream().mapToInt(List::size).max().orElseThrow();
      double loss = 0;
      int at = 0;
      while (at < longest) {
        int to = (int) Math.min(longest, at + steps);
        List<Reference> workers = List.of(mean.copy(), mean.copy(), mean.copy());
        for (int step = at; step < to; step++) {
          for (int worker = 0; worker < 3; worker++) {
            if (step < batches.get(worker).size()) {
              loss += workers.get(worker).step(batches.get(worker).get(step), epoch);
            }
          }
        }
        mean.meetAt(workers, mean.steps + to - at);
        at = to;
      }
      assertEquals(loss / 120, found.history.get(epoch - 1).loss(), 1e-4 * loss / 120);
    }
    double largest = Arrays.stream(mean.parameters()).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < first.length; i++) {
      // Some thirty steps of floats, which Adam divides by small roots.
      assertEquals(mean.parameters()[i], found.parameters[i], 1e-4 * largest, "parameter " + i);
    }
  }

  private List<Batch> batches(int worker, int epoch) {
    List<Batch> batches = new ArrayList<>();
    new BatchSchedule(packed.rowsOfShard(), worker, 3, 6, 2, SEED)
        .from(epoch, 0)
        .forEachRemaining(batches::add);
    int rows = 0;
    for (Batch batch : batches) {
      for (Slice slice : batch.slices()) {
        rows += slice.rows();
        assertTrue(THREE_WORKERS.get(worker).contains(slice.shard()), slice.toString());
      }
    }
    int ofShards = 0;
    for (int shard : THREE_WORKERS.get(worker)) {
      ofShards += packed.rowsOfShard()[shard];
    }
    assertEquals(ofShards, rows);
    return batches;
  }

  @Test
  void theWorkersOfThisTestDifferAsItSays() {
    int[] steps = new int[3];
    for (int worker = 0; worker < 3; worker++) {
      steps[worker] = batches(worker, 1).size();
    }
    Arrays.sort(steps);
    assertTrue(steps[0] <= 8 && steps[2] > 8, Arrays.toString(steps));
  }

  /** Parameters and moments in doubles: of a worker, or the mean of some. */
  private final class Reference {
    private final String rule;

    /** Parameters, then the velocity or Adam's two moments. */
    private final double[][] vectors;

    private long steps;
    private long rows;

    Reference(String rule, double[][] vectors, long steps) {
      this.rule = rule;
      this.vectors = vectors;
      this.steps = steps;
    }

    double[] parameters() {
      return vectors[0];
    }

    Reference copy() {
      double[][] copies = Arrays.stream(vectors).map(double[]::clone).toArray(double[][]::new);
      return new Reference(rule, copies, steps);
    }

    /** One step down the mean gradient of a batch; returns the sum of its losses. */
    double step(Batch batch, int epoch) {
      double[] features = new double[2 * 6];
      int[] labels = new int[6];
      int count = 0;
      Workspace one = new Workspace(NETWORK.topology(), 1);
      for (Slice slice : batch.slices()) {
        Shard shard =
            shards.stream().filter(s -> s.number() == slice.shard()).findFirst().orElseThrow();
        for (int row = slice.from(); row < slice.to(); row++) {
          shard.decode(shard.epochOrder(SEED, epoch), row, row + 1, PREPROCESSING, one);
          features[2 * count] = one.features()[0];
          features[2 * count + 1] = one.features()[1];
          labels[count++] = one.labels()[0];
        }
      }
      ReferenceNetwork network = new ReferenceNetwork(2, LAYERS, Loss.SOFTMAX_CROSS_ENTROPY);
      double loss = network.loss(parameters(), features, labels, count);
      double[] gradient = network.gradient(parameters(), features, labels, count);
      steps++;
      rows += count;
      for (int i = 0; i < gradient.length; i++) {
        update(i, gradient[i] / count);
      }
      return loss;
    }

    private void update(int i, double g) {
      switch (rule) {
        case "descent" -> vectors[0][i] -= 0.05 * g;
        case "momentum" -> {
          vectors[1][i] = 0.9 * vectors[1][i] + g;
          vectors[0][i] -= 0.05 * vectors[1][i];
        }
        default -> {
          vectors[1][i] = 0.9 * vectors[1][i] + 0.1 * g;
          vectors[2][i] = 0.999 * vectors[2][i] + 0.001 * g * g;
          double mean = vectors[1][i] / (1 - Math.pow(0.9, (double) steps));
          double square = vectors[2][i] / (1 - Math.pow(0.999, (double) steps));
          vectors[0][i] -= 0.02 * mean / (Math.sqrt(square) + 1e-8);
        }
      }
    }

    /** Overwrites this with the mean of what workers reached, by the rows that each has used. */
    void meetAt(List<Reference> workers, long steps) {
      double all = workers.stream().mapToLong(worker -> worker.rows).sum();
      for (int v = 0; v < vectors.length; v++) {
        for (int i = 0; i < vectors[v].length; i++) {
          double mean = 0;
          for (Reference worker : workers) {
            mean += (double) worker.rows / all * worker.vectors[v][i];
          }
          vectors[v][i] = mean;
        }
      }
      this.steps = steps;
    }
  }
}
