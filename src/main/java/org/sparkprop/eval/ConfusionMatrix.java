package org.sparkprop.eval;

import java.io.Serializable;

/**
 * How many rows of each class were taken for each class; truth in rows, prediction in columns. Only
 * cells that are not zero take memory, so thousands of classes are no more than their rows.
 */
public final class ConfusionMatrix implements Serializable {
  private final int classes;
  private final CellCounts cells = new CellCounts();
  private final long[] rowsOf;
  private final long[] predictedAs;

  public ConfusionMatrix(int classes) {
    this.classes = classes;
    this.rowsOf = new long[classes];
    this.predictedAs = new long[classes];
  }

  /** Counts one row. */
  public void add(int truth, int predicted) {
    cells.add((long) truth * classes + predicted, 1);
    rowsOf[truth]++;
    predictedAs[predicted]++;
  }

  /** Adds the counts of another part of the rows. */
  public void add(ConfusionMatrix other) {
    cells.add(other.cells);
    for (int label = 0; label < classes; label++) {
      rowsOf[label] += other.rowsOf[label];
      predictedAs[label] += other.predictedAs[label];
    }
  }

  public int classes() {
    return classes;
  }

  /** Number of rows of class {@code truth} that were taken for class {@code predicted}. */
  public long count(int truth, int predicted) {
    return cells.get((long) truth * classes + predicted);
  }

  /** Number of rows counted. */
  public long rows() {
    long rows = 0;
    for (long ofClass : rowsOf) {
      rows += ofClass;
    }
    return rows;
  }

  /** Number of rows whose class was predicted. */
  public long hits() {
    long hits = 0;
    for (int label = 0; label < classes; label++) {
      hits += count(label, label);
    }
    return hits;
  }

  /** Number of rows that are of class {@code truth}. */
  public long rowsOf(int truth) {
    return rowsOf[truth];
  }

  /** Number of rows that were taken for class {@code label}. */
  public long predictedAs(int label) {
    return predictedAs[label];
  }

  /** Share of the rows whose class was predicted; NaN without rows. */
  public double accuracy() {
    return (double) hits() / rows();
  }

  /** Share of the rows taken for {@code label} that are of it; NaN if none was. */
  public double precision(int label) {
    return (double) count(label, label) / predictedAs(label);
  }

  /** Share of the rows of {@code label} that were taken for it; NaN if there is none. */
  public double recall(int label) {
    return (double) count(label, label) / rowsOf(label);
  }

  /** Harmonic mean of precision and recall; NaN if the class was neither there nor predicted. */
  public double f1(int label) {
    return 2.0 * count(label, label) / (rowsOf(label) + predictedAs(label));
  }
}
