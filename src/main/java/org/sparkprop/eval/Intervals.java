package org.sparkprop.eval;

import java.util.List;
import org.apache.commons.statistics.interval.BinomialConfidenceInterval;
import org.apache.commons.statistics.interval.Interval;
import org.jspecify.annotations.Nullable;

/** 95 % confidence intervals of shares of rows, as lower and upper end. */
final class Intervals {
  private static final double ERROR_RATE = 0.05;

  private Intervals() {}

  /** Wilson's interval of {@code hits} among {@code rows} (Wilson 1927); null without rows. */
  static @Nullable List<Double> ofShare(long hits, long rows) {
    if (rows == 0) {
      return null;
    }
    Interval interval = wilson(hits, rows);
    return List.of(interval.getLowerBound(), interval.getUpperBound());
  }

  /**
   * The interval of the balanced accuracy: the recalls of the classes are independent shares, each
   * with Wilson's interval, and the distances to the ends add up as squares (Zou, Huang, Zhang
   * 2009, which for two shares is Newcombe's tenth method of 1998). Unlike a normal approximation
   * it does not shrink to nothing where every row is right. Null without rows.
   */
  static @Nullable List<Double> ofBalancedAccuracy(ConfusionMatrix confusion) {
    double recalls = 0;
    double below = 0;
    double above = 0;
    int classes = 0;
    for (int label = 0; label < confusion.classes(); label++) {
      long rows = confusion.rowsOf(label);
      if (rows > 0) {
        double recall = confusion.recall(label);
        Interval interval = wilson(confusion.count(label, label), rows);
        below += square(recall - interval.getLowerBound());
        above += square(interval.getUpperBound() - recall);
        recalls += recall;
        classes++;
      }
    }
    if (classes == 0) {
      return null;
    }
    return List.of((recalls - Math.sqrt(below)) / classes, (recalls + Math.sqrt(above)) / classes);
  }

  private static Interval wilson(long hits, long rows) {
    // The library counts in int; beyond that the interval is narrower than the digits shown.
    double shrink = Math.max(1, (double) rows / Integer.MAX_VALUE);
    return BinomialConfidenceInterval.WILSON_SCORE.fromErrorRate(
        (int) (rows / shrink), (int) (hits / shrink), ERROR_RATE);
  }

  private static double square(double x) {
    return x * x;
  }
}
