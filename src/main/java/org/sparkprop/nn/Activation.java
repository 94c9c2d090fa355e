package org.sparkprop.nn;

import java.util.List;
import java.util.Locale;
import org.apache.commons.numbers.gamma.Erfc;

/**
 * The function that a layer applies to each of its sums. {@link #apply} works in place; {@link
 * #multiplyByDerivative} takes the derivative from the output, where the output is enough.
 */
public enum Activation {
  LINEAR,
  SIGMOID,
  TANH,
  RELU,
  LEAKY_RELU,
  ELU,
  SOFTPLUS,
  GELU,
  SILU,
  EXPONENTIAL,
  /** Turns the row of outputs into probabilities; only as the last layer, fused with its loss. */
  SOFTMAX;

  /** Slope of leaky relu below zero, as in Maas et al. 2013 and PyTorch. */
  static final float LEAK = 0.01f;

  private static final double SQRT_HALF = Math.sqrt(0.5);
  private static final double SQRT_TWO_PI = Math.sqrt(2 * Math.PI);

  /** The word for this activation in options and files, such as {@code leaky-relu}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The activation that {@code word} names; {@code leaky relu} and {@code leaky-relu} are the same.
   *
   * @throws IllegalArgumentException if there is none, with the words that there are
   */
  public static Activation of(String word) {
    return Nearest.named("activation", word, List.of(values()), Activation::word);
  }

  /** A bound that no output is below; minus infinity if there is none. */
  public double lowest() {
    return switch (this) {
      case SIGMOID, RELU, SOFTPLUS, EXPONENTIAL, SOFTMAX -> 0;
      case TANH, ELU, GELU, SILU -> -1;
      case LINEAR, LEAKY_RELU -> Double.NEGATIVE_INFINITY;
    };
  }

  /** A bound that no output is above; infinity if there is none. */
  public double highest() {
    return switch (this) {
      case SIGMOID, TANH, SOFTMAX -> 1;
      case LINEAR, RELU, LEAKY_RELU, ELU, SOFTPLUS, GELU, SILU, EXPONENTIAL ->
          Double.POSITIVE_INFINITY;
    };
  }

  /** Whether the derivative needs the sum z: gelu and silu turn round, so y does not tell z. */
  boolean needsSum() {
    return this == GELU || this == SILU;
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
      case SOFTPLUS -> {
        for (int i = 0; i < n; i++) {
          // log(1 + e^z) without overflow for large z
          y[i] = (float) (Math.max(y[i], 0) + Math.log1p(Math.exp(-Math.abs(y[i]))));
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
      case EXPONENTIAL -> BulkExp.ofThread().exp(y, n);
      case SOFTMAX -> {
        for (int row = 0; row < rows; row++) {
          softmax(y, row * width, width);
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

  private static void softmax(float[] y, int at, int width) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = at; i < at + width; i++) {
      max = Math.max(max, y[i]);
    }
    double sum = 0;
    for (int i = at; i < at + width; i++) {
      float e = FloatMath.exp(y[i] - max);
      y[i] = e;
      sum += e;
    }
    float scale = (float) (1 / sum);
    for (int i = at; i < at + width; i++) {
      y[i] *= scale;
    }
  }

  /** Φ(z) = (1 + erf(z/√2)) / 2, the factor of gelu (Hendrycks and Gimpel 2016). */
  private static double normalCdf(double z) {
    return 0.5 * Erfc.value(-z * SQRT_HALF);
  }
}
