package org.sparkprop.nn;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What training makes small, summed over rows. The target of a row is its label as a one-hot row of
 * the output's width, or the label itself (0 or 1) where there is one output.
 *
 * <p>Value and delta come from one pass. The cross-entropies take <em>logits</em>, the sums of the
 * last layer before its softmax or sigmoid: with log-sum-exp there is never a {@code log(0)}, and
 * the delta is {@code p − t}.
 */
public enum Loss {
  /** 1/2 Σ (y − t)² a row, so the delta is {@code y − t}; reported as mean over the outputs. */
  SQUARED_ERROR,
  /** −log p(label) a row, p = softmax(logits). */
  SOFTMAX_CROSS_ENTROPY,
  /** −Σ t log p + (1 − t) log(1 − p) a row, p = sigmoid(logits). */
  SIGMOID_CROSS_ENTROPY;

  /** The word for this loss in options and files, such as {@code squared-error}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The loss that {@code word} names.
   *
   * @throws IllegalArgumentException if there is none, with the words that there are
   */
  public static Loss of(String word) {
    String wanted = word.trim().toLowerCase(Locale.ROOT).replaceAll("[\\s_-]+", "-");
    for (Loss loss : values()) {
      if (loss.word().equals(wanted)) {
        return loss;
      }
    }
    throw new IllegalArgumentException(
        "Invalid loss: %s (must be one of %s)"
            .formatted(
                word.trim(),
                Arrays.stream(values()).map(Loss::word).collect(Collectors.joining(", "))));
  }

  /** The loss that fits the last layer: cross-entropy on probabilities, else squared error. */
  public static Loss fitting(Activation last) {
    return switch (last) {
      case SOFTMAX -> SOFTMAX_CROSS_ENTROPY;
      case SIGMOID -> SIGMOID_CROSS_ENTROPY;
      case LINEAR, TANH, RELU, LEAKY_RELU, ELU, SOFTPLUS, GELU, SILU -> SQUARED_ERROR;
    };
  }

  /**
   * Refuses a last layer that makes no sense with this loss.
   *
   * @throws IllegalArgumentException with the activation that the loss needs
   */
  public void checkFits(Activation last) {
    boolean fits =
        switch (this) {
          case SQUARED_ERROR -> last != Activation.SOFTMAX;
          case SOFTMAX_CROSS_ENTROPY -> last == Activation.SOFTMAX;
          case SIGMOID_CROSS_ENTROPY -> last == Activation.SIGMOID;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "Invalid loss: %s with a %s last layer (%s)"
              .formatted(
                  word(),
                  last.word(),
                  switch (this) {
                    case SQUARED_ERROR -> "softmax needs softmax-cross-entropy";
                    case SOFTMAX_CROSS_ENTROPY -> "the last layer must be softmax";
                    case SIGMOID_CROSS_ENTROPY -> "the last layer must be sigmoid";
                  }));
    }
  }

  /** Whether the loss takes logits, so that the last activation is part of the loss. */
  boolean takesLogits() {
    return this != SQUARED_ERROR;
  }

  /** What the sum of losses is divided by for the reported mean, besides the rows. */
  int termsPerRow(int width) {
    return this == SOFTMAX_CROSS_ENTROPY ? 1 : width;
  }

  /**
   * Adds up the loss of a slice, in double, and overwrites delta with dLoss/dOutput.
   *
   * @param output (rows, width): logits if {@link #takesLogits}, else the activated outputs
   * @param labels (rows), each from 0 below max(width, 2)
   * @param delta (rows, width)
   * @return the sum over rows
   */
  double valueAndDelta(float[] output, int[] labels, int rows, int width, float[] delta) {
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      int at = row * width;
      sum +=
          switch (this) {
            case SQUARED_ERROR -> squaredError(output, labels[row], at, width, delta);
            case SOFTMAX_CROSS_ENTROPY -> softmax(output, labels[row], at, width, delta);
            case SIGMOID_CROSS_ENTROPY -> sigmoid(output, labels[row], at, width, delta);
          };
    }
    return sum;
  }

  private static double squaredError(float[] y, int label, int at, int width, float[] delta) {
    double sum = 0;
    for (int i = 0; i < width; i++) {
      float error = y[at + i] - target(label, i, width);
      delta[at + i] = error;
      sum += (double) error * error;
    }
    return 0.5 * sum;
  }

  private static double softmax(float[] logits, int label, int at, int width, float[] delta) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = at; i < at + width; i++) {
      max = Math.max(max, logits[i]);
    }
    double sum = 0;
    for (int i = at; i < at + width; i++) {
      float e = FloatMath.exp(logits[i] - max);
      delta[i] = e;
      sum += e;
    }
    float scale = (float) (1 / sum);
    for (int i = at; i < at + width; i++) {
      delta[i] *= scale;
    }
    delta[at + label] -= 1;
    return Math.log(sum) + max - logits[at + label];
  }

  private static double sigmoid(float[] logits, int label, int at, int width, float[] delta) {
    double sum = 0;
    for (int i = 0; i < width; i++) {
      double z = logits[at + i];
      float target = target(label, i, width);
      // log(1 + e^z) − t z, without overflow on either side
      sum += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - target * z;
      delta[at + i] = Activation.sigmoid(logits[at + i]) - target;
    }
    return sum;
  }

  private static float target(int label, int output, int width) {
    return (width == 1 ? label == 1 : label == output) ? 1 : 0;
  }
}
