package org.sparkprop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each of these options reaches the steps: the weights are others than without it. */
class OptimizerOptionsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path scratch;

  /** Weights of each rule without further options. */
  private static final Map<String, byte[]> PLAIN = new HashMap<>();

  /** Three epochs of three rounds; gives what was printed. */
  private String train(String model, String... options) {
    List<String> args =
        new ArrayList<>(List.of("train", "--data", "spiral(10)", "--layers", "5 tanh, 3 softmax"));
    args.addAll(List.of("--epochs", "3", "--batch-size", "10", "--learning-rate", "0.1"));
    args.add("--overwrite");
    args.addAll(List.of("--test-part", "none", "--model", scratch.resolve(model).toString()));
    args.addAll(Arrays.asList(options));
    CommandRun run = CommandRun.of(args.toArray(String[]::new));
    assertEquals("", run.err());
    assertEquals(0, run.status());
    return run.out();
  }

  private byte[] weights(String model) throws IOException {
    return Files.readAllBytes(scratch.resolve(model).resolve("weights.safetensors"));
  }

  private byte[] plain(String rule) throws IOException {
    byte[] weights = PLAIN.get(rule);
    if (weights == null) {
      train("plain", "--optimizer", rule);
      assertEquals(rule, options("plain").get("optimizer").asText());
      weights = weights("plain");
      PLAIN.put(rule, weights);
    }
    return weights;
  }

  private JsonNode options(String model) throws IOException {
    return JSON.readTree(scratch.resolve(model).resolve("model.json").toFile()).get("options");
  }

  private List<Double> rates(String model) throws IOException {
    List<Double> rates = new ArrayList<>();
    for (String line : Files.readAllLines(scratch.resolve(model).resolve("history.jsonl"))) {
      rates.add(JSON.readTree(line).get("learning_rate").asDouble());
    }
    return rates;
  }

  @ParameterizedTest
  @CsvSource({
    "sgd, --l1, 0.01",
    "sgd, --l2, 0.01",
    "sgd, --weight-decay, 0.01",
    "adamw, --weight-decay, 0.0",
    "lamb, --weight-decay, 0.0",
    "sgd, --max-norm, 0.5",
    "sgd, --clip-value, 0.01",
    "sgd, --clip-norm, 0.01",
    "sgd, --schedule, cosine",
    "sgd, --schedule, one-cycle(0.5)",
    "sgd, --warmup, 1",
    "rmsprop, --alpha, 0.5",
    "rmsprop, --momentum, 0.5",
    "rmsprop, --epsilon, 0.1",
    "adadelta, --rho, 0.5",
    "adadelta, --epsilon, 0.1",
    "adagrad, --epsilon, 0.1",
    "adamw, --beta1, 0.5",
    "lamb, --beta2, 0.5"
  })
  void theOptionChangesTheWeightsAndIsRecorded(String rule, String option, String value)
      throws IOException {
    train("with", "--optimizer", rule, option, value);

    assertFalse(Arrays.equals(plain(rule), weights("with")));
    assertEquals(value, options("with").get(option.substring(2)).asText());
  }

  @Test
  void eachRuleTrainsInItsOwnWay() throws IOException {
    Set<String> found = new HashSet<>();
    for (String rule :
        List.of("sgd", "adam", "adamw", "nadam", "adagrad", "adadelta", "rmsprop", "lamb")) {
      found.add(Arrays.toString(plain(rule)));
    }
    train("centered", "--optimizer", "rmsprop", "--centered");
    found.add(Arrays.toString(weights("centered")));

    assertEquals(9, found.size());
  }

  @Test
  void theHistoryHasTheRateOfTheLastStepOfEachEpoch() throws IOException {
    train("constant");
    assertEquals(List.of(0.1, 0.1, 0.1), rates("constant"));

    train("step", "--schedule", "step(1, 0.5)");
    assertEquals(List.of(0.1, 0.05, 0.025), rates("step"));

    train("rounds", "--schedule", "step(2, 0.5)", "--schedule-by", "round"); // steps 2, 5 and 8
    assertEquals(List.of(0.05, 0.025, 0.1 / 16), rates("rounds"));

    train("warmup", "--warmup", "4", "--schedule-by", "round", "--local-steps", "epoch");
    assertEquals(List.of(0.1 * 3 / 4, 0.1, 0.1), rates("warmup"));
  }

  /** Such a rate changes no weight, so the loss of the same rows stays where it is. */
  @ParameterizedTest
  @CsvSource({"--validation, 0.3", "--part, train[0:1]"})
  void thePlateauLowersTheRateAfterEpochsWithoutImprovement(String option, String value)
      throws IOException {
    train(
        "plateau",
        "--epochs=6",
        "--learning-rate=1e-30",
        "--schedule=plateau(0.5, 2)",
        option,
        value);

    List<Double> expected = List.of(1e-30, 1e-30, 1e-30, 5e-31, 5e-31, 2.5e-31);
    assertEquals(expected, rates("plateau"));
  }

  @Test
  void whatIsNotAsUsualIsPrinted() {
    String out =
        train(
            "model",
            "--optimizer=adamw",
            "--schedule=cosine",
            "--schedule-by=round",
            "--warmup=2",
            "--clip-norm=1",
            "--input-noise=0.3",
            "--label-smoothing=0.1");

    assertTrue(
        out.contains(
            ", adamw 0.1, cosine by round after a warm-up of 2, weight-decay 0.01, clip-norm 1.0, input-noise 0.3, label-smoothing 0.1, batches of 10 rows,"),
        out);
  }

  @Test
  void boundsOfAFileCanBeTakenAway() throws IOException {
    Path config = Files.writeString(scratch.resolve("job.conf"), "max-norm = 0.5\nclip-norm = 1\n");

    train("model", "--config", config.toString(), "--max-norm", "none");

    assertEquals("none", options("model").get("max-norm").asText());
    assertEquals("1.0", options("model").get("clip-norm").asText());
  }

  @Test
  void theHelpSaysWhichDefaultIsWhoseRules() {
    String help = CommandRun.of("train", "--help").out().replaceAll("\\s+", " ");

    assertTrue(help.contains("Default: 0.9 for sgd; 0.0 for rmsprop."), help);
    assertTrue(
        help.contains(
            "Default: 1.0E-8 for adam, adamw, nadam or rmsprop; 1.0E-10 for adagrad; 1.0E-6 for adadelta or lamb."),
        help);
    assertTrue(
        help.contains(
            "Default: 0.0 for sgd, adam, nadam, adagrad, adadelta, rmsprop or lbfgs; 0.01 for adamw or lamb."),
        help);
  }
}
