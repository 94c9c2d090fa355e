package org.sparkprop.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Topology;

class LayerScalesTest {
  /** Two weights, a bias; a weight, a bias. */
  private static final LayerScales SCALES =
      new LayerScales(new Tensors(Topology.of(2, LayerSpec.parseList("1 relu, 1"))));

  private static float[] scaled(double unknown, double[]... logRatios) {
    float[] q = {1, 2, 3, 4, 5};
    SCALES.multiply(q, List.of(logRatios), unknown, Parallel.ON_CALLER);
    return q;
  }

  @Test
  void aRatioIsThatOfTwoLengths() {
    double[] logs = SCALES.logRatios(new float[] {6, 8, 1, 1, 0}, new float[] {3, 4, 4, 0, 7});

    assertEquals(Math.log(2), logs[0], 1e-15); // 10 / 5
    assertEquals(Math.log(0.25), logs[1], 1e-15);
    assertTrue(Double.isNaN(logs[2]), "no change");
    assertTrue(Double.isNaN(logs[3]), "no step");
  }

  @Test
  void eachTensorHasItsOwn() {
    double[] logs = {Math.log(2), Math.log(10), Math.log(0.5), 0};
    assertArrayEquals(new float[] {2, 4, 30, 2, 5}, scaled(7, logs), 1e-5f);
  }

  /** √(√(16 · 1) · 9) = 6. */
  @Test
  void theLastRatioCountsOneHalfAndTheOneBeforeAQuarter() {
    double[] first = {Math.log(16), 0, 0, 0};
    double[] second = {0, 0, 0, 0};
    double[] third = {Math.log(9), 0, 0, 0};
    assertArrayEquals(new float[] {6, 12, 3, 4, 5}, scaled(7, first, second, third), 1e-5f);
  }

  @Test
  void whatHasNoRatioHasTheScaleOfAll() {
    double none = Double.NaN;
    double[] first = {Math.log(4), none, none, none};
    double[] second = {none, Math.log(2), none, none};
    assertArrayEquals(new float[] {4, 8, 6, 28, 35}, scaled(7, first, second), 1e-5f);
  }
}
