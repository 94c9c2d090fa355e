package org.sparkprop.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.sparkprop.optim.Parallel.ON_CALLER;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Topology;

class AdamTest {
  /** A weight and a bias. */
  private static final Topology TWO = Topology.of(1, LayerSpec.parseList("1 linear"));

  /** Of the step: its arithmetic takes about ten roundings of a float (6e-8 each). */
  private static final double FLOAT = 6e-7;

  @Test
  void adamMatchesThreeStepsByHand() {
    // beta1 = 1/2, beta2 = 3/4, epsilon = 1/2, rate = 1/2, gradients 2, -5, -4:
    //   t  m                   v                     m / (1 - beta1^t)    v / (1 - beta2^t)
    //   1  1                   4/4 = 1               1 / (1/2) = 2        1 / (1/4) = 4
    //   2  1/2 - 5/2 = -2      3/4 + 25/4 = 7        -2 / (3/4) = -8/3    7 / (7/16) = 16
    //   3  -1 - 2 = -3         21/4 + 16/4 = 37/4    -3 / (7/8) = -24/7   37/4 / (37/64) = 16
    // so the steps are 1/2 · 2 / (2 + 1/2) = 2/5, 1/2 · -8/3 / (4 + 1/2) = -8/27 and
    // 1/2 · -24/7 / (4 + 1/2) = -8/21.
    Optimizer adam = create(Map.of("beta1", 0.5, "beta2", 0.75, "epsilon", 0.5));
    float[] parameters = {0, 1};
    double[] expected = {-2 / 5., -2 / 5. + 8 / 27., -2 / 5. + 8 / 27. + 8 / 21.};
    float[] gradients = {2, -5, -4};
    for (int step = 0; step < 3; step++) {
      adam.step(parameters, new float[] {gradients[step], -gradients[step]}, 0.5f, ON_CALLER);
      assertEquals(expected[step], parameters[0], FLOAT, "step " + (step + 1));
      assertEquals(1 - expected[step], parameters[1], FLOAT, "step " + (step + 1));
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {1e-3f, -1e-3f, 1, -1000, 1e6f})
  void stepsOfASteadyGradientAreTheRateFromTheFirst(float gradient) {
    // With both biases corrected, m = g and v = g², so a step is rate g / (|g| + 1e-8).
    Optimizer adam = create(Map.of());
    float[] parameters = {0, 0};
    for (int step = 1; step <= 3; step++) {
      adam.step(parameters, new float[] {gradient, 0}, 0.25f, ON_CALLER);
      double exact = step * 0.25 * gradient / (Math.abs(gradient) + 1e-8);
      assertEquals(-exact, parameters[0], step * 0.25 * FLOAT);
    }
  }

  @Test
  void parametersWithoutGradientStayWhereTheyAre() {
    Optimizer adam = create(Map.of());
    float[] parameters = {3, -0.5f};
    for (int step = 0; step < 3; step++) {
      adam.step(parameters, new float[2], 0.25f, ON_CALLER);
    }
    assertArrayEquals(new float[] {3, -0.5f}, parameters);
  }

  @Test
  void optimizersOfOneRuleDoNotShareMoments() {
    OptimizerSettings settings = OptimizerSettings.of(UpdateRule.of("adam"));
    settings.create(TWO).step(new float[2], new float[] {1e6f, 1}, 0.25f, ON_CALLER);
    float[] parameters = {0, 0};
    settings.create(TWO).step(parameters, new float[] {1, 1}, 0.25f, ON_CALLER);
    assertEquals(-0.25, parameters[0], 0.25 * FLOAT);
  }

  private static Optimizer create(Map<String, Double> given) {
    return OptimizerSettings.of(UpdateRule.of("adam"), 0.5, given).create(TWO);
  }
}
