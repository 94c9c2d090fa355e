package org.sparkprop.eval;

import java.io.Serializable;
import java.util.stream.IntStream;

/**
 * Sums and moments over rows that have numbers for targets, by the rows or by their weights, and
 * the figures from them. Figures are NaN where there is nothing to take them of.
 *
 * <p>The sum of squared distances to the mean is kept beside the mean of the rows so far (West
 * 1979) and merged with another (Chan, Golub, LeVeque 1983): a sum of squares would lose all its
 * digits where targets are far from 0.
 */
final class TargetFigures implements Serializable {
  private double weight;
  private double loss;

  /** By target. */
  private final double[] mean;

  private final double[] squares;
  private final double[] squaredErrors;
  private final double[] absoluteErrors;

  TargetFigures(int targets) {
    this.mean = new double[targets];
    this.squares = new double[targets];
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
      return; // and if it is the first, it has no share
    }
    weight += weightOfRow;
    loss += weightOfRow * lossOfRow;
    double share = weightOfRow / weight;
    for (int i = 0; i < mean.length; i++) {
      double target = targets[at + i];
      double away = target - mean[i];
      mean[i] += away * share;
      squares[i] += weightOfRow * away * (target - mean[i]);
      double error = output[at + i] - target;
      squaredErrors[i] += weightOfRow * error * error;
      absoluteErrors[i] += weightOfRow * Math.abs(error);
    }
  }

  void add(TargetFigures right) {
    if (right.weight == 0) {
      return;
    }
    double both = weight + right.weight;
    double share = right.weight / both;
    for (int i = 0; i < mean.length; i++) {
      double away = right.mean[i] - mean[i];
      mean[i] += away * share;
      squares[i] += right.squares[i] + away * away * weight * share;
      squaredErrors[i] += right.squaredErrors[i];
      absoluteErrors[i] += right.absoluteErrors[i];
    }
    weight = both;
    loss += right.loss;
  }

  double weight() {
    return weight;
  }

  /** The sum of the losses. */
  double loss() {
    return loss;
  }

  double rmse(int target) {
    return Math.sqrt(squaredErrors[target] / weight);
  }

  double mae(int target) {
    return absoluteErrors[target] / weight;
  }

  /** 1 − Σ (t − y)² / Σ (t − mean)²; NaN if the target is the same in all rows. */
  double r2(int target) {
    return squares[target] > 0 ? 1 - squaredErrors[target] / squares[target] : Double.NaN;
  }

  /** The mean over the targets. */
  double rmse() {
    return IntStream.range(0, mean.length).mapToDouble(this::rmse).average().orElse(Double.NaN);
  }

  /** The mean over the targets. */
  double mae() {
    return IntStream.range(0, mean.length).mapToDouble(this::mae).average().orElse(Double.NaN);
  }

  /** The mean over the targets that are not the same in all rows. */
  double r2() {
    return IntStream.range(0, mean.length)
        .filter(target -> squares[target] > 0)
        .mapToDouble(this::r2)
        .average()
        .orElse(Double.NaN);
  }
}
