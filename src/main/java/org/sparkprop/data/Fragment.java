package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.RowProblem;

/** Checked rows of one shard that one task has read, on their way through the shuffle. */
@DefaultSerializer(JavaSerializer.class)
final class Fragment implements Serializable {
  private static final float[] NONE = {};

  private final boolean weighted;
  private int rows;
  private long[] numbers = new long[1];
  private int[] labels = new int[1];
  private float[] weights;

  /** Features and then targets of each row. */
  private final Pieces records = new Pieces();

  private @Nullable RowProblem problem;

  private Fragment(boolean weighted) {
    this.weighted = weighted;
    this.weights = weighted ? new float[1] : NONE;
  }

  static Fragment of(RowFormat format) {
    return new Fragment(format.weighted());
  }

  /** The first row that cannot be used, instead of rows. */
  static Fragment of(RowProblem problem) {
    Fragment fragment = new Fragment(false);
    fragment.problem = problem;
    return fragment;
  }

  /**
   * Adds a row.
   *
   * @param label its class; anything where rows have targets
   * @param weight anything where rows have none
   * @param record its features and then its targets, as many bytes in each row
   */
  void add(long number, int label, float weight, byte[] record) {
    if (rows == numbers.length) {
      resize(Math.multiplyExact(2, rows));
    }
    numbers[rows] = number;
    labels[rows] = label;
    if (weighted) {
      weights[rows] = weight;
    }
    records.append(record);
    rows++;
  }

  /** Gives back what the arrays have grown beyond the rows, so that it is not shipped. */
  void trim() {
    resize(rows);
    records.trim();
  }

  private void resize(int length) {
    if (length != numbers.length) {
      numbers = Arrays.copyOf(numbers, length);
      labels = Arrays.copyOf(labels, length);
      weights = weighted ? Arrays.copyOf(weights, length) : NONE;
    }
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

  float weight(int row) {
    return weights[row];
  }

  /** Copies what {@link #add} was given as the record of a row, from one of its bytes on. */
  void read(int row, int first, byte[] into, int at, int count) {
    records.read(row * (records.length() / rows) + first, into, at, count);
  }

  @Nullable RowProblem problem() {
    return problem;
  }
}
