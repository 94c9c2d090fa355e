package org.sparkprop.data;

import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Checked rows of one shard that one task has read, on their way through the shuffle. */
final class Fragment implements Serializable {
  private final int rowBytes;
  private int rows;
  private long[] numbers = new long[1];
  private int[] labels = new int[1];
  private byte[] features;
  private @Nullable RowProblem problem;

  Fragment(int rowBytes) {
    this.rowBytes = rowBytes;
    this.features = new byte[rowBytes];
  }

  /** The first row that cannot be used, instead of rows. */
  static Fragment of(RowProblem problem) {
    Fragment fragment = new Fragment(0);
    fragment.problem = problem;
    return fragment;
  }

  /** Adds a row; gives the place in {@link #features} where the caller writes its features. */
  int add(long number, int label) {
    if (rows == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * rows);
      labels = Arrays.copyOf(labels, 2 * rows);
      features = Arrays.copyOf(features, Math.toIntExact(2L * rows * rowBytes));
    }
    numbers[rows] = number;
    labels[rows] = label;
    return rows++ * rowBytes;
  }

  /** Gives back what the arrays have grown beyond the rows, so that it is not shipped. */
  void trim() {
    numbers = Arrays.copyOf(numbers, rows);
    labels = Arrays.copyOf(labels, rows);
    features = Arrays.copyOf(features, rows * rowBytes);
  }

  int rows() {
    return rows;
  }

  long number(int row) {
    return numbers[row];
  }

  int label(int row) {
    return labels[row];
  }

  byte[] features() {
    return features;
  }

  @Nullable RowProblem problem() {
    return problem;
  }
}
