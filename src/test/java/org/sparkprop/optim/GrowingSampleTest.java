package org.sparkprop.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrowingSampleTest {
  private static GrowingSample of(Map<String, Double> given) {
    return GrowingSample.of(OptimizerSettings.of(UpdateRule.of("lbfgs"), 1, given));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 3, false",
    "2, 3, false",
    "3, 2, true",
    "4, 2, false",
    "5, 1, true",
    "6, 1, false",
    "7, 0, true",
    "8, 0, false",
    "9, 0, false",
    "1000000, 0, false"
  })
  void itDoublesAfterSoManyIterations(int epoch, int left, boolean grows) {
    GrowingSample sample = of(Map.of("sample-doublings", 3.0, "sample-iterations", 2.0));

    assertEquals(left, sample.doublingsLeft(epoch));
    assertEquals(grows, sample.growsBefore(epoch));
  }

  @Test
  void allRowsAreSeenFromTheStartUnlessToldOtherwise() {
    assertEquals(new GrowingSample(0, 3), of(Map.of()));
    assertEquals(0, of(Map.of()).doublingsLeft(1));
  }
}
