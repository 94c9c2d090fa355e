package org.sparkprop.eval;

import java.util.Arrays;

/** The figures of rows that are each of one class. */
final class ClassFigures extends HitFigures<ClassFigures> {
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

  @Override
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

  /** NaN where all classes are among the top. */
  double shareAmongTop() {
    return of.length > ClassTally.TOP ? amongTop / weight : Double.NaN;
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

  /**
   * The correlation of truth and prediction (Matthews 1975; of more than two classes, Gorodkin
   * 2004); 0, as in scikit-learn, where the rows are all of one class or all taken for one.
   */
  double mcc() {
    double deviations = Math.sqrt(different(of, of)) * Math.sqrt(different(predicted, predicted));
    return deviations > 0 ? covariance() / deviations : weight > 0 ? 0 : Double.NaN;
  }

  /**
   * The share of what chance gets wrong that is right (Cohen 1960); NaN, as in scikit-learn, where
   * the rows are all of one class and all taken for it.
   */
  double kappa() {
    return covariance() / different(of, predicted);
  }

  /**
   * Σ hitsₖ · weight − ofₖ · predictedₖ, over weight². Of each class this is what is right, both
   * ways, less what is wrong: the large products, which would cancel where a class is rare, are
   * never formed.
   */
  private double covariance() {
    double[] ofOthers = sumsOfOthers(of);
    double sum = 0;
    for (int label = 0; label < of.length; label++) {
      double missed = of[label] - hits[label];
      double wronglyTaken = predicted[label] - hits[label];
      double rest = ofOthers[label] - wronglyTaken; // neither of the class, nor taken for it
      sum += hits[label] / weight * (rest / weight) - missed / weight * (wronglyTaken / weight);
    }
    return sum;
  }

  /** The share of the pairs, of an element of each, that are of different classes. */
  private double different(double[] left, double[] right) {
    double[] others = sumsOfOthers(right);
    double sum = 0;
    for (int label = 0; label < left.length; label++) {
      sum += left[label] / weight * (others[label] / weight);
    }
    return sum;
  }

  /** For each class the sum over all others, added up: a difference would lose the rare ones. */
  private static double[] sumsOfOthers(double[] sums) {
    double[] others = new double[sums.length];
    double before = 0;
    for (int label = 0; label < sums.length; label++) {
      others[label] = before;
      before += sums[label];
    }
    double behind = 0;
    for (int label = sums.length - 1; label >= 0; label--) {
      others[label] += behind;
      behind += sums[label];
    }
    return others;
  }
}
