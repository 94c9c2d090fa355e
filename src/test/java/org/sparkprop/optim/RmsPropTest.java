package org.sparkprop.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sparkprop.optim.Parallel.ON_CALLER;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Topology;

class RmsPropTest {
  /** A weight and a bias. */
  private static final Topology TWO = Topology.of(1, LayerSpec.parseList("1 linear"));

  private static Optimizer create(Map<String, Double> given) {
    return OptimizerSettings.of(UpdateRule.of("rmsprop"), 0.5, given).create(TWO);
  }

  /** v and a² become the same number but for rounding, whose root must not be taken below 0. */
  @Test
  void theSpreadOfASteadyGradientIsNotNegative() {
    for (float gradient : new float[] {0.1f, 1 / 3f, 0.7f, 5.1f}) {
      Optimizer centered = create(Map.of("centered", 1.0, "alpha", 0.95, "epsilon", 0.5));
      float[] parameters = {0, 0};
      for (int step = 0; step < 1000; step++) {
        centered.step(parameters, new float[] {gradient, -gradient}, 1e-3f, ON_CALLER);
      }
      assertTrue(Float.isFinite(parameters[0]) && parameters[0] < 0, gradient + "");
      assertEquals(parameters[0], -parameters[1]);
    }
  }

  @Test
  void parametersWithoutGradientStayWhereTheyAre() {
    Optimizer all = create(Map.of("centered", 1.0, "momentum", 0.5));
    float[] parameters = {3, -0.5f};
    for (int step = 0; step < 3; step++) {
      all.step(parameters, new float[2], 0.25f, ON_CALLER);
    }
    assertArrayEquals(new float[] {3, -0.5f}, parameters);
  }

  /** What is not used need not travel to workers. */
  @Test
  void onlyTheMomentsThatAreUsedAreKept() {
    assertEquals(1, create(Map.of()).vectors().size());
    assertEquals(2, create(Map.of("centered", 1.0)).vectors().size());
    assertEquals(2, create(Map.of("momentum", 0.5)).vectors().size());
    assertEquals(3, create(Map.of("centered", 1.0, "momentum", 0.5)).vectors().size());
  }
}
