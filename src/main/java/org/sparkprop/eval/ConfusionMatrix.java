package org.sparkprop.eval;

import java.io.Serializable;

/** How many rows of each class were taken for each class; truth in rows, prediction in columns. */
public final class ConfusionMatrix implements Serializable {
  private final long[][] counts;

  public ConfusionMatrix(int classes) {
    this.counts = new long[classes][classes];
  }

  /** Counts one row. */
  public void add(int truth, int predicted) {
    counts[truth][predicted]++;
  }

  /** Adds the counts of another part of the rows. */
  public void add(ConfusionMatrix other) {
    for (int truth = 0; truth < counts.length; truth++) {
      for (int predicted = 0; predicted < counts.length; predicted++) {
        counts[truth][predicted] += other.counts[truth][predicted];
      }
    }
  }

  public int classes() {
    return counts.length;
  }

  public long count(int truth, int predicted) {
    return counts[truth][predicted];
  }

  /** Number of rows counted. */
  public long rows() {
    long rows = 0;
    for (int truth = 0; truth < counts.length; truth++) {
      rows += rowsOf(truth);
    }
    return rows;
  }

  /** Number of rows whose class was predicted. */
  public long hits() {
    long hits = 0;
    for (int label = 0; label < counts.length; label++) {
      hits += counts[label][label];
    }
    return hits;
  }

  /** Number of rows that are of class {@code truth}. */
  public long rowsOf(int truth) {
    long rows = 0;
    for (long count : counts[truth]) {
      rows += count;
    }
    return rows;
  }

  /** Number of rows that were taken for class {@code label}. */
  public long predictedAs(int label) {
    long rows = 0;
    for (long[] ofTruth : counts) {
      rows += ofTruth[label];
    }
    return rows;
  }

  /** Share of the rows whose class was predicted; NaN without rows. */
  public double accuracy() {
    return (double) hits() / rows();
  }

  /** Share of the rows taken for {@code label} that are of it; NaN if none was. */
  public double precision(int label) {
    return (double) counts[label][label] / predictedAs(label);
  }

  /** Share of the rows of {@code label} that were taken for it; NaN if there is none. */
  public double recall(int label) {
    return (double) counts[label][label] / rowsOf(label);
  }

  /** Harmonic mean of precision and recall; NaN if the class was neither there nor predicted. */
  public double f1(int label) {
    return 2.0 * counts[label][label] / (rowsOf(label) + predictedAs(label));
  }
}
