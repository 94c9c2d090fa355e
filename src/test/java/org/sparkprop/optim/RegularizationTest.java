package org.sparkprop.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sparkprop.optim.Parallel.ON_CALLER;
import static org.sparkprop.optim.Regularization.UNBOUNDED;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Topology;

/** Steps of plain descent by hand; {@link TorchTest} has the rest. */
class RegularizationTest {
  /** Weights (2, 2), two biases, weights (1, 2), one bias. */
  private static final Topology TOPOLOGY = Topology.of(2, LayerSpec.parseList("2 tanh, 1 linear"));

  private static final float[] PARAMETERS = {4, -2, 0, 8, 4, 4, -4, 2, 4};

  private static float[] step(Regularization regularization, float... gradient) {
    float[] parameters = PARAMETERS.clone();
    OptimizerSettings.of(UpdateRule.of("sgd"), 0.5, Map.of("momentum", 0.0))
        .withRegularization(regularization)
        .create(TOPOLOGY)
        .step(parameters, gradient, 0.5f, ON_CALLER);
    return parameters;
  }

  private static Regularization penalty(double l1, double l2, double decay) {
    return new Regularization(l1, l2, decay, UNBOUNDED, UNBOUNDED, UNBOUNDED);
  }

  private static Regularization bound(double maxNorm, double clipValue, double clipNorm) {
    return new Regularization(0, 0, 0, maxNorm, clipValue, clipNorm);
  }

  @Test
  void l1TakesTheSameFromEachWeightAndNothingFromZeroAndBiases() {
    assertArrayEquals(
        new float[] {3.5f, -1.5f, 0, 7.5f, 4, 4, -3.5f, 1.5f, 4},
        step(penalty(1, 0, 0), new float[9]));
  }

  @Test
  void l2AndDecayTakeAShareOfEachWeightAndNothingFromBiases() {
    float[] expected = {3, -1.5f, 0, 6, 4, 4, -3, 1.5f, 4};
    assertArrayEquals(expected, step(penalty(0, 0.5, 0), new float[9]));
    assertArrayEquals(expected, step(penalty(0, 0, 0.5), new float[9]));
  }

  /** Momentum has seen the L2 of the first step, but not the decay. */
  @Test
  void decayIsPastTheRuleAndL2IsNot() {
    OptimizerSettings momentum =
        OptimizerSettings.of(UpdateRule.of("sgd"), 0.5, Map.of("momentum", 0.5));
    float[] withL2 = PARAMETERS.clone();
    Optimizer l2 = momentum.withRegularization(penalty(0, 0.5, 0)).create(TOPOLOGY);
    float[] withDecay = PARAMETERS.clone();
    Optimizer decay = momentum.withRegularization(penalty(0, 0, 0.5)).create(TOPOLOGY);
    for (int step = 0; step < 2; step++) {
      l2.step(withL2, new float[9], 0.5f, ON_CALLER);
      decay.step(withDecay, new float[9], 0.5f, ON_CALLER);
    }

    assertEquals(4 * 0.75 * 0.75, withDecay[0]);
    assertEquals(4 * 0.75 - 0.5 * (4 * 0.75 * 0.5 + 0.5 * 2), withL2[0]);
  }

  @Test
  void eachElementIsClipped() {
    assertArrayEquals(
        new float[] {3, -1, 0, 7.5f, 3.5f, 4, -3, 1, 4},
        step(bound(UNBOUNDED, 2, UNBOUNDED), 9, -5, 0, 1, 1, 0, -2, 2, 0));
  }

  /** The gradient's length is 10, so it is cut to a fifth; a small one is left alone. */
  @Test
  void theWholeGradientIsClipped() {
    float[] found = step(bound(UNBOUNDED, UNBOUNDED, 2), 0, 0, 6, 0, 0, 8, 0, 0, 0);
    assertArrayEquals(new float[] {4, -2, -0.6f, 8, 4, 3.2f, -4, 2, 4}, found, 1e-6f);

    assertArrayEquals(
        new float[] {4, -2, -3, 8, 4, 0, -4, 2, 4},
        step(bound(UNBOUNDED, UNBOUNDED, 10.5), 0, 0, 6, 0, 0, 8, 0, 0, 0));
  }

  /** Clipped to 3 and 4 by value, which have length 5, and then to a fifth by norm. */
  @Test
  void valuesAreClippedBeforeTheNorm() {
    float[] found = step(bound(UNBOUNDED, 4, 1), 3, 0, 0, 0, 0, 0, 0, 0, 100);
    assertArrayEquals(new float[] {3.7f, -2, 0, 8, 4, 4, -4, 2, 3.6f}, found, 1e-6f);
  }

  @Test
  void penaltiesAreNotClipped() {
    Regularization both = new Regularization(0, 1, 0, UNBOUNDED, 0.5, UNBOUNDED);
    assertEquals(4 - 0.5 * (0.5 + 4), step(both, 9, 0, 0, 0, 0, 0, 0, 0, 0)[0]);
    Regularization norm = new Regularization(2, 0, 0, UNBOUNDED, UNBOUNDED, 0.5);
    assertEquals(4 - 0.5 * (0.5 + 2), step(norm, 9, 0, 0, 0, 0, 0, 0, 0, 0)[0], 1e-6);
  }

  /** Of (4, -2), (0, 8) and (-4, 2), the second alone is longer than 5. */
  @Test
  void weightsOfAUnitAreBoundedTogetherAndBiasesAreNot() {
    float[] found = step(bound(5, UNBOUNDED, UNBOUNDED), new float[9]);
    assertArrayEquals(new float[] {4, -2, 0, 5, 4, 4, -4, 2, 4}, found, 1e-6f);

    float[] shorter = step(bound(1, UNBOUNDED, UNBOUNDED), new float[9]);
    float root = (float) Math.sqrt(5);
    assertArrayEquals(
        new float[] {2 / root, -1 / root, 0, 1, 4, 4, -2 / root, 1 / root, 4}, shorter, 1e-6f);
  }

  /** Rows longer than a block, and shorter; nothing here ends where a block does. */
  @Test
  void normsOfManyBlocksAreThoseOfAllElements() {
    Topology topology = Topology.of(3000, LayerSpec.parseList("7 tanh, 90 tanh, 1 linear"));
    int[][] rows = {{0, 7, 3000}, {21_007, 90, 7}, {21_007 + 630 + 90, 1, 90}};
    Random random = new Random(1);
    float[] parameters = new float[topology.parameterCount()];
    float[] gradient = new float[parameters.length];
    double squares = 0;
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) random.nextGaussian();
      gradient[i] = (float) random.nextGaussian();
      squares += (double) gradient[i] * gradient[i];
    }
    double[] expected = new double[parameters.length];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = parameters[i] - 0.5 * gradient[i] * (100 / Math.sqrt(squares));
    }
    for (int[] layer : rows) {
      for (int row = 0; row < layer[1]; row++) {
        int from = layer[0] + row * layer[2];
        double length = 0;
        for (int i = from; i < from + layer[2]; i++) {
          length += expected[i] * expected[i];
        }
        for (int i = from; i < from + layer[2]; i++) {
          expected[i] *= Math.min(1, 2 / Math.sqrt(length));
        }
      }
    }

    OptimizerSettings.of(UpdateRule.of("sgd"), 0.5, Map.of("momentum", 0.0))
        .withRegularization(bound(2, UNBOUNDED, 100))
        .create(topology)
        .step(parameters, gradient, 0.5f, ON_CALLER);

    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], parameters[i], 1e-6 * 5, "parameter " + i); // the largest is 5
    }
  }

  @Test
  void gradientThatIsNoNumberIsNotHidden() {
    for (Regularization one :
        new Regularization[] {
          bound(UNBOUNDED, 1, UNBOUNDED), bound(UNBOUNDED, UNBOUNDED, 1), bound(1, 1, 1)
        }) {
      assertTrue(Float.isNaN(step(one, Float.NaN, 0, 0, 0, 0, 0, 0, 0, 0)[0]));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, Double.NaN, Double.NEGATIVE_INFINITY})
  void penaltiesMustNotBeNegative(double value) {
    assertRefused("Invalid l1: %s (must be >= 0)".formatted(value), value, 0, 0);
    assertRefused("Invalid l2: %s (must be >= 0)".formatted(value), 0, value, 0);
    assertRefused("Invalid weight decay: %s (must be >= 0)".formatted(value), 0, 0, value);
  }

  @Test
  void penaltiesMustBeFloats() {
    assertRefused("Invalid l1: 1.0E60 (must be <= 3.4028235E38)", 1e60, 0, 0);
    assertRefused("Invalid l2: Infinity (must be <= 3.4028235E38)", 0, UNBOUNDED, 0);
  }

  private static void assertRefused(String message, double l1, double l2, double decay) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> penalty(l1, l2, decay)).getMessage());
  }

  @ParameterizedTest
  @CsvSource({"0.0", "-1.0", "NaN", "-Infinity"})
  void boundsMustBePositive(double value) {
    assertBoundRefused("Invalid max norm: %s (must be > 0)".formatted(value), value, 1, 1);
    assertBoundRefused("Invalid clip value: %s (must be > 0)".formatted(value), 1, value, 1);
    assertBoundRefused("Invalid clip norm: %s (must be > 0)".formatted(value), 1, 1, value);
  }

  @Test
  void boundsMustBeFloats() {
    assertBoundRefused(
        "Invalid clip norm: 1.0E60 (must be a float, 1.17549435E-38 to 3.4028235E38)", 1, 1, 1e60);
  }

  private static void assertBoundRefused(
      String message, double maxNorm, double clipValue, double clipNorm) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> bound(maxNorm, clipValue, clipNorm))
            .getMessage());
  }

  @Test
  void decayOfMoreThanTheWeightIsRefused() {
    OptimizerSettings sgd = OptimizerSettings.of(UpdateRule.of("sgd"), 0.5, Map.of());
    assertEquals(2, sgd.withRegularization(penalty(0, 0, 2)).regularization().weightDecay());
    assertEquals(
        "Invalid weight decay: 2.5 (must be <= 1 / the learning rate, 2.0: a step takes rate times decay of each weight)",
        assertThrows(
                IllegalArgumentException.class, () -> sgd.withRegularization(penalty(0, 0, 2.5)))
            .getMessage());
  }

  @Test
  void wordsAreThoseOfTheCommandLine() {
    assertEquals(
        "{l1=0.0, l2=0.5, weight-decay=0.0, max-norm=none, clip-value=none, clip-norm=none}",
        penalty(0, 0.5, 0).toWords().toString());
    assertEquals(
        "{l1=0.0, l2=0.0, weight-decay=0.0, max-norm=1.0, clip-value=2.0, clip-norm=3.0}",
        bound(1, 2, 3).toWords().toString());
  }
}
