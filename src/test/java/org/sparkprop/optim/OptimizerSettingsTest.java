package org.sparkprop.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizerSettingsTest {
  private static final UpdateRule SGD = UpdateRule.of("sgd");
  private static final UpdateRule ADAM = UpdateRule.of("adam");

  @Test
  void numbersThatAreNotGivenAreTheRulesOwn() {
    OptimizerSettings sgd = OptimizerSettings.of(SGD);
    assertEquals(0.1, sgd.learningRate());
    assertEquals(Map.of("momentum", 0.9, "nesterov", 0.0), sgd.values());

    // Kingma and Ba 2015, algorithm 1
    OptimizerSettings adam = OptimizerSettings.of(ADAM);
    assertEquals(0.001, adam.learningRate());
    assertEquals(Map.of("beta1", 0.9, "beta2", 0.999, "epsilon", 1e-8), adam.values());
  }

  /** PyTorch's, and for LAMB those of You et al. 2020 with the rate of the authors' code. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "adamw | {beta1=0.9, beta2=0.999, epsilon=1.0E-8} | 0.001 | 0.01",
        "adagrad | {epsilon=1.0E-10} | 0.01 | 0",
        "adadelta | {rho=0.9, epsilon=1.0E-6} | 1 | 0",
        "rmsprop | {alpha=0.99, epsilon=1.0E-8, momentum=0.0, centered=0.0} | 0.01 | 0",
        "lamb | {beta1=0.9, beta2=0.999, epsilon=1.0E-6} | 0.001 | 0.01",
      })
  void rulesHaveTheirSourcesDefaults(String rule, String values, double rate, double decay) {
    OptimizerSettings settings = OptimizerSettings.of(UpdateRule.of(rule));
    assertEquals(values, settings.values().toString());
    assertEquals(rate, settings.learningRate());
    assertEquals(decay, settings.regularization().weightDecay());
  }

  /** As to a worker. */
  @Test
  void settingsArriveAsTheyWere() throws IOException, ClassNotFoundException {
    for (String curve : new String[] {"constant", "step(3, 0.5)", "plateau(0.1, 5)"}) {
      OptimizerSettings sent =
          OptimizerSettings.of(
              UpdateRule.of("lamb"),
              0.02,
              Map.of("beta2", 0.9),
              new LearningRateSchedule(RateCurve.parse(curve), ScheduleUnit.ROUND, 7),
              new Regularization(1, 2, 3, 4, 5, Regularization.UNBOUNDED));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(sent);
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        assertEquals(sent, in.readObject());
      }
    }
  }

  @Test
  void aSwitchIsOnOrOff() {
    assertRefused(
        UpdateRule.of("rmsprop"),
        0.1,
        Map.of("centered", 0.5),
        "Invalid centered: 0.5 (must be 0 or 1)");
  }

  @Test
  void givenNumbersWin() {
    OptimizerSettings settings = OptimizerSettings.of(ADAM, 0.02, Map.of("beta2", 0.99));
    assertEquals(0.02, settings.learningRate());
    assertEquals(Map.of("beta1", 0.9, "beta2", 0.99, "epsilon", 1e-8), settings.values());
    assertEquals(0.99, settings.value("beta2"));
    assertEquals("adam 0.02", settings.toString());
  }

  @Test
  void valuesComeInTheOrderOfTheRule() {
    OptimizerSettings settings =
        OptimizerSettings.of(ADAM, 0.02, Map.of("epsilon", 0.1, "beta2", 0.99, "beta1", 0.8));
    assertEquals(List.of("beta1", "beta2", "epsilon"), List.copyOf(settings.values().keySet()));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, Double.NaN, Double.NEGATIVE_INFINITY})
  void learningRateMustBePositive(double rate) {
    assertRefused(SGD, rate, Map.of(), "Invalid learning rate: %s (must be > 0)".formatted(rate));
  }

  @ParameterizedTest
  @CsvSource({
    "sgd, momentum, NaN, 0.0",
    "sgd, momentum, -0.1, 0.0",
    "sgd, momentum, 1.0, 0.0",
    "sgd, momentum, Infinity, 0.0",
    "adam, beta1, NaN, 0.0",
    "adam, beta1, -0.1, 0.0",
    "adam, beta1, 1.0, 0.0",
    "adam, beta2, NaN, 0.0",
    "adam, beta2, -1.0E-10, 0.0",
    "adam, beta2, 1.0, 0.0",
    "adam, epsilon, NaN, 1.0E-30",
    "adam, epsilon, -1.0E-8, 1.0E-30",
    "adam, epsilon, 0.0, 1.0E-30",
    "adam, epsilon, 1.0, 1.0E-30",
    "adamw, beta1, 1.0, 0.0",
    "lamb, epsilon, 0.0, 1.0E-30",
    "adagrad, epsilon, 0.0, 1.0E-30",
    "adadelta, rho, 1.0, 0.0",
    "adadelta, epsilon, NaN, 1.0E-30",
    "rmsprop, alpha, -0.5, 0.0",
    "rmsprop, epsilon, 2.0, 1.0E-30",
    "rmsprop, momentum, 1.0, 0.0"
  })
  void numberOutOfBoundsIsRefused(String rule, String word, String value, String least) {
    assertRefused(
        UpdateRule.of(rule),
        0.1,
        Map.of(word, Double.valueOf(value)),
        "Invalid %s: %s (must be >= %s and < 1.0)".formatted(word, value, least));
  }

  @ParameterizedTest
  @CsvSource({"sgd, momentum", "adam, beta1", "adam, beta2"})
  void zeroAndAlmostOneAreAllowed(String rule, String word) {
    for (double value : new double[] {0, 0.9999}) {
      OptimizerSettings settings =
          OptimizerSettings.of(UpdateRule.of(rule), 0.1, Map.of(word, value));
      assertEquals(value, settings.value(word));
    }
  }

  @Test
  void optionOfAnotherRuleIsRefused() {
    assertRefused(
        SGD,
        0.1,
        Map.of("beta1", 0.9),
        "Invalid option: --beta1 with --optimizer sgd (it takes --momentum, --nesterov)");
    assertRefused(
        ADAM,
        0.1,
        Map.of("momentum", 0.9),
        "Invalid option: --momentum with --optimizer adam (it takes --beta1, --beta2, --epsilon)");
  }

  @ParameterizedTest
  @CsvSource({"sgd, sgd", "adam, adam", "' Adam ', adam", "SGD, sgd"})
  void wordNamesTheRule(String word, String rule) {
    assertEquals(rule, UpdateRule.of(word).word());
  }

  @Test
  void unknownRuleIsRefusedWithTheRulesThatThereAre() {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> UpdateRule.of(" rprop "));
    assertEquals(
        "Invalid optimizer: rprop (must be one of sgd, adam, adamw, nadam, adagrad, adadelta, rmsprop, lamb, lbfgs; did you mean rmsprop?)",
        error.getMessage());
  }

  @Test
  void lbfgsTakesNothingThatShapesStepsButL2() {
    OptimizerSettings lbfgs = OptimizerSettings.of(UpdateRule.of("lbfgs"));
    double none = Regularization.UNBOUNDED;
    assertLbfgsRefused("Invalid l1: 0.1 (must be 0.0", 0.1, 0, none, none, none);
    assertLbfgsRefused("Invalid weight decay: 0.1 (must be 0.0", 0, 0.1, none, none, none);
    assertLbfgsRefused("Invalid max norm: 2.0 (must be none", 0, 0, 2, none, none);
    assertLbfgsRefused("Invalid clip value: 2.0 (must be none", 0, 0, none, 2, none);
    assertLbfgsRefused("Invalid clip norm: 2.0 (must be none", 0, 0, none, none, 2);
    assertScheduleRefused("Invalid schedule: cosine (must be constant", "cosine", 0);
    assertScheduleRefused("Invalid warmup: 3 (must be 0", "constant", 3);

    Regularization l2 = new Regularization(0, 0.1, 0, none, none, none);
    assertEquals(l2, lbfgs.withRegularization(l2).regularization());
  }

  private static void assertLbfgsRefused(
      String message, double l1, double decay, double maxNorm, double value, double norm) {
    OptimizerSettings lbfgs = OptimizerSettings.of(UpdateRule.of("lbfgs"));
    Regularization wrong = new Regularization(l1, 0.1, decay, maxNorm, value, norm);
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> lbfgs.withRegularization(wrong));
    assertEquals(message + " with --optimizer lbfgs)", error.getMessage());
  }

  private static void assertScheduleRefused(String message, String curve, long warmup) {
    OptimizerSettings lbfgs = OptimizerSettings.of(UpdateRule.of("lbfgs"));
    LearningRateSchedule wrong =
        new LearningRateSchedule(RateCurve.parse(curve), ScheduleUnit.EPOCH, warmup);
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> lbfgs.withSchedule(wrong));
    assertEquals(message + " with --optimizer lbfgs)", error.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1.5, 1.5", "-1, -1", "1001, 1001", "NaN, NaN", "Infinity, Infinity"})
  void historyIsAWholeNumber(double history, String word) {
    assertRefused(
        UpdateRule.of("lbfgs"),
        1,
        Map.of("history", history),
        "Invalid history: %s (must be a whole number, 1 to 1000)".formatted(word));
  }

  private static void assertRefused(
      UpdateRule rule, double rate, Map<String, Double> given, String message) {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> OptimizerSettings.of(rule, rate, given));
    assertEquals(message, error.getMessage());
  }
}
