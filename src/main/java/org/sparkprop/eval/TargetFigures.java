package org.sparkprop.eval;

import java.util.stream.IntStream;
import org.sparkprop.data.Moments;

/** Sums and moments over rows that have numbers for targets. */
final class TargetFigures extends Figures<TargetFigures> {
  private final Moments moments;

  /** By target. */
  private final double[] squaredErrors;

  private final double[] absoluteErrors;

  TargetFigures(int targets) {
    this.moments = new Moments(targets);
    this.squaredErrors = new double[targets];
    this.absoluteErrors = new double[targets];
  }

  /**
   * Adds a row.
   *
   * @param output from {@code at} on one for each target; so are {@code targets}
   */
  void add(float[] output, float[] targets, int at, double lossOfRow, double weightOfRow) {
    if (weightOfRow == 0) {
      return; // not 0 times an error that may be infinite
    }
    weight += weightOfRow;
    loss += weightOfRow * lossOfRow;
    moments.add(weightOfRow, targets, at);
    for (int i = 0; i < squaredErrors.length; i++) {
      double error = (double) output[at + i] - targets[at + i];
      squaredErrors[i] += weightOfRow * error * error;
      absoluteErrors[i] += weightOfRow * Math.abs(error);
    }
  }

  @Override
  void add(TargetFigures right) {
    weight += right.weight;
    loss += right.loss;
    moments.add(right.moments);
    for (int i = 0; i < squaredErrors.length; i++) {
      squaredErrors[i] += right.squaredErrors[i];
      absoluteErrors[i] += right.absoluteErrors[i];
    }
  }

  double rmse(int target) {
    return Math.sqrt(squaredErrors[target] / weight);
  }

  double mae(int target) {
    return absoluteErrors[target] / weight;
  }

  /** 1 − Σ (t − y)² / Σ (t − mean)²; NaN if the target is the same in all rows. */
  double r2(int target) {
    return moments.squares(target) > 0
        ? 1 - squaredErrors[target] / moments.squares(target)
        : Double.NaN;
  }

  /** The mean over the targets. */
  double rmse() {
    return IntStream.range(0, squaredErrors.length)
        .mapToDouble(this::rmse)
        .average()
        .orElse(Double.NaN);
  }

  /** The mean over the targets. */
  double mae() {
    return IntStream.range(0, squaredErrors.length)
        .mapToDouble(this::mae)
        .average()
        .orElse(Double.NaN);
  }

  /** The mean over the targets that are not the same in all rows. */
  double r2() {
    return IntStream.range(0, squaredErrors.length)
        .filter(target -> moments.squares(target) > 0)
        .mapToDouble(this::r2)
        .average()
        .orElse(Double.NaN);
  }
}
