package org.sparkprop.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationTest {
  /** Two roundings of a float (6e-8 each), of the value itself. */
  private static final double FLOAT = 1.2e-7;

  /** Derivatives come from outputs, which near one are multiples of 6e-8. */
  private static final double OUTPUT = 1.2e-7;

  @ParameterizedTest
  @CsvSource({
    // from mpmath, at z = -5, -1, 1 and 5
    "linear,     -5,               -1,              1,              5",
    "sigmoid,    0.00669285092428, 0.26894142137,   0.73105857863,  0.993307149076",
    "tanh,       -0.999909204263,  -0.761594155956, 0.761594155956, 0.999909204263",
    "relu,       0,                0,               1,              5",
    "leaky-relu, -0.05,            -0.01,           1,              5",
    "elu,        -0.993262053001,  -0.632120558829, 1,              5",
    "selu,       -1.74625336067,    -1.11133073781,  1.05070098736,  5.25350493678",
    "softplus,   0.00671534848912, 0.313261687518,  1.31326168752,  5.00671534849",
    "gelu,       -1.4332578594e-6, -0.158655253931, 0.841344746069, 4.99999856674",
    "silu,       -0.0334642546214, -0.26894142137,  0.73105857863,  4.96653574538",
    "mish,       -0.0335762377302, -0.303401461374, 0.865098388267, 4.99955207753"
  })
  void valuesAreThoseOfTheTable(String word, double m5, double m1, double p1, double p5) {
    float[] y = values(Activation.of(word), -5, -1, 1, 5);
    assertClose(new double[] {m5, m1, p1, p5}, y, 0);
  }

  @ParameterizedTest
  @CsvSource({
    // from mpmath, at z = -5, -1, 1 and 5
    "linear,     1,                 1,                1,              1",
    "sigmoid,    0.00664805667079,  0.196611933241,   0.196611933241, 0.00664805667079",
    "tanh,       0.000181583230944, 0.419974341614,   0.419974341614, 0.000181583230944",
    "relu,       0,                 0,                1,              1",
    "leaky-relu, 0.01,              0.01,             1,              1",
    "elu,        0.00673794699909,  0.367879441171,   1,              1",
    "selu,       0.0118459801778,   0.646768603035,   1.05070098736,  1.05070098736",
    "softplus,   0.00669285092428,  0.26894142137,    0.73105857863,  0.993307149076",
    "gelu,       -7.14694600179e-6, -0.0833154705877, 1.08331547059,  1.00000714695",
    "silu,       -0.0265474324297,  0.0723294881285,  0.927670511871, 1.02654743243",
    "mish,       -0.0267474980199,  0.0592167558774,  1.0490362201,   1.00080022483"
  })
  void derivativesAreThoseOfTheTable(String word, double m5, double m1, double p1, double p5) {
    float[] slopes = derivatives(Activation.of(word), -5, -1, 1, 5);
    assertClose(new double[] {m5, m1, p1, p5}, slopes, OUTPUT);
  }

  @ParameterizedTest
  @CsvSource({
    // at z = 1e4, 80, 0, -80 and -1e4; e^-80 = 1.804851e-35 is a normal float
    "linear,     10000, 80, 0,              -80,                -10000",
    "sigmoid,    1,     1,  0.5,            1.80485138785e-35,  0",
    "tanh,       1,     1,  0,              -1,                 -1",
    "relu,       10000, 80, 0,              0,                  0",
    "leaky-relu, 10000, 80, 0,              -0.8,               -100",
    "elu,        10000, 80, 0,              -1,                 -1",
    "selu,       10507.0098736, 84.0560789884, 0, -1.75809934085, -1.75809934085",
    "softplus,   10000, 80, 0.693147180560, 1.80485138785e-35,  0",
    "gelu,       10000, 80, 0,              0,                  0",
    "silu,       10000, 80, 0,              -1.44388111028e-33, 0",
    "mish,       10000, 80, 0,              -1.44388111028e-33, 0"
  })
  void extremeSumsGiveTheLimits(
      String word, double p10000, double p80, double zero, double m80, double m10000) {
    float[] y = values(Activation.of(word), 1e4f, 80, 0, -0f, -80, -1e4f);
    assertClose(new double[] {p10000, p80, zero, zero, m80, m10000}, y, 0);
  }

  @ParameterizedTest
  @CsvSource({
    // at z = 1e4, 80, 0, -80 and -1e4; zero counts as negative, as in PyTorch
    "linear,     1, 1,                 1,    1,                 1",
    "sigmoid,    0, 1.80485138785e-35, 0.25, 1.80485138785e-35, 0",
    "tanh,       0, 0,                 1,    0,                 0",
    "relu,       1, 1,                 0,    0,                 0",
    "leaky-relu, 1, 1,                 0.01, 0.01,              0.01",
    "elu,        1, 1,                 1,    1.80485138785e-35, 0",
    "selu,       1.05070098736, 1.05070098736, 1.75809934085, 3.1731080353e-35, 0",
    "softplus,   1, 1,                 0.5,  1.80485138785e-35, 0",
    "gelu,       1, 1,                 0.5,  0,                 0",
    "silu,       1, 1,                 0.5,  -1.4258325964e-33, 0",
    "mish,       1, 1,                 0.6,  -1.4258325964e-33, 0"
  })
  void extremeSumsGiveTheLimitsOfTheDerivative(
      String word, double p10000, double p80, double zero, double m80, double m10000) {
    float[] slopes = derivatives(Activation.of(word), 1e4f, 80, 0, -0f, -80, -1e4f);
    assertClose(new double[] {p10000, p80, zero, zero, m80, m10000}, slopes, OUTPUT);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SOFTMAX")
  void derivativeIsTheSlopeOfTheValue(Activation activation) {
    double step = 1e-5;
    for (float z = -11.75f; z < 12; z += 0.5f) {
      double slope =
          (ReferenceNetwork.activate(activation, z + step)
                  - ReferenceNetwork.activate(activation, z - step))
              / (2 * step);
      // The slope of an exponential is its value, with the error of FloatMath.exp.
      double absolute = activation == Activation.EXPONENTIAL ? 3e-7 * slope : OUTPUT;
      assertClose(new double[] {slope}, derivatives(activation, z), absolute);
    }
  }

  @Test
  void smallSumsKeepTheirDigits() {
    // e^z - 1 = z + z²/2 for small z; from e^z alone nothing would be left of it in float.
    assertClose(new double[] {-1e-8}, values(Activation.ELU, -1e-8f), 0);
    // log(1 + e^z) = e^z for very negative z: e^-30 = 9.35762296884e-14
    assertClose(new double[] {9.35762296884e-14}, values(Activation.SOFTPLUS, -30), 0);
    assertClose(new double[] {9.35762296884e-14}, derivatives(Activation.SOFTPLUS, -30), 0);
  }

  @Test
  void derivativeMultipliesWhatIsThere() {
    float[] dy = {3, -4};
    Activation.LEAKY_RELU.multiplyByDerivative(dy, new float[] {2, -1}, 1, 2);
    assertArrayEquals(new float[] {3, -4 * 0.01f}, dy);
  }

  @ParameterizedTest
  @EnumSource
  void onlyTheRowsOfTheSliceChange(Activation activation) {
    float[] y = {-1, -1, -1, -1, -1, -1};
    activation.apply(y, 2, 2);
    assertEquals(-1, y[4]);
    assertEquals(-1, y[5]);
    if (activation != Activation.SOFTMAX) {
      float[] dy = {7, 7, 7, 7, 7, 7};
      activation.multiplyByDerivative(dy, y, 2, 2);
      assertEquals(7, dy[4]);
      assertEquals(7, dy[5]);
    }
  }

  @Test
  void softmaxOfLogarithmsIsTheirShare() {
    float[] y = {0, (float) Math.log(2), (float) Math.log(5), 3, 3, 3};
    Activation.SOFTMAX.apply(y, 2, 3);
    // The logarithms are rounded to floats too, so the roundings are a few more.
    assertArrayEquals(new float[] {0.125f, 0.25f, 0.625f, 1f / 3, 1f / 3, 1f / 3}, y, 4e-7f);
  }

  @Test
  void softmaxOfExtremeSumsIsTheLimit() {
    float[] y = {1e4f, -1e4f, 0, -1e4f, -1e4f, -1e4f, 80, -80, 80, 0, -0f, -1e4f};
    Activation.SOFTMAX.apply(y, 4, 3);
    double[] expected = {1, 0, 0, 1.0 / 3, 1.0 / 3, 1.0 / 3, 0.5, 0, 0.5, 0.5, 0.5, 0};
    assertClose(expected, y, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 1000})
  void softmaxRowsSumToOne(int width) {
    float[] y = new float[3 * width];
    for (int i = 0; i < width; i++) {
      y[i] = i % 7 - 3;
      y[width + i] = 1e4f * (i % 3 - 1);
      y[2 * width + i] = 80 - i;
    }
    Activation.SOFTMAX.apply(y, 3, width);
    for (int row = 0; row < 3; row++) {
      double sum = 0;
      for (int i = 0; i < width; i++) {
        sum += y[row * width + i];
      }
      // Each share has a relative error of three roundings, and the shares add up to one.
      assertEquals(1, sum, 1.8e-7);
    }
  }

  @Test
  void softmaxHasNoDerivativeOfItsOwn() {
    IllegalStateException error =
        assertThrows(
            IllegalStateException.class,
            () -> Activation.SOFTMAX.multiplyByDerivative(new float[2], new float[2], 1, 2));
    assertEquals("softmax is fused with its loss", error.getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void wordNamesTheActivation(Activation activation) {
    assertEquals(activation, Activation.of(activation.word()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"leaky-relu", "leaky relu", " Leaky ReLU ", "LEAKY_RELU"})
  void wordMayBeWrittenInSeveralWays(String word) {
    assertEquals(Activation.LEAKY_RELU, Activation.of(word));
  }

  @Test
  void unknownWordIsRefusedWithTheWordsThatThereAre() {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> Activation.of(" Rleu "));
    assertEquals(
        "Invalid activation: Rleu (must be one of linear, sigmoid, tanh, relu, leaky-relu, elu,"
            + " selu, softplus, gelu, silu, mish, exponential, softmax; did you mean relu?)",
        error.getMessage());
  }

  private static float[] values(Activation activation, float... z) {
    float[] y = z.clone();
    activation.apply(y, 1, y.length);
    return y;
  }

  private static float[] derivatives(Activation activation, float... z) {
    float[] y = activation.needsSum() ? z : values(activation, z);
    float[] dy = new float[z.length];
    Arrays.fill(dy, 1);
    activation.multiplyByDerivative(dy, y, 1, dy.length);
    return dy;
  }

  private static void assertClose(double[] expected, float[] actual, double absolute) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      // MIN_VALUE because JUnit wants a tolerance above zero where zero is expected.
      double tolerance = FLOAT * Math.abs(expected[i]) + absolute + Double.MIN_VALUE;
      assertEquals(expected[i], actual[i], tolerance);
    }
  }
}
