package org.sparkprop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparkprop.cli.CommandRun;
import org.sparkprop.eval.Metric;
import org.sparkprop.eval.RegressionReport;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.nn.Initializer;
import org.sparkprop.nn.LearningTask;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.blas.BlasChoice;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.ScheduleUnit;
import org.sparkprop.optim.UpdateRule;
import org.sparkprop.train.RoundRecord;
import org.sparkprop.train.TrainingListener;
import org.sparkprop.train.Verdict;
import org.sparkprop.train.options.FeatureUnits;
import org.sparkprop.train.options.LocalSteps;
import org.sparkprop.train.options.TargetUnits;

/** Training out of an application. */
class NeuralNetworkTest {
  @TempDir Path scratch;

  @AfterEach
  void shareTheSessionAgain() {
    TestSpark.shareAgain();
  }

  /** Three classes in the plane, 300 rows. */
  private static Dataset<Row> points() {
    return TestSpark.session()
        .range(0, 300, 1, 3)
        .selectExpr("id as row", "id % 17 / 8.0 - 1 as x", "id % 23 / 11.0 - 1 as y")
        .selectExpr("*", "int(x > 0) + int(x > 0 and y > 0) as label")
        .selectExpr("*", "row % 4 = 0 as held", "row % 3 + 0.5 as importance");
  }

  /** y = 1000 + 200 a − 100 b. */
  private static Dataset<Row> line() {
    return TestSpark.session()
        .range(0, 200, 1, 2)
        .selectExpr("id as row", "id % 7 - 3 as a", "id % 5 - 2 as b")
        .selectExpr("*", "1000 + 200 * a - 100 * b as y");
  }

  private static NeuralNetwork small() {
    return NeuralNetwork.layers("8 relu, 3 softmax").features("x", "y").epochs(3).batchSize(50);
  }

  @Test
  void aFitThatWasCutOffGoesOnToTheSameBits() {
    Path kept = scratch.resolve("kept");
    TrainingListener failing =
        new TrainingListener() {
          @Override
          public Verdict roundDone(RoundRecord round) {
            if (round.epoch() == 2) {
              throw new IllegalStateException("as if the application had been killed");
            }
            return Verdict.CONTINUE;
          }
        };
    List<Integer> epochs = new ArrayList<>();
    TrainingListener watching =
        new TrainingListener() {
          @Override
          public Verdict epochDone(EpochRecord epoch) {
            epochs.add(epoch.epoch());
            return Verdict.CONTINUE;
          }
        };
    float[] whole = small().fit(points()).parameters();
    assertThrows(
        IllegalStateException.class,
        () ->
            small()
                .checkpoint(kept.toString())
                .checkpointInterval(0)
                .listener(failing)
                .fit(points()));

    NeuralNetworkModel model = small().checkpoint(kept.toString()).listener(watching).fit(points());

    assertArrayEquals(whole, model.parameters(), 0f);
    assertEquals(List.of(2, 3), epochs);
    assertEquals(3, model.history().size());
    assertTrue(Files.notExists(kept));
  }

  @Test
  void theModelHasTheBitsOfTheCommandLineOnTheSameRowsAndOptions() throws IOException {
    Path table = scratch.resolve("points");
    points().drop("row").write().parquet(table.toString());
    Path byCommand = scratch.resolve("command");
    CommandRun command =
        CommandRun.of(
            "train",
            "--data=" + table,
            "--features=x,y",
            "--weight=importance",
            "--layers=8 relu, 3 softmax",
            "--epochs=3",
            "--batch-size=50",
            "--validation=0.2",
            "--dropout=0.1",
            "--optimizer=sgd",
            "--momentum=0.9",
            "--seed=7",
            "--model=" + byCommand);
    assertEquals(0, command.status(), command.err());
    Path byLibrary = scratch.resolve("library");

    NeuralNetworkModel model =
        small()
            .weight("importance")
            .validation(0.2)
            .dropout(0.1)
            .optimizer("sgd")
            .hyperparameter("momentum", 0.9)
            .seed(7)
            .fit(TestSpark.session().read().parquet(table.toString()));
    model.save(byLibrary.toString());

    assertArrayEquals(weights(byCommand), weights(byLibrary));
    NeuralNetworkModel other = NeuralNetworkModel.load(TestSpark.session(), byCommand.toString());
    List<String> notOfTheLibrary = List.of("data", "part", "test-part");
    other
        .options()
        .forEach(
            (name, value) ->
                assertEquals(
                    notOfTheLibrary.contains(name) ? null : value,
                    model.options().get(name),
                    name));
  }

  private static byte[] weights(Path model) throws IOException {
    return Files.readAllBytes(model.resolve("weights.safetensors"));
  }

  @Test
  void aModelIsTheSameAfterItWasSavedAndLoaded() {
    NeuralNetworkModel model = small().validation(0.2).fit(points());
    String folder = scratch.resolve("model").toString();
    model.save(folder);

    NeuralNetworkModel loaded = NeuralNetworkModel.load(TestSpark.session(), folder);

    assertArrayEquals(model.parameters(), loaded.parameters());
    assertEquals(model.history(), loaded.history());
    assertEquals(model.ending(), loaded.ending());
    assertEquals(model.epoch(), loaded.epoch());
    assertEquals(model.labels(), loaded.labels());
    assertEquals(model.options(), loaded.options());
    assertEquals(
        "Cannot write %s: it exists (give another path, or save(path, true) to replace it)"
            .formatted(folder),
        Refusal.of(() -> model.save(folder)));
    model.save(folder, true);
  }

  @Test
  void anyPartitionsGiveTheSameBitsWhereRowsHaveNumbers() {
    float[] parameters = small().fit(points()).parameters();

    assertArrayEquals(parameters, small().fit(points().repartition(5)).parameters());
  }

  /** A share of a table has no place in its files any more that would be its own. */
  @Test
  void rowsOfARandomSplitAreNumberedAnew() {
    Path table = scratch.resolve("points");
    points().drop("row").write().parquet(table.toString());
    Dataset<Row>[] parts =
        TestSpark.session()
            .read()
            .parquet(table.toString())
            .randomSplit(new double[] {0.7, 0.3}, 1);

    List<Long> rounds = new ArrayList<>();
    NeuralNetworkModel model = small().validation(parts[1]).fit(parts[0]);
    model.history().forEach(epoch -> rounds.add(epoch.rows()));

    assertEquals(parts[0].count(), rounds.get(0));
  }

  @Test
  void aListenerIsToldAndItsVerdictEndsTheRun() {
    List<Integer> told = new ArrayList<>();
    TrainingListener two =
        new TrainingListener() {
          @Override
          public Verdict epochDone(EpochRecord epoch) {
            told.add(epoch.epoch());
            return epoch.epoch() == 2 ? Verdict.STOP : Verdict.CONTINUE;
          }
        };

    NeuralNetworkModel model = small().epochs(9).listener(two).fit(points());

    assertEquals(List.of(1, 2), told);
    assertEquals(2, model.history().size());
    assertEquals("stopped by a listener", model.ending());
  }

  @Test
  void aRegressionIsEvaluatedInTheUnitOfItsTargets() {
    NeuralNetworkModel model =
        NeuralNetwork.layers("1").features("a", "b").label("y").optimizer("lbfgs").fit(line());

    RegressionReport report = (RegressionReport) model.evaluate(line());

    Dataset<Row> predicted = model.transform(line().drop("y", "row"));
    double squares =
        predicted
            .select(functions.expr("avg(pow(prediction - (1000 + 200 * a - 100 * b), 2))"))
            .head()
            .getDouble(0);
    assertEquals(0, Objects.requireNonNull(report.rmse()), 0.01);
    assertTrue(squares < 1e-4, "squares " + squares);
  }

  @Test
  void kryoIsNoHindrance() {
    float[] parameters = small().classWeights("balanced").fit(points()).parameters();
    Map<String, String> kryo =
        Map.of(
            "spark.serializer",
            "org.apache.spark.serializer.KryoSerializer",
            // Blocks go to disk, so that all that Kryo has written is read again.
            "spark.memory.fraction",
            "0.0001");
    TestSpark.restart("local[2]", kryo);

    NeuralNetworkModel model = small().classWeights("balanced").fit(points());

    assertArrayEquals(parameters, model.parameters());
    assertEquals(300, model.evaluate(points()).rows());
    assertEquals(300, model.transform(points()).collectAsList().size());
    NeuralNetworkModel lines =
        NeuralNetwork.layers("1").features("a", "b").label("y").epochs(1).fit(line());
    assertEquals(200, lines.evaluate(line().drop("row")).rows());
  }

  @Test
  void anotherModelIsAStart() {
    NeuralNetworkModel first = small().fit(points());
    String folder = scratch.resolve("model").toString();
    first.save(folder);

    float[] fromModel = small().initFrom(first).epochs(1).fit(points()).parameters();
    float[] fromFile = small().initFrom(folder).epochs(1).fit(points()).parameters();

    assertArrayEquals(fromModel, fromFile);
    assertFalse(Arrays.equals(fromModel, small().epochs(1).fit(points()).parameters()));
  }

  @Test
  void whatCannotBeIsRefusedByName() {
    assertEquals(
        "Invalid learning rate: -1.0 (must be > 0)",
        Refusal.of(() -> small().learningRate(-1).fit(points())).replaceFirst(" and .*\\)", ")"));
    assertTrue(Refusal.of(() -> small().optimizer("adm")).startsWith("Invalid optimizer: adm"));
    assertEquals("Invalid epochs: 0 (must be > 0)", Refusal.of(() -> small().epochs(0).options()));
    assertEquals(
        "Cannot use the rows: no column z (it has row, x, y, label, held, importance)",
        Refusal.of(() -> small().features("x", "z").fit(points())));
    assertEquals(
        "Cannot use the rows: no column kept (it must tell the validation rows)",
        Refusal.of(() -> small().validationColumn("kept").fit(points())));
    assertEquals(
        "Cannot use the rows: row 1 has label 3 (expected 0 to 2 for the last layer's width)",
        Refusal.of(
            () -> small().fit(points().withColumn("label", functions.expr("int(row > 0) * 3")))));
  }

  /** A setting, and another network that differs in it alone. */
  private record Setting(String name, UnaryOperator<NeuralNetwork> set) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Setting> settings() {
    return Stream.of(
        new Setting("task", n -> n.task(LearningTask.MULTI_LABEL)),
        new Setting("loss", n -> n.loss(Loss.SQUARED_ERROR)),
        new Setting("init", n -> n.initializer(Initializer.parse("uniform(0.5)"))),
        new Setting("optimizer", n -> n.optimizer("sgd")),
        new Setting("optimizer", n -> n.optimizer(OptimizerSettings.of(UpdateRule.of("lamb")))),
        new Setting("beta1", n -> n.hyperparameter("beta1", 0.5)),
        new Setting("learning-rate", n -> n.learningRate(0.2)),
        new Setting("schedule", n -> n.schedule("cosine")),
        new Setting("schedule-by", n -> n.schedule("cosine", ScheduleUnit.ROUND)),
        new Setting("warmup", n -> n.warmup(2)),
        new Setting("l1", n -> n.l1(0.1)),
        new Setting("l2", n -> n.l2(0.1)),
        new Setting("weight-decay", n -> n.weightDecay(0.1)),
        new Setting("max-norm", n -> n.maxNorm(0.1)),
        new Setting("clip-value", n -> n.clipValue(0.1)),
        new Setting("clip-norm", n -> n.clipNorm(0.1)),
        new Setting("dropout", n -> n.dropout(0.5)),
        new Setting("input-noise", n -> n.inputNoise(0.5)),
        new Setting("input-dropout", n -> n.inputDropout(0.5)),
        new Setting("label-smoothing", n -> n.labelSmoothing(0.1)),
        new Setting("class-weights", n -> n.classWeights("balanced")),
        new Setting("feature-units", n -> n.featureUnits(FeatureUnits.STANDARD)),
        new Setting(
            "target-units",
            n ->
                n.task(LearningTask.REGRESSION)
                    .loss(Loss.SQUARED_ERROR)
                    .targetUnits(TargetUnits.RAW)),
        new Setting("epochs", n -> n.epochs(4)),
        new Setting("batch-size", n -> n.batchSize(7)),
        new Setting("local-steps", n -> n.localSteps(5)),
        new Setting("local-steps", n -> n.localSteps(LocalSteps.EPOCH)),
        new Setting("workers", n -> n.localSteps(5).workers(2)),
        new Setting("shards", n -> n.shards(3)),
        new Setting("partitions", n -> n.partitions(3)),
        new Setting("monitor", n -> n.validation(0.1).monitor(Metric.ACCURACY)),
        new Setting("patience", n -> n.patience(2)),
        new Setting("min-delta", n -> n.patience(2).minDelta(0.1)),
        new Setting("max-seconds", n -> n.maxSeconds(3600)),
        new Setting("target", n -> n.validation(0.1).target(Metric.ACCURACY, 0.5)),
        new Setting("seed", n -> n.seed(2)));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void eachSettingIsHeeded(Setting setting) {
    String layers = "8 relu, 2 sigmoid";
    Map<String, String> usual = NeuralNetwork.layers(layers).options().toWords();

    Map<String, String> words =
        setting.set().apply(NeuralNetwork.layers(layers)).options().toWords();

    assertNotEquals(usual.get(setting.name()), words.get(setting.name()));
  }

  @Test
  void columnsAndValidationAreHeeded() {
    List<RoundRecord> rounds = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public Verdict roundDone(RoundRecord round) {
            rounds.add(round);
            return Verdict.STOP;
          }
        };

    NeuralNetworkModel model =
        small()
            .weight("importance")
            .validationColumn("held")
            .blas(BlasChoice.AUTO)
            .batchSize(1000)
            .listener(listener)
            .fit(points());

    assertEquals(225, rounds.get(0).rows(), "three quarters are not held out");
    assertEquals("x,y", model.options().get("features"));
    assertEquals("importance", model.options().get("weight"));
    assertEquals("held", model.options().get("validation"));
    assertTrue(
        model.history().get(0).validation().containsKey("weighted_accuracy"),
        "rows have weights: " + model.history());
  }
}
