package org.sparkprop.eval;

import java.io.Serializable;
import java.util.Arrays;

/**
 * How many positive and negative rows, or how much weight of them, there is for each score: all
 * that the areas under the ROC and the precision-recall curve depend on. A score is higher the more
 * the model takes a row for a positive one; rows in one bucket of scores count as ties.
 */
final class ScoreCounts implements Serializable {
  private final boolean exact;

  /** Ascending, as {@link ScoreResolution} numbers them. */
  private final int[] buckets;

  private final double[] positives;
  private final double[] negatives;

  private ScoreCounts(boolean exact, int[] buckets, double[] positives, double[] negatives) {
    this.exact = exact;
    this.buckets = buckets;
    this.positives = positives;
    this.negatives = negatives;
  }

  /** Gathers buckets in ascending order. */
  static final class Builder {
    private final boolean exact;
    private final int[] buckets;
    private final double[] positives;
    private final double[] negatives;
    private int size;

    Builder(boolean exact, int mostBuckets) {
      this.exact = exact;
      this.buckets = new int[mostBuckets];
      this.positives = new double[mostBuckets];
      this.negatives = new double[mostBuckets];
    }

    /** Adds to a bucket, the last or a higher one. */
    void add(int bucket, double positive, double negative) {
      if (size == 0 || buckets[size - 1] != bucket) {
        buckets[size++] = bucket;
      }
      positives[size - 1] += positive;
      negatives[size - 1] += negative;
    }

    ScoreCounts build() {
      return new ScoreCounts(
          exact,
          Arrays.copyOf(buckets, size),
          Arrays.copyOf(positives, size),
          Arrays.copyOf(negatives, size));
    }
  }

  /** Those of left and right rows, ranking by ranking. */
  static ScoreCounts[] sum(ScoreCounts[] left, ScoreCounts[] right) {
    ScoreCounts[] sums = new ScoreCounts[left.length];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = left[i].plus(right[i]);
    }
    return sums;
  }

  /** These rows and others. */
  ScoreCounts plus(ScoreCounts other) {
    Builder sum = new Builder(exact, buckets.length + other.buckets.length);
    int i = 0;
    int j = 0;
    while (i < buckets.length || j < other.buckets.length) {
      boolean ours =
          j == other.buckets.length || (i < buckets.length && buckets[i] <= other.buckets[j]);
      if (ours) {
        sum.add(buckets[i], positives[i], negatives[i]);
        i++;
      } else {
        sum.add(other.buckets[j], other.positives[j], other.negatives[j]);
        j++;
      }
    }
    return sum.build();
  }

  /**
   * The areas, and how far rounded scores may have put them off. Whatever the order of the rows
   * within a bucket, the ROC curve gains or loses at most half of the pairs that lie in it, and the
   * precision at each of its positive rows lies between that with all its negatives before them and
   * that with all its positives before.
   */
  Ranking ranking() {
    double allPositives = sum(positives);
    double allNegatives = sum(negatives);
    double pairs = 0;
    double tiedPairs = 0;
    double precisions = 0;
    double precisionErrors = 0;
    double above = 0; // positives above the bucket
    double falseAbove = 0; // negatives above the bucket
    for (int i = buckets.length - 1; i >= 0; i--) {
      double p = positives[i];
      double n = negatives[i];
      pairs += n * (above + p / 2);
      if (p > 0) {
        double precision = (above + p) / (above + p + falseAbove + n);
        precisions += p * precision;
        if (!exact) {
          tiedPairs += n * p / 2;
          double best = (above + p) / (above + p + falseAbove);
          double worst = precision == 1 ? 1 : above / (above + falseAbove + n);
          precisionErrors += p * Math.max(best - precision, precision - worst);
        }
      }
      above += p;
      falseAbove += n;
    }
    return new Ranking(
        pairs / (allPositives * allNegatives),
        tiedPairs / (allPositives * allNegatives),
        precisions / allPositives,
        precisionErrors / allPositives);
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }
}
