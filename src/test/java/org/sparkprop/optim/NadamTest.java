package org.sparkprop.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Topology;

class NadamTest {
  private static final Topology TWO = Topology.of(1, LayerSpec.parseList("1 linear"));

  private static Optimizer nadam() {
    return OptimizerSettings.of(UpdateRule.of("nadam")).create(TWO);
  }

  private static void step(Optimizer nadam, float[] parameters, long number) {
    float[] gradient = {(float) Math.sin((double) number), 1};
    nadam.step(parameters, gradient, 0.01f, Parallel.ON_CALLER);
  }

  /** Its momenta are multiplied, which an optimiser that goes on elsewhere has to make good. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 30, 700, 5000})
  void oneThatGoesOnElsewhereHasTheSameBits(long steps) {
    Optimizer whole = nadam();
    float[] parameters = {1, -1};
    for (long number = 1; number <= steps; number++) {
      step(whole, parameters, number);
    }
    Optimizer other = nadam();
    other.resume(
        List.of(whole.vectors().get(0).clone(), whole.vectors().get(1).clone()),
        whole.objective(),
        whole.steps());
    float[] same = parameters.clone();

    step(whole, parameters, steps + 1);
    step(other, same, steps + 1);
    step(whole, parameters, steps + 2);
    step(other, same, steps + 2);

    assertArrayEquals(parameters, same);
    assertTrue(Float.isFinite(same[0]) && same[1] < -1, "against the slope");
  }
}
