package org.sparkprop.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.nn.Initializer.Kind;

class InitializerTest {
  private static final int IN = 300;
  private static final int OUT = 400;
  private static final int WEIGHTS = IN * OUT;

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 1L << 40})
  void heIsNormalWithVarianceOfTwoOverIn(long seed) {
    assertNormal(2.0 / IN, weights("he", seed));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 1L << 40})
  void normalHasTheGivenDeviation(long seed) {
    assertNormal(0.02 * 0.02, weights("normal(0.02)", seed));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 1L << 40})
  void glorotIsUniformWithVarianceOfTwoOverInAndOut(long seed) {
    assertUniform(Math.sqrt(6.0 / (IN + OUT)), weights("glorot", seed));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 1L << 40})
  void uniformHasTheGivenBound(long seed) {
    assertUniform(0.25, weights("uniform(0.25)", seed));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "he", "glorot", "uniform(0.5)", "normal(0.1)"})
  void biasesStartAtZeroAndWeightsDoNot(String initializer) {
    Topology topology = Topology.of(7, LayerSpec.parseList("5 relu, 4 tanh, 3 softmax"));
    float[] parameters = Initializer.parse(initializer).parameters(topology, 1);
    for (DenseLayer layer : topology.layers()) {
      for (int i = layer.weightsAt(); i < layer.biasesAt(); i++) {
        assertTrue(parameters[i] != 0);
      }
      for (int i = layer.biasesAt(); i < layer.biasesAt() + layer.out(); i++) {
        assertEquals(0f, parameters[i]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "he", "glorot", "uniform(0.5)", "normal(0.1)"})
  void sameSeedGivesTheSameBitsAndAnotherSeedOthers(String initializer) {
    assertArrayEquals(weights(initializer, 5), weights(initializer, 5));
    assertDifferent(weights(initializer, 5), weights(initializer, 6));
  }

  @ParameterizedTest
  @ValueSource(strings = {"he", "glorot"})
  void layersOfOneShapeGetDifferentWeights(String initializer) {
    Topology topology = Topology.of(50, LayerSpec.parseList("50 relu, 50 relu"));
    float[] parameters = Initializer.parse(initializer).parameters(topology, 1);
    assertDifferent(
        Arrays.copyOfRange(parameters, 0, 2500), Arrays.copyOfRange(parameters, 2550, 5050));
  }

  @Test
  void weightsOfALayerDoNotDependOnTheLayersAfterIt() {
    Topology shorter = Topology.of(50, LayerSpec.parseList("40 relu, 30 tanh"));
    Topology longer = Topology.of(50, LayerSpec.parseList("40 relu, 30 tanh, 20 relu, 2"));
    float[] first = Initializer.AUTO.parameters(shorter, 1);
    float[] second = Initializer.AUTO.parameters(longer, 1);
    assertArrayEquals(first, Arrays.copyOf(second, first.length));
  }

  @ParameterizedTest
  @CsvSource({
    "relu, he",
    "leaky-relu, he",
    "elu, he",
    "softplus, he",
    "gelu, he",
    "silu, he",
    "mish, he",
    "selu, lecun",
    "linear, glorot",
    "sigmoid, glorot",
    "tanh, glorot",
    "softmax, glorot"
  })
  void autoChoosesByTheActivation(String activation, String initializer) {
    Topology topology = Topology.of(20, LayerSpec.parseList("10 " + activation));
    assertArrayEquals(
        Initializer.parse(initializer).parameters(topology, 1),
        Initializer.AUTO.parameters(topology, 1));
  }

  @Test
  void autoChoosesForEachLayer() {
    Topology topology = Topology.of(20, LayerSpec.parseList("10 relu, 5 softmax"));
    float[] auto = Initializer.parse("auto").parameters(topology, 1);
    float[] he = Initializer.parse("he").parameters(topology, 1);
    float[] glorot = Initializer.parse("glorot").parameters(topology, 1);
    assertArrayEquals(Arrays.copyOfRange(he, 0, 210), Arrays.copyOfRange(auto, 0, 210));
    assertArrayEquals(Arrays.copyOfRange(glorot, 210, 265), Arrays.copyOfRange(auto, 210, 265));
  }

  @ParameterizedTest
  @CsvSource({
    "auto, AUTO, NaN",
    "glorot, GLOROT, NaN",
    "lecun, LECUN, NaN",
    "' He ', HE, NaN",
    "uniform(0.5), UNIFORM, 0.5",
    "normal(1e-3), NORMAL, 0.001",
    "Normal( 2 ), NORMAL, 2"
  })
  void textNamesTheKindAndItsNumber(String text, Kind kind, double scale) {
    Initializer initializer = Initializer.parse(text);
    assertEquals(new Initializer(kind, scale), initializer);
    assertEquals(initializer, Initializer.parse(initializer.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "xavier", "he(2)", "auto()", "uniform", "normal()", "normal(x)", "normal(1"})
  void textThatNamesNoneIsRefused(String text) {
    assertRefused(
        text,
        "Invalid initializer: %s (must be auto, glorot, he, lecun, uniform(0.5) or normal(0.1))"
            .formatted(text));
  }

  @ParameterizedTest
  @CsvSource({
    "uniform(0), uniform(0.0)",
    "normal(0), normal(0.0)",
    "uniform(-0.5), uniform(-0.5)",
    "normal(-1), normal(-1.0)"
  })
  void numberThatIsNotPositiveIsRefused(String text, String shown) {
    assertRefused(text, "Invalid initializer: %s (the number must be > 0)".formatted(shown));
  }

  @Test
  void scaleThatIsNotANumberIsRefused() {
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class, () -> new Initializer(Kind.NORMAL, Double.NaN));
    assertEquals("Invalid initializer: normal(NaN) (the number must be > 0)", error.getMessage());
  }

  private static void assertRefused(String text, String message) {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> Initializer.parse(text));
    assertEquals(message, error.getMessage());
  }

  private static float[] weights(String initializer, long seed) {
    Topology topology = Topology.of(IN, LayerSpec.parseList(OUT + " relu"));
    return Arrays.copyOf(Initializer.parse(initializer).parameters(topology, seed), WEIGHTS);
  }

  /**
   * Mean, variance and kurtosis within five of their standard errors, which for n samples of a
   * normal distribution are σ/√n, σ² √(2/n) and √(24/n): chance fails it once in 1.7 million.
   */
  private static void assertNormal(double variance, float[] samples) {
    double n = samples.length;
    assertEquals(0, moment(samples, 1), 5 * Math.sqrt(variance / n));
    assertEquals(variance, moment(samples, 2), 5 * variance * Math.sqrt(2 / n));
    double kurtosis = moment(samples, 4) / Math.pow(moment(samples, 2), 2);
    assertEquals(3, kurtosis, 5 * Math.sqrt(24 / n));
  }

  /**
   * Between the bounds; mean and variance a²/3 within five of their standard errors, a/√(3n) and a²
   * √(4/45n); and near both bounds, which n samples miss by more than 20 a/n once in 22000 (e^-10).
   */
  private static void assertUniform(double a, float[] samples) {
    double n = samples.length;
    float[] sorted = samples.clone();
    Arrays.sort(sorted);
    assertEquals(-a, sorted[0], 20 * a / n);
    assertEquals(a, sorted[sorted.length - 1], 20 * a / n);
    assertTrue(-(float) a <= sorted[0] && sorted[sorted.length - 1] <= (float) a);
    assertEquals(0, moment(samples, 1), 5 * a / Math.sqrt(3 * n));
    assertEquals(a * a / 3, moment(samples, 2), 5 * a * a * Math.sqrt(4 / (45 * n)));
  }

  private static double moment(float[] samples, int power) {
    double sum = 0;
    for (float sample : samples) {
      sum += Math.pow(sample, power);
    }
    return sum / samples.length;
  }

  /** Chance makes one pair of floats in millions equal; two in a thousand would be no chance. */
  private static void assertDifferent(float[] first, float[] second) {
    assertEquals(first.length, second.length);
    int equal = 0;
    for (int i = 0; i < first.length; i++) {
      equal += first[i] == second[i] ? 1 : 0;
    }
    assertTrue(equal * 500 <= first.length, equal + " of " + first.length + " are equal");
  }
}
