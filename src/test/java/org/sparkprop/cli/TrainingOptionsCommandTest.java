package org.sparkprop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each option of {@code train} does something: these fail where one is ignored. */
class TrainingOptionsCommandTest {
  /** The least step that there is: no parameter of an ordinary size changes. */
  private static final String NO_STEP = "--learning-rate=1.2e-38";

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path shared;
  @TempDir Path scratch;

  /** Three epochs of 60 rows, six rounds each. */
  private CommandRun train(String model, String... more) {
    List<String> args = new ArrayList<>(List.of("train", "--data=spiral(20)"));
    args.addAll(List.of("--layers=6 relu, 3 softmax", "--epochs=3", "--batch-size=10"));
    args.addAll(List.of("--optimizer=sgd", "--learning-rate=0.1", "--shards=4"));
    args.addAll(List.of("--test-part=none", "--overwrite", "--model", at(model)));
    args.addAll(Arrays.asList(more));
    CommandRun run = CommandRun.of(args.toArray(String[]::new));
    assertEquals("", run.err());
    assertEquals(0, run.status());
    return run;
  }

  /** The model without further options, which all compare with. */
  private String plain() {
    Path model = shared.resolve("plain");
    if (!Files.exists(model)) {
      train(model.toString());
    }
    return model.toString();
  }

  private String at(String file) {
    return scratch.resolve(file).toString();
  }

  private byte[] weights(String model) throws IOException {
    return Files.readAllBytes(scratch.resolve(model).resolve("weights.safetensors"));
  }

  private JsonNode json(String file) throws IOException {
    return JSON.readTree(scratch.resolve(file).toFile());
  }

  private List<JsonNode> history(String model) throws IOException {
    List<JsonNode> epochs = new ArrayList<>();
    for (String line : Files.readAllLines(scratch.resolve(model).resolve("history.jsonl"))) {
      epochs.add(JSON.readTree(line));
    }
    return epochs;
  }

  private double lastLoss(String model) throws IOException {
    List<JsonNode> epochs = history(model);
    return epochs.get(epochs.size() - 1).get("loss").asDouble();
  }

  private Path csv(String file, String... lines) throws IOException {
    return Files.write(scratch.resolve(file), List.of(lines));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--input-noise | 0.5",
        "--input-dropout | 0.5",
        "--dropout | 0.5",
        "--label-smoothing | 0.2",
        "--class-weights | 1.0, 2.0, 3.0",
        "--init | glorot",
        "--feature-units | standard",
        "--seed | 2",
        "--slice-size | 1",
        "--shards | 2",
        "--epochs | 2",
        "--batch-size | 20",
        "--part | train[0:40]",
        "--validation | 0.3",
      })
  void theOptionChangesTheWeightsAndIsRecorded(String option, String value) throws IOException {
    train("with", option, value);

    assertFalse(Arrays.equals(weights(plain()), weights("with")));
    assertEquals(value, json("with/model.json").get("options").get(option.substring(2)).asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--partitions=3", "--reduction=executors"})
  void whereTheWorkIsDoneChangesNoBitAndIsRecorded(String option) throws IOException {
    train("with", option);

    assertArrayEquals(weights(plain()), weights("with"));
    String[] parts = option.substring(2).split("=", 2);
    assertEquals(parts[1], json("with/model.json").get("options").get(parts[0]).asText());
  }

  @Test
  void localStepsAreFewerRoundsAndWorkersTrainOnTheirOwn() throws IOException {
    train("steps", "--local-steps=3");
    train("workers", "--local-steps=3", "--workers=2");

    assertArrayEquals(weights(plain()), weights("steps"));
    assertEquals(18, history(plain()).get(2).get("rounds").asInt());
    assertEquals(6, history("steps").get(2).get("rounds").asInt());
    assertFalse(Arrays.equals(weights("steps"), weights("workers")));
  }

  /** Of targets 0 (three times) and 8: what one number can do at best, of each kind of loss. */
  @ParameterizedTest
  @CsvSource({
    "squared-error, 6.0, 2.0", // 1/2 Σ (y − t)² / 4 at the mean
    "absolute-error, 2.0, 0.0", // at the median
    "huber, 1.8333333333, 0.333333333333", // 3 y = 1 between: (3/18 + 8 − 1/3 − 1/2) / 4
  })
  void theLossDecidesWhatIsLearnt(String loss, double least, double constant) throws IOException {
    Path data = csv("t.csv", "x,label", "0,0", "0,0", "0,0", "0,8");

    train(
        "model",
        "--data=" + data,
        "--layers=1",
        "--loss=" + loss,
        "--target-units=raw",
        "--schedule=exponential(0.88)",
        "--momentum=0",
        "--learning-rate=0.5",
        "--epochs=60");

    // absolute error steps to and fro about the median, ever less
    assertEquals(least, lastLoss("model"), 1e-3, "at " + constant);
    assertEquals(loss, json("model/model.json").get("loss").asText());
  }

  /** Of the same targets with δ = 2: 3 y = 2 between, (3/2 · 4/9 + 2 (8 − 2/3) − 2) / 4. */
  @Test
  void hubersDeltaDecidesWhatIsFar() throws IOException {
    Path data = csv("t.csv", "x,label", "0,0", "0,0", "0,0", "0,8");

    train(
        "model",
        "--data=" + data,
        "--layers=1",
        "--loss=huber",
        "--huber-delta=2",
        "--target-units=raw",
        "--schedule=exponential(0.88)",
        "--momentum=0",
        "--learning-rate=0.5",
        "--epochs=60");

    assertEquals(10 / 3., lastLoss("model"), 1e-3);
    assertEquals("huber(2.0)", json("model/model.json").get("loss").asText());
    assertEquals("2.0", json("model/model.json").get("options").get("huber-delta").asText());
    CommandRun evaluated =
        CommandRun.of("evaluate", "--model=" + scratch.resolve("model"), "--data=" + data);
    assertTrue(evaluated.out().contains("loss 3.333"), evaluated.out());
  }

  /** The likeliest rate of counts is their mean, here 2: y − t log y is 2 − 2 log 2. */
  @Test
  void anExponentialLastLayerLearnsTheRateOfCounts() throws IOException {
    Path data = csv("counts.csv", "x,label", "0,0", "0,1", "0,2", "0,5");

    train(
        "model",
        "--data=" + data,
        "--layers=1 exponential",
        "--optimizer=lbfgs",
        "--epochs=50",
        "--batch-size=" + Long.MAX_VALUE,
        "--learning-rate=1");

    assertEquals(2 - 2 * Math.log(2), lastLoss("model"), 1e-5);
    assertEquals("poisson", json("model/model.json").get("loss").asText());
  }

  @Test
  void theTaskDecidesHowLabelsAreRead() throws IOException {
    Path data = csv("t.csv", "x,label", "0,0", "1,1", "2,1");

    train("numbers", "--data=" + data, "--layers=2 tanh, 1 tanh");
    train("classes", "--data=" + data, "--layers=2 tanh, 1 tanh", "--task=classification");

    assertEquals("regression", json("numbers/model.json").get("task").asText());
    assertEquals("classification", json("classes/model.json").get("task").asText());
    assertEquals(2, json("classes/model.json").get("labels").size());
  }

  @Test
  void targetsAreLearntInStandardDeviationsUnlessRaw() throws IOException {
    Path data = csv("t.csv", "x,label", "0,1", "1,3", "2,1", "3,3");

    train("standard", "--data=" + data, "--layers=1");
    train("raw", "--data=" + data, "--layers=1", "--target-units=raw");

    JsonNode standard = json("standard/model.json").get("preprocessing");
    assertEquals("[2.0]", standard.get("target_mean").toString());
    assertEquals("[1.0]", standard.get("target_scale").toString());
    assertEquals("[]", json("raw/model.json").get("preprocessing").get("target_mean").toString());
  }

  /** Features 0 and 4 of two rows, and 10 of both: deviations 2 and, of what never changes, 1. */
  @Test
  void featuresAreSeenInStandardDeviationsIfAskedFor() throws IOException {
    Path data = csv("t.csv", "a,b,label", "0,10,1", "4,10,3");

    train("standard", "--data=" + data, "--layers=1", "--feature-units=standard");
    train("raw", "--data=" + data, "--layers=1");

    JsonNode standard = json("standard/model.json").get("preprocessing");
    assertEquals("[2.0,10.0]", standard.get("feature_mean").toString());
    assertEquals("[2.0,1.0]", standard.get("feature_scale").toString());
    assertEquals("[]", json("raw/model.json").get("preprocessing").get("feature_mean").toString());
  }

  /** The loss of another process, and of one that knows the model file alone. */
  @Test
  void standardFeaturesAreThoseOfTheTrainingRowsWhereverTheModelGoes() throws IOException {
    Path data = csv("t.csv", "x,label", "1000,0", "1001,1", "1002,0", "1003,1");
    Path shifted = csv("u.csv", "x,label", "1003,1", "1003,1");

    train("first", "--data=" + data, "--layers=1", "--feature-units=standard");
    CommandRun report =
        CommandRun.of(
            "evaluate", "--model=" + at("first"), "--data=" + shifted, "--report=" + at("report"));
    assertEquals(0, report.status(), report.err());
    train("second", "--data=" + shifted, "--layers=1", "--init-from=" + at("first"), NO_STEP);

    // By hand: y = (w (x − 1001.5) / √1.25 + b) · 1/2 + 1/2
    float[] parameters = floats(weights("first"), 2);
    double y = (parameters[0] * 1.5 / Math.sqrt(1.25) + parameters[1]) * 0.5 + 0.5;
    assertEquals(Math.abs(y - 1), json("report/report.json").get("rmse").asDouble(), 1e-5);
    assertEquals(
        json("first/model.json").get("preprocessing"),
        json("second/model.json").get("preprocessing"));
  }

  /** The last floats of a safetensors file. */
  private static float[] floats(byte[] file, int count) {
    float[] floats = new float[count];
    ByteBuffer.wrap(file)
        .order(ByteOrder.LITTLE_ENDIAN)
        .position(file.length - count * Float.BYTES)
        .asFloatBuffer()
        .get(floats);
    return floats;
  }

  /** n / (k n_c): six rows, three of class 0, two of class 1, one of class 2. */
  @Test
  void balancedClassesWeighTheSameInTotal() throws IOException {
    Path data = csv("t.csv", "x,label", "1,0", "2,0", "3,0", "4,1", "5,1", "6,2");

    train("model", "--data=" + data, "--layers=3 softmax", "--class-weights=balanced");

    JsonNode weights = json("model/model.json").get("preprocessing").get("class_weights");
    double[] expected = {6 / (3 * 3.0), 6 / (3 * 2.0), 6 / (3 * 1.0)};
    for (int i = 0; i < 3; i++) {
      assertEquals(expected[i], weights.get(i).asDouble(), 1e-7); // floats
    }
  }

  /** Both find the one least loss of their convex problem, which is the same. */
  @Test
  void rowsOfWeightZeroAreLeftOut() throws IOException {
    String[] counted = {"x,label,w", "0,0,1", "1,1,1", "2,0,1", "3,1,1", "4,1,1"};
    List<String> lines = new ArrayList<>(List.of(counted));
    lines.addAll(List.of("0,1,0", "4,0,0", "5,0,0"));
    Path without = csv("without.csv", counted);
    Path with = csv("with.csv", lines.toArray(String[]::new));
    String[] common = {
      "--layers=2 softmax",
      "--optimizer=lbfgs",
      "--learning-rate=1",
      "--l2=0.1",
      "--epochs=99",
      "--features=x",
      "--weight=w",
      "--batch-size=" + Long.MAX_VALUE
    };
    String[] of = Arrays.copyOf(common, common.length + 1);

    of[common.length] = "--data=" + without;
    train("without", of);
    of[common.length] = "--data=" + with;
    train("with", of);

    assertEquals(lastLoss("without"), lastLoss("with"), 1e-6);
  }

  /** Of 60 rows to train on none is held out; the model is evaluated as the best epoch was. */
  @Test
  void theModelIsThatOfTheBestEpochOnTheValidationPart() throws IOException {
    CommandRun run = train("model", "--validation=test", "--learning-rate=2", "--epochs=8");
    CommandRun evaluated =
        CommandRun.of(
            "evaluate",
            "--data=spiral(20)",
            "--part=test",
            "--model=" + at("model"),
            "--report=" + at("report"));

    assertEquals("", evaluated.err());
    assertTrue(run.out().contains(" 60 rows of 2 features and 60 for validation"), run.out());
    int best = 0;
    List<JsonNode> history = history("model");
    for (int i = 0; i < history.size(); i++) {
      if (value(history, i, "loss") < value(history, best, "loss")) {
        best = i;
      }
    }
    assertTrue(best < 7, "a run whose last epoch is not its best");
    assertEquals(best + 1, json("model/model.json").get("epoch").asInt());
    assertEquals(value(history, best, "loss"), json("report/report.json").get("loss").asDouble());
  }

  private static double value(List<JsonNode> history, int epoch, String metric) {
    return history.get(epoch).get("validation_" + metric).asDouble();
  }

  @Test
  void theMonitoredMetricDecidesWhichEpochIsTheBest() throws IOException {
    String[] common = {"--validation=test", "--learning-rate=2", "--epochs=8"};
    train("loss", common);
    train("accuracy", "--monitor=accuracy", common[0], common[1], common[2]);

    List<JsonNode> history = history("accuracy");
    int best = json("accuracy/model.json").get("epoch").asInt() - 1;
    for (int i = 0; i < history.size(); i++) {
      double accuracy = value(history, i, "accuracy");
      assertTrue(accuracy <= value(history, best, "accuracy"), "epoch " + (i + 1));
      assertTrue(i >= best || accuracy < value(history, best, "accuracy"), "the first such one");
    }
    assertNotEquals(json("loss/model.json").get("epoch"), json("accuracy/model.json").get("epoch"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mcc", "kappa"})
  void agreementBeyondChanceCanBeMonitoredAndReported(String metric) throws IOException {
    String[] options = {
      "--monitor=" + metric,
      "--patience=3",
      "--schedule=plateau(0.1, 1)",
      "--validation=test",
      "--test-part=test",
      "--learning-rate=2",
      "--epochs=8"
    };
    CommandRun run = train("model", options);

    List<JsonNode> history = history("model");
    int best = json("model/model.json").get("epoch").asInt() - 1;
    boolean fell = false;
    for (int i = 0; i < history.size(); i++) {
      assertTrue(value(history, i, metric) <= value(history, best, metric), "epoch " + (i + 1));
      fell |= history.get(i).get("learning_rate").asDouble() < 1;
    }
    assertTrue(fell, "the rate falls where the metric does not rise");
    assertEquals(value(history, best, metric), json("model/report.json").get(metric).asDouble());
    assertTrue(run.out().matches("(?s).*, %s -?[0-9.]+, .*".formatted(metric)), run.out());
  }

  /** Nothing changes, so the first epoch stays the best. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void patienceEndsTheRunSoManyEpochsAfterTheBest(int patience) throws IOException {
    CommandRun run =
        train("model", "--validation=0.2", NO_STEP, "--epochs=9", "--patience=" + patience);

    assertEquals(1 + patience, history("model").size());
    assertEquals(1, json("model/model.json").get("epoch").asInt());
    assertTrue(run.out().contains("ended in epoch %d: ".formatted(1 + patience)), run.out());
  }

  @Test
  void gainsBelowTheLeastDeltaDoNotCountForPatience() throws IOException {
    String[] common = {"--validation=0.2", "--learning-rate=0.01", "--epochs=6", "--patience=2"};
    train("any", common);
    train("large", common[0], common[1], common[2], common[3], "--min-delta=10");

    assertEquals(6, history("any").size());
    assertEquals(3, history("large").size());
    assertEquals(3, json("large/model.json").get("epoch").asInt(), "a smaller gain is a gain");
  }

  @Test
  void aTargetThatIsReachedEndsTheRun() throws IOException {
    CommandRun run = train("model", "--validation=0.2", "--target=accuracy=0.01", NO_STEP);

    assertEquals(1, history("model").size());
    assertTrue(run.out().contains("ended in epoch 1: accuracy=0.01 is reached\n"), run.out());
  }

  @Test
  void timeThatIsOverEndsTheRunWithItsRound() throws IOException {
    CommandRun run = train("model", "--max-seconds=1e-9");

    assertEquals(1, history("model").size());
    assertEquals(1, history("model").get(0).get("rounds").asInt());
    assertTrue(run.out().contains("ended in epoch 1: time limit of 1.0E-9 s reached\n"), run.out());
  }

  @Test
  void theTestPartIsWhatWasNamed() throws IOException {
    train("model", "--test-part=train[0:30]");
    assertEquals(30, json("model/report.json").get("rows").asInt());

    train("model", "--test-part=none");
    assertFalse(Files.exists(scratch.resolve("model/report.json")));
  }

  /** Each step is many times too long, so that the loss grows epoch by epoch until it overflows. */
  @Test
  void aRunThatDivergesLeavesItsBestModel() throws IOException {
    CommandRun run =
        CommandRun.of(
            "train",
            "--data=spiral(5)",
            "--layers=3",
            "--task=classification",
            "--validation=test",
            "--optimizer=sgd",
            "--learning-rate=50",
            "--momentum=0",
            "--epochs=500",
            "--model=" + at("model"));

    assertEquals(1, run.status());
    assertTrue(run.err().startsWith("error: Training diverged in round "), run.err());
    assertTrue(
        run.out().contains("model: %s, that of epoch 1, without a report\n".formatted(at("model"))),
        run.out());
    assertEquals(1, json("model/model.json").get("epoch").asInt());
    assertTrue(history("model").size() > 1);
  }

  private CommandRun diverging(String model, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "train",
                "--data=spiral(5)",
                "--layers=3",
                "--task=classification",
                "--validation=test",
                "--optimizer=sgd",
                "--learning-rate=50",
                "--momentum=0",
                "--epochs=500",
                "--checkpoint-interval=0",
                "--model=" + at(model)));
    words.addAll(List.of(more));
    return CommandRun.of(words.toArray(String[]::new));
  }

  /** What is there is whole, and may be better than what a run has left that went wrong. */
  @Test
  void aRunThatDivergesReplacesNoGoodModelAndSaysWhatBecameOfItsCheckpoint() throws IOException {
    train("model");
    byte[] good = Files.readAllBytes(scratch.resolve("model/weights.safetensors"));

    CommandRun run = diverging("model", "--overwrite");

    assertEquals(1, run.status());
    String beside = at("model.diverged");
    assertTrue(
        run.out()
            .endsWith(
                "\nmodel: %1$s, that of epoch 1, without a report\ncheckpoint: deleted, as the run would diverge again from there; --init-from %1$s begins with that model\n"
                    .formatted(beside)),
        run.out());
    assertArrayEquals(good, Files.readAllBytes(scratch.resolve("model/weights.safetensors")));
    assertFalse(Files.exists(scratch.resolve("model.checkpoint")));
    assertEquals(1, json("model.diverged/model.json").get("epoch").asInt());
    assertEquals(1, diverging("model", "--overwrite").status());
    CommandRun again =
        diverging("other", "--init-from=" + beside, "--learning-rate=0.1", "--epochs=2");
    assertEquals(0, again.status(), again.err());
  }

  /** Then its checkpoints are all that there is of it. */
  @Test
  void aRunThatDivergesKeepsItsCheckpointWhereItsModelCannotBeWritten() throws IOException {
    train("model");
    Files.createDirectories(scratch.resolve("model.diverged/mine"));

    CommandRun run = diverging("model", "--overwrite");

    assertEquals(1, run.status());
    assertTrue(
        run.err()
            .startsWith(
                "warning: Cannot write %s: it exists and is not a model folder: mine is in it"
                    .formatted(at("model.diverged"))),
        run.err());
    assertTrue(
        run.out()
            .endsWith(
                "\ncheckpoint: %s.checkpoint, of before this run diverged, as it would again; delete it to begin anew\n"
                    .formatted(at("model"))),
        run.out());
    assertTrue(Files.exists(scratch.resolve("model.checkpoint")));
  }
}
