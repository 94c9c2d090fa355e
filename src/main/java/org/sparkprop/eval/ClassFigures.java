package org.sparkprop.eval;

import java.util.Arrays;

/** The figures of rows that are each of one class. */
final class ClassFigures extends HitFigures {
  private double logLoss;
  private double amongTop;

  ClassFigures(int classes) {
    super(classes);
  }

  /** Adds a row. */
  void add(
      int truth,
      int prediction,
      boolean isAmongTop,
      double lossOfRow,
      double logLossOfRow,
      double weightOfRow) {
    if (weightOfRow == 0) {
      return; // not 0 times a loss that may be infinite
    }
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

  void add(ClassFigures right) {
    addHits(right);
    logLoss += right.logLoss;
    amongTop += right.amongTop;
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

  /** The mean recall of the classes that occur. */
  double balancedAccuracy() {
    double recalls = 0;
    int classes = 0;
    for (int label = 0; label < of.length; label++) {
      if (of[label] > 0) {
        recalls += recall(label);
        classes++;
      }
    }
    return recalls / classes;
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
    return Ranking.mean(rankings());
  }
}
