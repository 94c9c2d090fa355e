package org.sparkprop.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest {
  private static final int IN = 6;
  private static final int ROWS = 4;

  /** Of sums of a few dozen products of floats (6e-8). */
  private static final double FLOAT = 2e-6;

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.2, 0.5, 0.8, 0.999})
  void dropsItsShareAndKeepsTheMean(double rate) {
    int n = 1_000_003; // not a multiple of what one random number is enough for
    float[] mask = new float[n];
    new Dropout(rate, List.of()).fillMask(mask, n, 0, 17);
    double steps = Math.round(rate * 65536) / 65536.0;
    int dropped = 0;
    for (float factor : mask) {
      dropped += factor == 0 ? 1 : 0;
      if (factor != 0) {
        assertEquals(1 / (1 - steps), factor, 1e-6 / (1 - steps));
      }
    }
    double deviation = Math.sqrt(steps * (1 - steps) / n);
    assertEquals(steps, (double) dropped / n, 5 * deviation);
  }

  @Test
  void masksAreOthersForEachKeyLayerAndUnit() {
    Dropout dropout = new Dropout(0.5, List.of(0.5));
    float[] mask = mask(dropout, 0, 1);
    assertArrayEquals(mask, mask(dropout, 0, 1));
    assertFalse(Arrays.equals(mask, mask(dropout, 0, 2)));
    assertFalse(Arrays.equals(mask, mask(dropout, 1, 1)));
    // Neighbouring keys, as those of neighbouring rows: half of the units agree.
    float[] next = mask(dropout, 0, 2);
    int same = 0;
    for (int i = 0; i < mask.length; i++) {
      same += mask[i] == next[i] ? 1 : 0;
    }
    assertEquals(0.5, (double) same / mask.length, 5 * Math.sqrt(0.25 / mask.length));
  }

  private static float[] mask(Dropout dropout, int layer, long key) {
    float[] mask = new float[4096];
    dropout.fillMask(mask, mask.length, layer, key);
    return mask;
  }

  /** The same network without dropout, whose weights of dropped inputs are 0, row by row. */
  @ParameterizedTest
  @CsvSource({"relu", "tanh", "gelu", "sigmoid"})
  void gradientIsThatOfThinnedNetworks(String activation) {
    Dropout dropout = new Dropout(0.3, List.of(0.5, 0.25));
    List<LayerSpec> sizes = LayerSpec.parseList("8 %1$s, 7 %1$s, 3 softmax".formatted(activation));
    Topology topology = Topology.of(IN, sizes);
    Loss loss = Loss.SOFTMAX_CROSS_ENTROPY;
    Network network =
        new Network(topology, loss, LearningTask.CLASSIFICATION, GaussianNoise.NONE, dropout, 0);
    Workspace slice = network.workspace(ROWS);
    SampleRows.fill(slice, 0, ROWS);
    float[] features = slice.features().clone();
    float[] parameters = SampleRows.parameters(topology);
    float[] gradient = new float[parameters.length];
    long key = 99;

    double sum = network.gradient(parameters, slice, ROWS, gradient, key);

    Network plain = new Network(topology, loss);
    double expectedSum = 0;
    double[] expected = new double[gradient.length];
    for (int row = 0; row < ROWS; row++) {
      float[] factors = factors(topology, dropout, row, key);
      float[] thinned = parameters.clone();
      for (int i = 0; i < thinned.length; i++) {
        thinned[i] *= factors[i];
      }
      Workspace one = new Workspace(topology, 1);
      System.arraycopy(features, row * IN, one.features(), 0, IN);
      one.labels()[0] = slice.labels()[row];
      float[] ofRow = new float[gradient.length];
      expectedSum += plain.gradient(thinned, one, 1, ofRow);
      for (int i = 0; i < ofRow.length; i++) {
        expected[i] += ofRow[i] * factors[i]; // the chain rule: thinned = parameters · factors
      }
    }
    assertEquals(expectedSum, sum, FLOAT * sum);
    for (int i = 0; i < gradient.length; i++) {
      assertEquals(expected[i], gradient[i], FLOAT, "parameter " + i);
    }
  }

  /** What each weight is multiplied by when the inputs of a row are dropped; 1 for biases. */
  private static float[] factors(Topology topology, Dropout dropout, int row, long key) {
    float[] factors = new float[topology.parameterCount()];
    Arrays.fill(factors, 1);
    for (int l = 0; l < topology.layers().size(); l++) {
      DenseLayer layer = topology.layers().get(l);
      float[] mask = new float[ROWS * layer.in()];
      dropout.fillMask(mask, mask.length, l, key);
      for (int weight = 0; weight < layer.out() * layer.in(); weight++) {
        factors[layer.weightsAt() + weight] = mask[row * layer.in() + weight % layer.in()];
      }
    }
    return factors;
  }

  @Test
  void predictionsDropNothing() {
    Topology topology = Topology.of(IN, LayerSpec.parseList("8 relu, 3 softmax"));
    Loss loss = Loss.SOFTMAX_CROSS_ENTROPY;
    Dropout dropout = new Dropout(0.5, List.of(0.5));
    Network network =
        new Network(topology, loss, LearningTask.CLASSIFICATION, GaussianNoise.NONE, dropout, 0);
    Network plain = new Network(topology, loss);
    float[] parameters = SampleRows.parameters(topology);
    Workspace slice = network.workspace(ROWS);
    SampleRows.fill(slice, 0, ROWS);
    Workspace expected = SampleRows.slice(topology, 0, ROWS);
    assertEquals(
        plain.predictWithLoss(parameters, expected, ROWS),
        network.predictWithLoss(parameters, slice, ROWS));
    assertArrayEquals(expected.output(), slice.output());
    float[] gradient = new float[parameters.length];
    double other = network.gradient(parameters, slice, ROWS, gradient, 1);
    SampleRows.fill(slice, 0, ROWS);
    assertNotEquals(other, network.gradient(parameters, slice, ROWS, gradient, 2));
  }

  @Test
  void oneRateIsForAllHiddenLayersAndAListForEach() {
    Dropout one = new Dropout(0, Dropout.parseRates("0.5"));
    one.checkCompatible(3);
    Dropout list = new Dropout(0, Dropout.parseRates("0, 0.5 ,0.25"));
    list.checkCompatible(3);
    assertEquals("0.0, 0.5, 0.25", list.hiddenWords());
    assertEquals(list.hidden(), Dropout.parseRates(list.hiddenWords()));
    assertFalse(one.dropsInputOf(0));
    assertFalse(list.dropsInputOf(1));
    Dropout.NONE.checkCompatible(0);
    assertEquals("0.0", Dropout.NONE.hiddenWords());
  }

  @Test
  void ratesThatCannotBeAreRefused() {
    assertRefused("Invalid dropout: 1.0 (must be >= 0 and < 1)", () -> hidden("1"));
    assertRefused("Invalid dropout: -0.1 (must be >= 0 and < 1)", () -> hidden("0.5,-0.1"));
    assertRefused("Invalid dropout: NaN (must be >= 0 and < 1)", () -> hidden("NaN"));
    assertRefused(
        "Invalid input dropout: 1.5 (must be >= 0 and < 1)", () -> new Dropout(1.5, List.of()));
    assertRefused(
        "Invalid dropout: half (must be a rate such as 0.5, or one for each hidden layer: 0.2, 0.5)",
        () -> hidden("half"));
    assertRefused(
        "Invalid dropout: 0.5, 0.5 (must be one rate, or 3, one for each hidden layer)",
        () -> hidden("0.5,0.5").checkCompatible(3));
    assertRefused(
        "Invalid dropout: 0.5 (there is no hidden layer; use --input-dropout for the features)",
        () -> hidden("0.5").checkCompatible(0));
  }

  private static Dropout hidden(String rates) {
    return new Dropout(0, Dropout.parseRates(rates));
  }

  private static void assertRefused(String message, Runnable choice) {
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, choice::run);
    assertEquals(message, refused.getMessage());
  }
}
