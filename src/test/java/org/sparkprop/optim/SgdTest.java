package org.sparkprop.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.sparkprop.optim.Parallel.ON_CALLER;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Topology;

/** Every number here is exact in float, so nothing is rounded and nothing is tolerated. */
class SgdTest {
  /** A weight and a bias. */
  private static final Topology TWO = Topology.of(1, LayerSpec.parseList("1 linear"));

  private static final float[][] GRADIENTS = {{2, -4}, {1, 0}, {-3, 8}};

  @Test
  void plainStepsMatchTheHand() {
    // rate 1/2: (1, -1) - (1, -2), then - (1/2, 0), then - (-3/2, 4)
    checkThreeSteps(Map.of("momentum", 0.0), new float[][] {{0, 1}, {-0.5f, 1}, {1, -3}});
  }

  @Test
  void momentumMatchesThreeStepsByHand() {
    // momentum 1/2, so v = (2, -4), then (1 + 1, 0 - 2) = (2, -2), then (1 - 3, -1 + 8) = (-2, 7)
    // rate 1/2: (1, -1) - (1, -2), then - (1, -1), then - (-1, 3.5)
    checkThreeSteps(Map.of("momentum", 0.5), new float[][] {{0, 1}, {-1, 2}, {0, -1.5f}});
  }

  @Test
  void nesterovMatchesThreeStepsByHand() {
    // v as with momentum, and the step takes g + v / 2:
    // (2 + 1, -4 - 2) = (3, -6), then (1 + 1, 0 - 1) = (2, -1), then (-3 - 1, 8 + 3.5) = (-4, 11.5)
    // rate 1/2: (1, -1) - (1.5, -3), then - (1, -0.5), then - (-2, 5.75)
    checkThreeSteps(
        Map.of("momentum", 0.5, "nesterov", 1.0),
        new float[][] {{-0.5f, 2}, {-1.5f, 2.5f}, {0.5f, -3.25f}});
  }

  @Test
  void rateOfEachStepCounts() {
    // The velocity holds gradients and not steps: v = 1, then 1/2 + 1 = 3/2.
    Optimizer sgd = create(Map.of("momentum", 0.5));
    float[] parameters = {0, 0};
    sgd.step(parameters, new float[] {1, -1}, 1, ON_CALLER);
    assertArrayEquals(new float[] {-1, 1}, parameters);
    sgd.step(parameters, new float[] {1, -1}, 0.25f, ON_CALLER);
    assertArrayEquals(new float[] {-1.375f, 1.375f}, parameters);
  }

  @Test
  void momentumGoesOnWithoutGradient() {
    Optimizer sgd = create(Map.of("momentum", 0.5));
    float[] parameters = {0, 0};
    sgd.step(parameters, new float[] {1, -2}, 1, ON_CALLER);
    sgd.step(parameters, new float[2], 1, ON_CALLER);
    sgd.step(parameters, new float[2], 1, ON_CALLER);
    assertArrayEquals(new float[] {-1.75f, 3.5f}, parameters);
  }

  @Test
  void stepLeavesTheGradientAlone() {
    Optimizer sgd = create(Map.of("nesterov", 1.0));
    float[] gradient = {2, -4};
    sgd.step(new float[] {1, 1}, gradient, 0.5f, ON_CALLER);
    assertArrayEquals(new float[] {2, -4}, gradient);
  }

  @Test
  void optimizersOfOneRuleDoNotShareVelocity() {
    OptimizerSettings settings =
        OptimizerSettings.of(UpdateRule.of("sgd"), 0.5, Map.of("momentum", 0.5));
    settings.create(TWO).step(new float[2], new float[] {100, 100}, 1, ON_CALLER);
    float[] parameters = {0, 0};
    settings.create(TWO).step(parameters, new float[] {1, 2}, 1, ON_CALLER);
    assertArrayEquals(new float[] {-1, -2}, parameters);
  }

  @Test
  void nesterovWithoutMomentumIsRefused() {
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class, () -> create(Map.of("momentum", 0.0, "nesterov", 1.0)));
    assertEquals("Invalid momentum: 0.0 (must be > 0 with --nesterov)", error.getMessage());
  }

  private static void checkThreeSteps(Map<String, Double> given, float[][] expected) {
    Optimizer sgd = create(given);
    float[] parameters = {1, -1};
    for (int step = 0; step < 3; step++) {
      sgd.step(parameters, GRADIENTS[step], 0.5f, ON_CALLER);
      assertArrayEquals(expected[step], parameters, "step " + (step + 1));
    }
  }

  private static Optimizer create(Map<String, Double> given) {
    return OptimizerSettings.of(UpdateRule.of("sgd"), 0.5, given).create(TWO);
  }
}
