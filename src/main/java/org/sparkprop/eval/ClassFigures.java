package org.sparkprop.eval;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Sums over rows that are each of one class, by the rows or by their weights, and the figures from
 * them. Figures are NaN where there is nothing to take them of.
 */
final class ClassFigures implements Serializable {
  private double weight;
  private double loss;
  private double logLoss;
  private double amongTop;

  /** By class: rows that are of it, rows of it that were taken for it, rows taken for it. */
  private final double[] of;

  private final double[] hits;
  private final double[] predicted;

  private ScoreCounts[] scores = {};

  ClassFigures(int classes) {
    this.of = new double[classes];
    this.hits = new double[classes];
    this.predicted = new double[classes];
  }

  /** Adds a row. */
  void add(
      int truth,
      int prediction,
      boolean isAmongTop,
      double lossOfRow,
      double logLossOfRow,
      double weightOfRow) {
    weight += weightOfRow;
    loss += weightOfRow * lossOfRow;
    logLoss += weightOfRow * logLossOfRow;
    of[truth] += weightOfRow;
    predicted[prediction] += weightOfRow;
    if (truth == prediction) {
      hits[truth] += weightOfRow;
    }
    if (isAmongTop) {
      amongTop += weightOfRow;
    }
  }

  /** Takes the scores of the rows, once, before figures are added. */
  void rank(ScoreCounts[] scoresOfRows) {
    scores = scoresOfRows;
  }

  void add(ClassFigures right) {
    weight += right.weight;
    loss += right.loss;
    logLoss += right.logLoss;
    amongTop += right.amongTop;
    for (int label = 0; label < of.length; label++) {
      of[label] += right.of[label];
      hits[label] += right.hits[label];
      predicted[label] += right.predicted[label];
    }
    scores = ScoreCounts.sum(scores, right.scores);
  }

  double weight() {
    return weight;
  }

  /** The sum of the losses. */
  double loss() {
    return loss;
  }

  double meanLogLoss() {
    return logLoss / weight;
  }

  double accuracy() {
    return Arrays.stream(hits).sum() / weight;
  }

  double shareAmongTop() {
    return amongTop / weight;
  }

  double balancedAccuracy() {
    double recalls = 0;
    int classes = 0;
    for (int label = 0; label < of.length; label++) {
      if (of[label] > 0) {
        recalls += hits[label] / of[label];
        classes++;
      }
    }
    return recalls / classes;
  }

  double f1Macro() {
    double f1s = 0;
    int classes = 0;
    for (int label = 0; label < of.length; label++) {
      if (of[label] + predicted[label] > 0) {
        f1s += f1(label);
        classes++;
      }
    }
    return f1s / classes;
  }

  double f1Weighted() {
    double f1s = 0;
    for (int label = 0; label < of.length; label++) {
      if (of[label] > 0) {
        f1s += of[label] * f1(label);
      }
    }
    return f1s / weight;
  }

  Ranking ranking() {
    return Ranking.mean(Arrays.stream(scores).map(ScoreCounts::ranking).toList());
  }

  private double f1(int label) {
    return 2 * hits[label] / (of[label] + predicted[label]);
  }
}
