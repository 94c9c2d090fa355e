package org.sparkprop.nn;

import org.apache.commons.numbers.gamma.Erfc;
import org.sparkprop.base.HasWord;

/**
 * The function that a layer applies to each of its sums. {@link #apply} works in place; {@link
 * #multiplyByDerivative} takes the derivative from the output, where the output is enough.
 */
public enum Activation implements HasWord {
  LINEAR(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
  SIGMOID(0, 1),
  TANH(-1, 1),
  RELU(0, Double.POSITIVE_INFINITY),
  LEAKY_RELU(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
  ELU(-1, Double.POSITIVE_INFINITY),
  /** Elu whose slopes keep the mean 0 and the variance 1 of its inputs (Klambauer et al. 2017). */
  SELU(-2, Double.POSITIVE_INFINITY),
  SOFTPLUS(0, Double.POSITIVE_INFINITY),
  GELU(-1, Double.POSITIVE_INFINITY),
  SILU(-1, Double.POSITIVE_INFINITY),
  /** Z times the tanh of its softplus (Misra 2020). */
  MISH(-1, Double.POSITIVE_INFINITY),
  EXPONENTIAL(0, Double.POSITIVE_INFINITY),
  /** Turns the row of outputs into probabilities; only as the last layer, fused with its loss. */
  SOFTMAX(0, 1);

  /** Slope of leaky relu below zero, as in Maas et al. 2013 and PyTorch. */
  static final float LEAK = 0.01f;

  /** The λ of selu, its slope above zero, and λ α, from Klambauer et al. 2017. */
  private static final double SELU_SLOPE = 1.0507009873554805;

  private static final double SELU_DEPTH = SELU_SLOPE * 1.6732632423543772;

  private static final double SQRT_HALF = Math.sqrt(0.5);
  private static final double SQRT_TWO_PI = Math.sqrt(2 * Math.PI);

  private final double lowest;
  private final double highest;

  Activation(double lowest, double highest) {
    this.lowest = lowest;
    this.highest = highest;
  }

  /**
   * The activation that {@code word} names; {@code leaky relu} and {@code leaky-relu} are the same.
   *
   * @throws IllegalArgumentException if there is none, with the words that there are
   */
  public static Activation of(String word) {
    return HasWord.named("activation", word, values());
  }

  /** A bound that no output is below; minus infinity if there is none. */
  public double lowest() {
    return lowest;
  }

  /** A bound that no output is above; infinity if there is none. */
  public double highest() {
    return highest;
  }

  /** Whether outputs are probabilities. */
  public boolean givesProbabilities() {
    return this == SIGMOID || this == SOFTMAX;
  }

  /** Whether the derivative needs the sum z: these turn round, so that y does not tell z. */
  boolean needsSum() {
    return this == GELU || this == SILU || this == MISH;
  }

  /**
   * Y = f(Z) in place.
   *
   * @param y in: z (rows, width); out: f(z)
   */
  void apply(float[] y, int rows, int width) {
    int n = rows * width;
    switch (this) {
      case LINEAR -> {}
      case SIGMOID -> BulkExp.ofThread().sigmoid(y, n);
      case TANH -> {
        for (int i = 0; i < n; i++) {
          y[i] = FloatMath.tanh(y[i]);
        }
      }
      case RELU -> {
        for (int i = 0; i < n; i++) {
          y[i] = Math.max(y[i], 0f);
        }
      }
      case LEAKY_RELU -> {
        for (int i = 0; i < n; i++) {
          y[i] = Math.max(y[i], LEAK * y[i]);
        }
      }
      case ELU -> {
        for (int i = 0; i < n; i++) {
          y[i] = y[i] > 0 ? y[i] : (float) Math.expm1(y[i]);
        }
      }
      case SELU -> {
        for (int i = 0; i < n; i++) {
          y[i] = (float) (y[i] > 0 ? SELU_SLOPE * y[i] : SELU_DEPTH * Math.expm1(y[i]));
        }
      }
      case SOFTPLUS -> {
        for (int i = 0; i < n; i++) {
          y[i] = (float) softplus(y[i]);
        }
      }
      case GELU -> {
        for (int i = 0; i < n; i++) {
          y[i] = (float) (y[i] * normalCdf(y[i]));
        }
      }
      case SILU -> {
        for (int i = 0; i < n; i++) {
          y[i] = (float) (y[i] * exactSigmoid(y[i]));
        }
      }
      case MISH -> {
        for (int i = 0; i < n; i++) {
          y[i] = (float) (y[i] * Math.tanh(softplus(y[i])));
        }
      }
      case EXPONENTIAL -> BulkExp.ofThread().exp(y, n);
      case SOFTMAX -> {
        for (int row = 0; row < rows; row++) {
          FloatMath.softmax(y, y, row * width, width);
        }
      }
    }
  }

  /**
   * dZ = dY ∘ f'(Z) in place.
   *
   * @param dy in: dY (rows, width); out: dZ
   * @param y the outputs f(z), or the sums z themselves if {@link #needsSum}
   */
  void multiplyByDerivative(float[] dy, float[] y, int rows, int width) {
    int n = rows * width;
    switch (this) {
      case LINEAR -> {}
      case SIGMOID -> {
        for (int i = 0; i < n; i++) {
          dy[i] *= y[i] * (1 - y[i]);
        }
      }
      case TANH -> {
        for (int i = 0; i < n; i++) {
          dy[i] *= 1 - y[i] * y[i];
        }
      }
      case RELU -> {
        for (int i = 0; i < n; i++) {
          dy[i] *= step(y[i]);
        }
      }
      case LEAKY_RELU -> {
        for (int i = 0; i < n; i++) {
          dy[i] *= Math.max(LEAK, step(y[i]));
        }
      }
      case ELU -> {
        for (int i = 0; i < n; i++) {
          dy[i] *= Math.min(1, y[i] + 1);
        }
      }
      case SELU -> {
        for (int i = 0; i < n; i++) {
          dy[i] *= (float) (y[i] > 0 ? SELU_SLOPE : y[i] + SELU_DEPTH);
        }
      }
      case SOFTPLUS -> {
        for (int i = 0; i < n; i++) {
          // y = log(1 + e^z), so sigmoid(z) = 1 − e^−y
          dy[i] *= (float) -Math.expm1(-y[i]);
        }
      }
      case GELU -> {
        for (int i = 0; i < n; i++) {
          double z = y[i];
          dy[i] *= (float) (normalCdf(z) + z * Math.exp(-0.5 * z * z) / SQRT_TWO_PI);
        }
      }
      case SILU -> {
        for (int i = 0; i < n; i++) {
          double s = exactSigmoid(y[i]);
          dy[i] *= (float) (s * (1 + y[i] * (1 - s)));
        }
      }
      case MISH -> {
        for (int i = 0; i < n; i++) {
          double t = Math.tanh(softplus(y[i]));
          dy[i] *= (float) (t + y[i] * (1 - t * t) * exactSigmoid(y[i]));
        }
      }
      case EXPONENTIAL -> {
        for (int i = 0; i < n; i++) {
          dy[i] *= y[i];
        }
      }
      case SOFTMAX -> throw new IllegalStateException("softmax is fused with its loss");
    }
  }

  static float sigmoid(float z) {
    return 1 / (1 + FloatMath.exp(-z));
  }

  private static double exactSigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }

  /**
   * 1 above zero, else 0, without a branch: a branch on numbers that nobody can predict takes 6 ns
   * an element, this takes 0.2 since it is vectorised. 2^254 y is above 1 for every y above zero.
   */
  private static float step(float y) {
    return Math.max(0f, Math.min(1f, y * 0x1p127f * 0x1p127f));
  }

  /** log(1 + e^z), without overflow for large z. */
  private static double softplus(double z) {
    return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
  }

  /** Φ(z) = (1 + erf(z/√2)) / 2, the factor of gelu (Hendrycks and Gimpel 2016). */
  private static double normalCdf(double z) {
    return 0.5 * Erfc.value(-z * SQRT_HALF);
  }
}
