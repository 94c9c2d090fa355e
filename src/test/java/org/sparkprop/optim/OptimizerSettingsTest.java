package org.sparkprop.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
    "adam, epsilon, 1.0, 1.0E-30"
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
        "Invalid optimizer: rprop (must be one of sgd, adam, adamw, adagrad, adadelta, rmsprop, lamb, lbfgs)",
        error.getMessage());
  }

  private static void assertRefused(
      UpdateRule rule, double rate, Map<String, Double> given, String message) {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> OptimizerSettings.of(rule, rate, given));
    assertEquals(message, error.getMessage());
  }
}
