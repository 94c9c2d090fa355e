package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Refusal;
import org.sparkprop.TestSpark;
import org.sparkprop.data.HoldOut;
import org.sparkprop.data.LabelFormat;
import org.sparkprop.data.Layout;
import org.sparkprop.data.Preprocessing.FeatureType;
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.ShardPlan;
import org.sparkprop.data.Shards;
import org.sparkprop.data.source.Part;
import org.sparkprop.data.source.RowSource;
import org.sparkprop.eval.Evaluator;
import org.sparkprop.eval.Metric;
import org.sparkprop.model.BlasOfRun;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.model.Model;
import org.sparkprop.nn.Initializer;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.LearningTask;
import org.sparkprop.nn.Loss;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.Regularization;
import org.sparkprop.optim.UpdateRule;
import org.sparkprop.train.options.Settings;
import org.sparkprop.train.options.Stopping;
import org.sparkprop.train.options.TrainingOptions;
import org.sparkprop.train.options.TrainingOptionsBuilder;

/** Training with L-BFGS; {@link SameBitsTest} has its bits. */
class FullBatchTest {
  private static final int ROWS = 300;

  private final SparkSession spark = TestSpark.session();
  private final Dataset<Row> rows = RowSource.of("spiral(100)").rows(spark, Part.parse("train"));
  private final List<RoundRecord> rounds = new ArrayList<>();

  private static OptimizerSettings lbfgs(double rate, Map<String, Double> given) {
    return OptimizerSettings.of(UpdateRule.of("lbfgs"), rate, given);
  }

  private static OptimizerSettings lbfgs(double l2) {
    return penalised(l2, Map.of());
  }

  private static OptimizerSettings penalised(double l2, Map<String, Double> given) {
    return lbfgs(1, given)
        .withRegularization(
            new Regularization(
                0,
                l2,
                0,
                Regularization.UNBOUNDED,
                Regularization.UNBOUNDED,
                Regularization.UNBOUNDED));
  }

  private Training.Result train(String layers, OptimizerSettings settings, int epochs) {
    return train(TrainingOptions.of(LayerSpec.parseList(layers)), settings, epochs);
  }

  private Training.Result train(
      TrainingOptionsBuilder options, OptimizerSettings settings, int epochs) {
    return train(rows, options, settings, epochs);
  }

  private Training.Result train(
      Dataset<Row> rows, TrainingOptionsBuilder options, OptimizerSettings settings, int epochs) {
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public Verdict roundDone(RoundRecord round) {
            rounds.add(round);
            return Verdict.CONTINUE;
          }
        };
    return new Training(
            spark,
            options.optimizer(settings).epochs(epochs).shards(2).partitions(1).build(),
            listener)
        .run(rows, "spiral");
  }

  private double meanLoss(Model model) {
    RowFormat format = new RowFormat("spiral", FeatureType.FLOAT, 2, LabelFormat.classes(3), false);
    try (Shards shards = Shards.pack(rows, format, ShardPlan.all(1, 1), Layout.of(1, 1, 0, 1, 1))) {
      return new Evaluator(
              TestSpark.context(), model.network(), model.preprocessing(), false, new BlasOfRun())
          .evaluate(shards, model.parameters())
          .loss();
    }
  }

  /** The loss of weights that know nothing is log 3. */
  @Test
  void theSpiralIsLearntInAHundredIterations() {
    List<EpochRecord> history = train("64 relu, 32 relu, 3 softmax", lbfgs(0), 100).history();

    assertTrue(history.get(0).loss() > 0.7 && history.get(0).loss() < 1.3);
    assertTrue(history.get(history.size() - 1).loss() < 0.2 * history.get(0).loss());
    for (int epoch = 1; epoch < history.size(); epoch++) {
      assertTrue(history.get(epoch).loss() < history.get(epoch - 1).loss(), "epoch " + epoch);
    }
  }

  @Test
  void historyCountsEveryEvaluationAsARoundOverAllRows() {
    List<EpochRecord> history = train("16 tanh, 3 softmax", lbfgs(100, Map.of()), 10).history();

    long before = 0;
    for (EpochRecord epoch : history) {
      long made = rounds.stream().filter(round -> round.epoch() == epoch.epoch()).count();
      assertEquals(made, epoch.rounds() - before);
      assertEquals(made * ROWS, epoch.rows());
      before = epoch.rounds();
    }
    assertEquals(rounds.size(), before);
    assertTrue(rounds.size() > 20, "a rate of 100 is too long a first trial");
  }

  private static Map<String, Double> growing(double doublings, double iterations) {
    return Map.of("sample-doublings", doublings, "sample-iterations", iterations);
  }

  @Test
  void aGrowingSampleIsAnEighthOfTheRowsAndDoublesAfterTwoIterations() {
    List<EpochRecord> history = train("16 tanh, 3 softmax", lbfgs(1, growing(3, 2)), 9).history();

    for (EpochRecord epoch : history) {
      int sample = List.of(37, 75, 150, ROWS, ROWS).get((epoch.epoch() - 1) / 2);
      long made = rounds.stream().filter(round -> round.epoch() == epoch.epoch()).count();
      assertEquals(made * sample, epoch.rows(), "epoch " + epoch.epoch());
      // The first place of a new sample is where the last iteration has led.
      assertTrue(made >= (epoch.epoch() <= 7 && epoch.epoch() % 2 == 1 ? 2 : 1));
    }
  }

  @Test
  void aGrowingSampleEndsWhereAllRowsHaveTheirMinimum() {
    double minimum = penalised(train("3 softmax", lbfgs(0.1), 1000).model());
    Training.Result trained = train("3 softmax", penalised(0.1, growing(2, 5)), 1000);

    assertEquals("loss or parameters have changed by no more than --tolerance", trained.ending());
    assertEquals(minimum, penalised(trained.model()), 1e-6 * minimum);
  }

  /** It has nothing more to learn from half of the rows long before the others come. */
  @Test
  void aSampleThatIsLearntDoesNotEndTheRun() {
    double minimum = penalised(train("3 softmax", lbfgs(0.1), 1000).model());
    Training.Result trained = train("3 softmax", penalised(0.1, growing(1, 40)), 1000);

    assertTrue(trained.history().size() > 40, trained.history().size() + " epochs");
    assertEquals(minimum, penalised(trained.model()), 1e-6 * minimum);
  }

  @Test
  void aSampleWithoutWeightIsRefused() {
    Dataset<Row> oneCounts = rows.withColumn("weight", functions.expr("if(row = 0, 1.0D, 0.0D)"));
    TrainingOptionsBuilder options = TrainingOptions.of(LayerSpec.parseList("3 softmax"));

    assertEquals(
        "Cannot train: the first 4 rows have no weight (some must; see --weight, --class-weights and --sample-doublings)",
        Refusal.of(() -> train(oneCounts, options, lbfgs(1, growing(6, 1)), 7)));
    assertEquals(3, train(oneCounts, options, lbfgs(0), 3).history().size());
  }

  @Test
  void rowsThatALaterSampleCannotTakeLeaveTheLastGoodModel() {
    Dataset<Row> oneIsHuge =
        rows.withColumn("features", functions.expr("if(row = 0, array(3e38F, 3e38F), features)"));
    TrainingOptionsBuilder options =
        TrainingOptions.of(LayerSpec.parseList("9 leaky-relu, ".repeat(3) + "3 softmax"));

    DivergedException diverged =
        assertThrows(
            DivergedException.class, () -> train(oneIsHuge, options, lbfgs(1, growing(5, 2)), 30));

    String message = String.valueOf(diverged.getMessage());
    assertTrue(
        message.endsWith("; look for rows with huge features, or give --feature-units standard"),
        message);
    Training.Result lastGood = Objects.requireNonNull(diverged.lastGood());
    assertTrue(lastGood.epoch() >= 2 && lastGood.epoch() <= 10, "epoch " + lastGood.epoch());
    assertTrue(Double.isFinite(lastGood.history().get(lastGood.epoch() - 1).loss()));
  }

  @Test
  void aRunThatWouldNotSeeAllRowsIsRefused() {
    TrainingOptionsBuilder options = TrainingOptions.of(LayerSpec.parseList("3 softmax"));

    assertEquals(
        "Invalid sample-doublings: 3 with --sample-iterations 10 and --epochs 30"
            + " (needs more than 30 epochs to see all rows)",
        Refusal.of(() -> train(options, lbfgs(1, growing(3, 10)), 30)));
    assertEquals(31, train(options, penalised(0, growing(3, 10)), 31).history().size());
  }

  @Test
  void patienceDoesNotGoWithTheLossOfASample() {
    TrainingOptionsBuilder options =
        TrainingOptions.of(LayerSpec.parseList("3 softmax"))
            .stopping(new Stopping(Metric.LOSS, 2, 0, null, null));

    assertEquals(
        "Invalid patience: 2 with --sample-doublings 1 and without --validation (give it, too:"
            + " training losses are of more and more rows)",
        Refusal.of(() -> train(options, lbfgs(1, growing(1, 2)), 3)));
    assertEquals(3, train(options.validation(0.2), lbfgs(1, growing(1, 2)), 3).history().size());
    options.validation(HoldOut.NONE);
    assertEquals(3, train(options, lbfgs(0), 3).history().size());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1})
  void theLossOfAnEpochIsThatOfItsModelWithoutThePenalty(double l2) {
    Training.Result trained = train("16 tanh, 3 softmax", lbfgs(l2), 8);

    double expected = meanLoss(trained.model());
    assertEquals(expected, trained.history().get(7).loss(), 1e-6 * expected); // sums of floats
  }

  @Test
  void l2HoldsTheWeightsSmall() {
    Model free = train("3 softmax", lbfgs(0), 30).model();
    Model held = train("3 softmax", lbfgs(10), 30).model();

    assertTrue(squareOfWeights(held.parameters()) < 0.01 * squareOfWeights(free.parameters()));
  }

  /** Of a layer with two features and three units, whose biases come last. */
  private static double squareOfWeights(float[] parameters) {
    double square = 0;
    for (int i = 0; i < 6; i++) {
      square += (double) parameters[i] * parameters[i];
    }
    return square;
  }

  /** One layer is convex: where no neighbour is lower is the minimum. */
  @Test
  void aConvergedRunEndsEarlyAtTheMinimumAndSaysSo() {
    Training.Result trained = train("3 softmax", lbfgs(0.1), 1000);

    int epochs = trained.history().size();
    assertTrue(epochs > 2 && epochs < 100, epochs + " epochs");
    assertEquals("loss or parameters have changed by no more than --tolerance", trained.ending());
    Model model = trained.model();
    double minimum = penalised(model);
    for (int i = 0; i < model.parameters().length; i++) {
      for (float change : new float[] {-0.01f, 0.01f}) {
        float[] neighbour = model.parameters().clone();
        neighbour[i] += change;
        Model other = new Model(model.network(), model.preprocessing(), model.labels(), neighbour);
        assertTrue(penalised(other) > minimum, "parameter " + i);
      }
    }
  }

  private double penalised(Model model) {
    return meanLoss(model) + 0.1 / 2 * squareOfWeights(model.parameters());
  }

  @Test
  void aRunThatHasNotConvergedSaysNothing() {
    Training.Result trained = train("16 tanh, 3 softmax", lbfgs(0), 3);
    assertEquals(3, trained.history().size());
    assertEquals("all epochs completed", trained.ending());
  }

  @Test
  void theToleranceEndsARun() {
    Training.Result trained = train("16 tanh, 3 softmax", lbfgs(1, Map.of("tolerance", 0.9)), 100);

    assertEquals(1, trained.epoch());
    assertEquals("no element of the gradient is larger than --tolerance", trained.ending());
  }

  @Test
  void historyRateScalesAndSampleAreHeeded() {
    float[] standard = train("16 tanh, 3 softmax", lbfgs(0), 6).model().parameters();
    float[] shorter =
        train("16 tanh, 3 softmax", lbfgs(1, Map.of("history", 1.0)), 6).model().parameters();
    float[] slower = train("16 tanh, 3 softmax", lbfgs(0.5, Map.of()), 6).model().parameters();
    float[] layerwise =
        train("16 tanh, 3 softmax", lbfgs(1, Map.of("layerwise", 1.0)), 6).model().parameters();
    float[] growing = train("16 tanh, 3 softmax", lbfgs(1, growing(1, 3)), 6).model().parameters();
    float[] later = train("16 tanh, 3 softmax", lbfgs(1, growing(1, 4)), 6).model().parameters();

    assertFalse(Arrays.equals(standard, shorter));
    assertFalse(Arrays.equals(standard, slower));
    assertFalse(Arrays.equals(standard, layerwise));
    assertFalse(Arrays.equals(standard, growing));
    assertFalse(Arrays.equals(growing, later));
  }

  /** The first trial leaves the floats; a line search goes back. */
  @Test
  void aTrialThatIsFarTooLongDoesNotEndTheRun() {
    List<EpochRecord> history =
        train("9 leaky-relu, ".repeat(8) + "3 softmax", lbfgs(1e7, Map.of()), 3).history();

    assertTrue(rounds.stream().anyMatch(round -> !Double.isFinite(round.loss())));
    assertTrue(history.get(2).loss() < rounds.get(0).loss());
  }

  @Test
  void firstWeightsWithoutALossAreRefused() {
    TrainingOptionsBuilder options =
        TrainingOptions.of(LayerSpec.parseList("9 relu, ".repeat(7) + "3"))
            .task(LearningTask.CLASSIFICATION)
            .loss(Loss.SQUARED_ERROR)
            .with(Settings.INIT, Initializer.parse("uniform(1000000)"));

    assertEquals(
        "Cannot train: the loss of the first weights, or its gradient, is NaN (must be finite; give another --init, or look for rows with huge features)",
        Refusal.of(() -> train(options, lbfgs(0), 3)).replace("Infinity", "NaN"));
  }
}
