package org.sparkprop.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.numbers.gamma.Erf;
import org.apache.commons.numbers.gamma.Erfc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GaussianNoiseTest {
  private static final int N = 1_000_003; // not a multiple of what one random number is enough for

  /** Quantiles of a table: Abramowitz and Stegun 1964, table 26.1. */
  @ParameterizedTest
  @CsvSource({
    "-3.0, 0.00134990",
    "-2.0, 0.02275013",
    "-1.0, 0.15865525",
    "-0.5, 0.30853754",
    "0.0, 0.5",
    "0.25, 0.59870633",
    "1.5, 0.93319280",
    "2.5, 0.99379033"
  })
  void isNormal(double deviations, double below) {
    float[] noise = noise(0.5, 17);
    int found = 0;
    for (float each : noise) {
      found += each < 0.5 * deviations ? 1 : 0;
    }
    double spread = Math.sqrt(below * (1 - below) / N);
    assertEquals(below, (double) found / N, 5 * spread);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 1, 40})
  void hasItsDeviationAndNoMean(double deviation) {
    double sum = 0;
    double squares = 0;
    for (float each : noise(deviation, 3)) {
      sum += each;
      squares += (double) each * each;
    }
    assertEquals(0, sum / N, 5 * deviation / Math.sqrt(N));
    assertEquals(1, Math.sqrt(squares / N) / deviation, 5 / Math.sqrt(2.0 * N));
  }

  @Test
  void isAnotherForEachKeyAndFeature() {
    float[] noise = noise(1, 1);
    assertArrayEquals(noise, noise(1, 1));
    // Uncorrelated: with that of the next key, of the next feature, and of the next four.
    assertUncorrelated(noise, noise(1, 2), 0);
    assertUncorrelated(noise, noise, 1);
    assertUncorrelated(noise, noise, 4);
  }

  private static void assertUncorrelated(float[] a, float[] b, int shift) {
    double sum = 0;
    for (int i = 0; i + shift < N; i++) {
      sum += (double) a[i] * b[i + shift];
    }
    assertEquals(0, sum / N, 5 / Math.sqrt(N));
  }

  /** Of the same key: what is dropped says nothing about the noise. */
  @Test
  void isNotTheRandomnessOfDropout() {
    float[] mask = new float[N];
    new Dropout(0.5, List.of()).fillMask(mask, N, 0, 17);
    float[] noise = noise(1, 17);
    double sum = 0;
    for (int i = 0; i < N; i++) {
      sum += (mask[i] - 1) * noise[i];
    }
    assertEquals(0, sum / N, 5 / Math.sqrt(N));
  }

  /**
   * The last bits of a logarithm are the platform's choice: no quantile may lie so near the middle
   * between two floats that they would decide to which of them it is rounded.
   */
  @Test
  void quantilesAreTheSameOnEveryPlatform() {
    float[] quantiles = GaussianNoise.Quantiles.ALL;
    int half = quantiles.length / 2;
    for (int i = 0; i < half; i++) {
      double tail = (i + 0.5) / half;
      double exact = quantile(quantiles[i], tail);
      assertEquals((float) (exact * (1 + 1e-13)), quantiles[i], "quantile " + i);
      assertEquals((float) (exact * (1 - 1e-13)), quantiles[i], "quantile " + i);
      assertEquals(-quantiles[i], quantiles[half + i]);
    }
  }

  /** Newton's step to where the error function has that value, from the quantile that is tested. */
  private static double quantile(double from, double tail) {
    double x = from / Math.sqrt(2);
    double tooMuch = tail > 0.5 ? Erf.value(x) - (1 - tail) : tail - Erfc.value(x);
    return from - tooMuch / (Math.sqrt(2 / Math.PI) * Math.exp(-x * x));
  }

  @Test
  void isAddedToTheFeaturesOfTrainingAlone() {
    Topology topology = Topology.of(6, LayerSpec.parseList("8 tanh, 3 softmax"));
    Loss loss = Loss.SOFTMAX_CROSS_ENTROPY;
    GaussianNoise noise = new GaussianNoise(0.5);
    Network network =
        new Network(topology, loss, LearningTask.CLASSIFICATION, noise, Dropout.NONE, 0);
    Network plain = new Network(topology, loss);
    float[] parameters = SampleRows.parameters(topology);
    int rows = 4;

    Workspace noisy = SampleRows.slice(topology, 0, rows);
    noise.addTo(noisy.features(), rows * 6, 99);
    float[] expected = new float[parameters.length];
    double expectedSum = plain.gradient(parameters, noisy, rows, expected);
    Workspace slice = SampleRows.slice(topology, 0, rows);
    float[] gradient = new float[parameters.length];
    assertEquals(expectedSum, network.gradient(parameters, slice, rows, gradient, 99));
    assertArrayEquals(expected, gradient);

    Workspace clean = SampleRows.slice(topology, 0, rows);
    double cleanLoss = plain.predictWithLoss(parameters, clean, rows);
    Workspace again = SampleRows.slice(topology, 0, rows);
    assertEquals(cleanLoss, network.predictWithLoss(parameters, again, rows));
    assertFalse(Arrays.equals(clean.features(), noisy.features()));
    assertTrue(expectedSum != cleanLoss);
  }

  @ParameterizedTest
  @CsvSource({
    "-0.1, Invalid input noise: -0.1 (must be >= 0)",
    "NaN, Invalid input noise: NaN (must be >= 0)",
    "Infinity, Invalid input noise: Infinity (must be <= 3.4028235E38)"
  })
  void deviationsThatCannotBeAreRefused(double deviation, String message) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> new GaussianNoise(deviation))
            .getMessage());
  }

  private static float[] noise(double deviation, long key) {
    float[] x = new float[N];
    new GaussianNoise(deviation).addTo(x, N, key);
    return x;
  }
}
