package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Refusal;
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
import org.sparkprop.data.source.idx.IdxFiles;
import org.sparkprop.eval.ClassificationReport;
import org.sparkprop.eval.Evaluation;
import org.sparkprop.eval.EvaluationJob;
import org.sparkprop.eval.Evaluator;
import org.sparkprop.eval.Metric;
import org.sparkprop.model.BlasOfRun;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.LearningTask;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.UpdateRule;
import org.sparkprop.train.checkpoint.Checkpointer;
import org.sparkprop.train.options.Stopping;
import org.sparkprop.train.options.TrainingOptions;
import org.sparkprop.train.options.TrainingOptionsBuilder;

class TrainingTest {
  private final SparkSession spark = TestSpark.session();

  private Training.Result train(String data, TrainingOptions options) {
    return train(data, options, new TrainingListener() {});
  }

  private Training.Result train(String data, TrainingOptions options, TrainingListener listener) {
    return new Training(spark, options, listener)
        .run(RowSource.of(data).rows(spark, Part.parse("train")), "rows");
  }

  private static TrainingOptionsBuilder options(String layers) {
    return TrainingOptions.of(LayerSpec.parseList(layers)).shards(4).partitions(2);
  }

  private static OptimizerSettings adam(double rate) {
    return OptimizerSettings.of(UpdateRule.of("adam"), rate, java.util.Map.of());
  }

  /** The book reaches about 95 % of its training rows with this network in 10,000 epochs. */
  @Test
  void theSpiralIsSeparatedByOneHiddenLayer() {
    TrainingOptions options =
        options("64 relu, 3 softmax").optimizer(adam(0.03)).epochs(4000).batchSize(300).build();
    Network network = new Network(Topology.of(2, options.layers()), options.loss());
    Preprocessing preprocessing = Preprocessing.raw(FeatureType.FLOAT);
    float[] parameters = options.initializer().parameters(network.topology(), 1);
    try (Shards shards =
        Shards.pack(
            RowSource.of("spiral").rows(spark, Part.parse("train")),
            new RowFormat("spiral", FeatureType.FLOAT, 2, LabelFormat.classes(3), false),
            ShardPlan.all(1, 1),
            Layout.of(1, 1, 0, 1, 1))) {
      Algorithm algorithm =
          new GradientAveraging(new BatchSchedule(shards.rowsOfShard(), 300, 256, 1));
      TaskSetup setup = new TaskSetup(network, preprocessing, algorithm, 1, 256, 1);
      RoundRunner rounds = new LocalRoundRunner(setup, shards.rdd().collect());
      new Trainer(
              network,
              options,
              algorithm,
              rounds,
              null,
              new TrainingListener() {},
              Checkpointer.none(),
              parameters,
              null)
          .fit();
      Evaluation evaluation =
          new Evaluator(TestSpark.context(), network, preprocessing, false, new BlasOfRun())
              .evaluate(shards, parameters);

      double accuracy = evaluation.metrics().getOrDefault(Metric.ACCURACY, Double.NaN);
      assertTrue(accuracy > 0.95, "accuracy " + accuracy);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 7, 30, 31, 10_000})
  void everyRowIsUsedOnceAnEpochForAnyBatchSize(long batchSize) {
    List<EpochRecord> history =
        train("spiral(10)", options("4 tanh, 3 softmax").epochs(2).batchSize(batchSize).build())
            .history();

    long rounds = (30 + batchSize - 1) / batchSize;
    assertEquals(30, history.get(1).rows());
    assertEquals(2 * rounds, history.get(1).rounds());
  }

  @Test
  void oneRowIsEnough() {
    SparkSession spark = TestSpark.session();
    Dataset<Row> row = RowSource.of("spiral(8)").rows(spark, Part.parse("train[0:1]"));
    TrainingOptions options = options("4 tanh, 3 softmax").epochs(2).partitions(9).build();

    Training.Result trained =
        new Training(spark, options, new TrainingListener() {}).run(row, "spiral train[0:1]");

    assertEquals(1, trained.rows());
    assertEquals(1, trained.history().get(1).rows());
    assertTrue(trained.history().get(1).loss() < trained.history().get(0).loss());
  }

  @Test
  void oneRowOfEachClassIsEnough() {
    Training.Result trained =
        train("spiral(1)", options("3 softmax").epochs(1).partitions(9).build());

    assertEquals(3, trained.rows());
  }

  /** A full batch of plain gradient descent, so that the loss must fall in each epoch. */
  @Test
  void theLossFallsWithSmallSteps() {
    OptimizerSettings descent =
        OptimizerSettings.of(UpdateRule.of("sgd"), 0.1, java.util.Map.of("momentum", 0.0));
    for (String layers :
        List.of(
            "8 tanh, 3 softmax",
            "8 sigmoid, 3 sigmoid",
            "8 softplus, 3 tanh",
            "6 elu, 5 silu, 3 softmax")) {
      List<EpochRecord> history =
          train(
                  "spiral(30)",
                  options(layers)
                      .task(LearningTask.CLASSIFICATION)
                      .optimizer(descent)
                      .epochs(8)
                      .batchSize(90)
                      .build())
              .history();
      for (int epoch = 1; epoch < history.size(); epoch++) {
        assertTrue(history.get(epoch).loss() < history.get(epoch - 1).loss(), layers);
      }
    }
  }

  @Test
  void listenersSeeTheRun() {
    List<String> seen = new ArrayList<>();
    train(
        "spiral(10)",
        options("3 softmax").epochs(2).batchSize(15).validation(0.1).build(),
        new TrainingListener() {
          @Override
          public void started(RunInfo facts) {
            seen.add("started with " + (facts.rows() + facts.validationRows()));
          }

          @Override
          public Verdict roundDone(RoundRecord round) {
            seen.add("round of " + round.epoch());
            return Verdict.CONTINUE;
          }

          @Override
          public Verdict epochDone(EpochRecord epoch) {
            seen.add(
                "epoch " + epoch.epoch() + (epoch.validationLoss() == null ? "" : " validated"));
            return Verdict.CONTINUE;
          }
        });

    assertEquals(
        List.of(
            "started with 30",
            "round of 1",
            "round of 1",
            "epoch 1 validated",
            "round of 2",
            "round of 2",
            "epoch 2 validated"),
        seen);
  }

  @Test
  void divergenceIsNamedWithTheRoundAndTheRate() {
    OptimizerSettings wild = OptimizerSettings.of(UpdateRule.of("sgd"), 1e30, java.util.Map.of());

    String refused =
        Refusal.of(
            () ->
                train(
                    "spiral(10)",
                    options("8 relu, 3")
                        .task(LearningTask.CLASSIFICATION)
                        .optimizer(wild)
                        .batchSize(30)
                        .build()));

    assertTrue(
        refused.matches(
            "Training diverged in round [1-4]: (loss|a weight) is (NaN|-?Infinity); lower --learning-rate \\(now 1.0E30\\) or give --clip-norm"),
        refused);
  }

  @Test
  void areasAreMeasuredInEachEpochIfOneIsMonitored() {
    TrainingOptionsBuilder few = options("3 softmax").epochs(1).validation(0.3);
    Set<String> figures = train("spiral(30)", few.build()).history().get(0).validation().keySet();
    assertTrue(figures.contains("balanced_accuracy"), figures.toString());
    assertFalse(figures.contains("roc_auc"), figures.toString());

    few.stopping(new Stopping(Metric.ROC_AUC, null, 0, null, null));
    figures = train("spiral(30)", few.build()).history().get(0).validation().keySet();
    assertTrue(figures.containsAll(Set.of("roc_auc", "pr_auc")), figures.toString());
  }

  @Test
  void holdingOutAllOrNothingIsRefused() {
    assertEquals(
        "Cannot use rows: there are 3 rows to train on and 0 to validate (both must be > 0; see --validation)",
        Refusal.of(() -> train("spiral(1)", options("3 softmax").validation(0.01).build())));
  }

  @Test
  void aLabelAboveTheLastLayersWidthIsRefused() {
    assertEquals(
        "Cannot use rows: row 20 has label 2 (expected 0 to 1 for the last layer's width)",
        Refusal.of(() -> train("spiral(10)", options("2 softmax").build())));
  }

  @Test
  void oneOutputTellsTwoClassesApart(@TempDir Path folder) throws IOException {
    RowSource pixels = RowSource.of(IdxFiles.folder(folder, 100, 50, 2).toString());
    Training.Result trained =
        new Training(
                spark,
                options("6 tanh, 1 sigmoid").optimizer(adam(0.03)).epochs(30).batchSize(20).build(),
                new TrainingListener() {})
            .run(pixels.rows(spark, Part.parse("train")), "pixels");

    try (EvaluationJob test =
        EvaluationJob.open(
            spark,
            pixels.rows(spark, Part.parse("test")),
            new RowFormat("test", FeatureType.BYTE, 4, LabelFormat.classes(2), false))) {
      ClassificationReport report = (ClassificationReport) test.run(trained.model(), "m");
      assertEquals(List.of("0", "1"), report.labels());
      assertEquals(50, report.rows());
      assertEquals(1.0, report.accuracy());
    }
  }
}
