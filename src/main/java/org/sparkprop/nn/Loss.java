package org.sparkprop.nn;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sparkprop.base.HasWord;
import org.sparkprop.base.Nearest;

/**
 * The objective, what training minimises, summed over rows. A row's target is as wide as the
 * output; of a class it is one-hot, or the label itself (0 or 1) where there is one output.
 *
 * <p>Value and delta come from one pass. The cross-entropies and Poisson's loss take the sums of
 * the last layer before its activation: with log-sum-exp there is never a {@code log(0)}, and the
 * delta is {@code y − t}.
 *
 * @param kind which it is
 * @param huberDelta of Huber's loss, the error from which it is linear; 1 for the others
 */
public record Loss(Kind kind, double huberDelta) implements Serializable {
  /** What a loss can be. */
  public enum Kind implements HasWord {
    /** 1/2 Σ (y − t)² a row, so the delta is {@code y − t}; reported as mean over the outputs. */
    SQUARED_ERROR,
    /** Σ |y − t| a row. */
    ABSOLUTE_ERROR,
    /** Σ 1/2 (y − t)² where |y − t| ≤ δ, else δ (|y − t| − δ/2) (Huber 1964). */
    HUBER,
    /** Σ y − t log y a row, y = e^z: minus the log likelihood of counts t, but for log t!. */
    POISSON,
    /** −log p(label) a row, p = softmax(logits). */
    SOFTMAX_CROSS_ENTROPY,
    /** −Σ t log p + (1 − t) log(1 − p) a row, p = sigmoid(logits). */
    SIGMOID_CROSS_ENTROPY
  }

  public static final Loss SQUARED_ERROR = new Loss(Kind.SQUARED_ERROR, 1);
  public static final Loss ABSOLUTE_ERROR = new Loss(Kind.ABSOLUTE_ERROR, 1);
  public static final Loss HUBER = new Loss(Kind.HUBER, 1);
  public static final Loss POISSON = new Loss(Kind.POISSON, 1);
  public static final Loss SOFTMAX_CROSS_ENTROPY = new Loss(Kind.SOFTMAX_CROSS_ENTROPY, 1);
  public static final Loss SIGMOID_CROSS_ENTROPY = new Loss(Kind.SIGMOID_CROSS_ENTROPY, 1);

  /** Every loss there is, Huber's with a delta of 1. */
  public static final List<Loss> ALL =
      Arrays.stream(Kind.values()).map(kind -> new Loss(kind, 1)).toList();

  private static final Pattern WITH_DELTA = Pattern.compile("huber\\((.+)\\)");

  public Loss {
    if (!(huberDelta > 0 && huberDelta <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "Invalid huber delta: %s (must be > 0 and <= %s)".formatted(huberDelta, Float.MAX_VALUE));
    }
    if (huberDelta != 1 && kind != Kind.HUBER) {
      throw new IllegalArgumentException(
          "Invalid huber delta: %s with --loss %s (it needs huber)"
              .formatted(huberDelta, kind.word()));
    }
  }

  /** The same loss with another delta, which only Huber's takes. */
  public Loss withDelta(double other) {
    return new Loss(kind, other);
  }

  /** The word for this loss in options and files, such as {@code squared-error}. */
  public String word() {
    return huberDelta == 1 ? kind.word() : "%s(%s)".formatted(kind.word(), huberDelta);
  }

  /**
   * The loss that {@code word} names.
   *
   * @throws IllegalArgumentException if there is none, with the words that there are
   */
  public static Loss of(String word) {
    Matcher huber = WITH_DELTA.matcher(word.trim());
    if (huber.matches()) {
      try {
        return HUBER.withDelta(Double.parseDouble(huber.group(1).trim()));
      } catch (NumberFormatException notANumber) {
        // refused below, like any other word
      }
    }
    return Nearest.named("loss", word, ALL, Loss::word);
  }

  /** The loss where none is chosen: that of the last layer's probabilities or rates, if any. */
  public static Loss defaultFor(Activation last) {
    for (Loss loss : List.of(SOFTMAX_CROSS_ENTROPY, SIGMOID_CROSS_ENTROPY, POISSON)) {
      if (loss.isCompatible(last)) {
        return loss;
      }
    }
    return SQUARED_ERROR;
  }

  /**
   * Refuses a last layer that makes no sense with this loss.
   *
   * @throws IllegalArgumentException with the activation that the loss needs
   */
  public void checkCompatible(Activation last) {
    if (!isCompatible(last)) {
      throw new IllegalArgumentException(
          "Invalid loss: %s with a %s last layer (%s)"
              .formatted(
                  word(),
                  last.word(),
                  switch (kind) {
                    case SQUARED_ERROR, ABSOLUTE_ERROR, HUBER ->
                        "softmax needs softmax-cross-entropy";
                    case POISSON -> "the last layer must be exponential";
                    case SOFTMAX_CROSS_ENTROPY -> "the last layer must be softmax";
                    case SIGMOID_CROSS_ENTROPY -> "the last layer must be sigmoid";
                  }));
    }
  }

  private boolean isCompatible(Activation last) {
    return switch (kind) {
      case SQUARED_ERROR, ABSOLUTE_ERROR, HUBER -> last != Activation.SOFTMAX;
      case POISSON -> last == Activation.EXPONENTIAL;
      case SOFTMAX_CROSS_ENTROPY -> last == Activation.SOFTMAX;
      case SIGMOID_CROSS_ENTROPY -> last == Activation.SIGMOID;
    };
  }

  /**
   * Refuses a task that makes no sense with this loss.
   *
   * @throws IllegalArgumentException with the tasks that it is for
   */
  public void checkCompatible(LearningTask task) {
    boolean fits =
        switch (kind) {
          case SQUARED_ERROR -> task != LearningTask.MULTI_LABEL;
          case ABSOLUTE_ERROR, HUBER, POISSON -> task == LearningTask.REGRESSION;
          case SOFTMAX_CROSS_ENTROPY -> task == LearningTask.CLASSIFICATION;
          case SIGMOID_CROSS_ENTROPY -> task != LearningTask.REGRESSION;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "Invalid task: %s with --loss %s (it must be %s)"
              .formatted(
                  task.word(),
                  word(),
                  switch (kind) {
                    case SQUARED_ERROR -> "classification or regression";
                    case ABSOLUTE_ERROR, HUBER, POISSON -> "regression";
                    case SOFTMAX_CROSS_ENTROPY -> "classification";
                    case SIGMOID_CROSS_ENTROPY -> "classification or multi-label";
                  }));
    }
  }

  /** Whether targets below 0 make no sense. */
  public boolean needsCounts() {
    return kind == Kind.POISSON;
  }

  /** Whether the loss takes the last sums, so that the last activation is part of the loss. */
  boolean takesLogits() {
    return kind == Kind.SOFTMAX_CROSS_ENTROPY
        || kind == Kind.SIGMOID_CROSS_ENTROPY
        || kind == Kind.POISSON;
  }

  /** What the sum of losses is divided by for the reported mean, besides the rows. */
  int termsPerRow(int width) {
    return kind == Kind.SOFTMAX_CROSS_ENTROPY ? 1 : width;
  }

  /**
   * Adds up the losses of a slice times the rows' weights, in double, and overwrites the last delta
   * with dLoss/dOutput. The losses before their weights are left in the slice.
   *
   * @param slice its output holds logits if {@link #takesLogits}, else activated outputs; its
   *     labels count for softmax, its targets for the others
   * @param smoothing share of a target that goes to all outputs alike (Szegedy et al. 2016); for
   *     the cross-entropies
   * @return the sum over rows
   */
  double valueAndDelta(Workspace slice, int rows, float smoothing) {
    float[] output = slice.output();
    float[] delta = slice.outputDelta();
    int width = slice.topology().outputWidth();
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      int at = row * width;
      double loss =
          kind == Kind.SOFTMAX_CROSS_ENTROPY
              ? softmax(output, slice.labels()[row], smoothing, at, width, delta)
              : elements(output, slice.targets(), smoothing, at, at + width, delta);
      slice.losses()[row] = loss;
      float weight = slice.weights()[row];
      if (weight == 0) { // not 0 times what may be infinite
        Arrays.fill(delta, at, at + width, 0);
        continue;
      }
      if (weight != 1) {
        loss *= weight;
        for (int i = at; i < at + width; i++) {
          delta[i] *= weight;
        }
      }
      sum += loss;
    }
    return sum;
  }

  private double elements(
      float[] y, float[] targets, float smoothing, int from, int to, float[] delta) {
    double sum = 0;
    switch (kind) {
      case SQUARED_ERROR -> {
        for (int i = from; i < to; i++) {
          float error = y[i] - targets[i];
          delta[i] = error;
          sum += (double) error * error;
        }
        sum *= 0.5;
      }
      case ABSOLUTE_ERROR -> {
        for (int i = from; i < to; i++) {
          float error = y[i] - targets[i];
          delta[i] = Math.signum(error);
          sum += Math.abs(error);
        }
      }
      case HUBER -> {
        float bound = (float) huberDelta;
        for (int i = from; i < to; i++) {
          float error = y[i] - targets[i];
          float clipped = Math.max(-bound, Math.min(bound, error));
          delta[i] = clipped;
          sum += (double) clipped * (error - 0.5 * clipped);
        }
      }
      case POISSON -> {
        for (int i = from; i < to; i++) {
          float mean = FloatMath.exp(y[i]);
          delta[i] = mean - targets[i];
          sum += mean - (double) targets[i] * y[i];
        }
      }
      case SIGMOID_CROSS_ENTROPY -> {
        for (int i = from; i < to; i++) {
          double z = y[i];
          float target = targets[i] * (1 - smoothing) + smoothing / 2;
          // log(1 + e^z) − t z, without overflow on either side
          sum += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - target * z;
          delta[i] = Activation.sigmoid(y[i]) - target;
        }
      }
      case SOFTMAX_CROSS_ENTROPY -> throw new IllegalStateException("softmax takes whole rows");
    }
    return sum;
  }

  private static double softmax(
      float[] logits, int label, float smoothing, int at, int width, float[] delta) {
    double logSum = FloatMath.softmax(logits, delta, at, width);
    if (smoothing == 0) {
      delta[at + label] -= 1;
      return logSum - logits[at + label];
    }
    float everywhere = smoothing / width;
    double sumOfLogits = 0;
    for (int i = at; i < at + width; i++) {
      delta[i] -= everywhere;
      sumOfLogits += logits[i];
    }
    delta[at + label] -= 1 - smoothing;
    return logSum - (1 - smoothing) * logits[at + label] - everywhere * sumOfLogits;
  }
}
