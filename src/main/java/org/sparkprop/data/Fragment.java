package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Checked rows of one shard that one task has read, on their way through the shuffle. */
@DefaultSerializer(JavaSerializer.class)
final class Fragment implements Serializable {
  private static final float[] NONE = {};

  private final int rowBytes;
  private final int targetsOfRow;
  private final boolean weighted;
  private int rows;
  private long[] numbers = new long[1];
  private int[] labels = new int[1];
  private float[] targets;
  private float[] weights;
  private byte[] features;
  private @Nullable RowProblem problem;

  private Fragment(int rowBytes, int targetsOfRow, boolean weighted) {
    this.rowBytes = rowBytes;
    this.targetsOfRow = targetsOfRow;
    this.weighted = weighted;
    this.features = new byte[rowBytes];
    this.targets = targetsOfRow == 0 ? NONE : new float[targetsOfRow];
    this.weights = weighted ? new float[1] : NONE;
  }

  static Fragment of(RowFormat format) {
    return new Fragment(format.rowBytes(), format.labels().targets(), format.weighted());
  }

  /** The first row that cannot be used, instead of rows. */
  static Fragment of(RowProblem problem) {
    Fragment fragment = new Fragment(0, 0, false);
    fragment.problem = problem;
    return fragment;
  }

  /**
   * Adds a row, whose number in this fragment is returned; the caller writes its features and
   * targets.
   *
   * @param label its class; anything where rows have targets
   * @param weight anything where rows have none
   */
  int add(long number, int label, float weight) {
    if (rows == numbers.length) {
      resize(2L * rows);
    }
    numbers[rows] = number;
    labels[rows] = label;
    if (weighted) {
      weights[rows] = weight;
    }
    return rows++;
  }

  /** Gives back what the arrays have grown beyond the rows, so that it is not shipped. */
  void trim() {
    if (numbers.length > rows) {
      resize(rows);
    }
  }

  private void resize(long length) {
    numbers = Arrays.copyOf(numbers, Math.toIntExact(length));
    labels = Arrays.copyOf(labels, Math.toIntExact(length));
    targets = Arrays.copyOf(targets, Math.toIntExact(length * targetsOfRow));
    weights = weighted ? Arrays.copyOf(weights, Math.toIntExact(length)) : NONE;
    features = Arrays.copyOf(features, Math.toIntExact(length * rowBytes));
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

  /** Targets (rows, targets of a row), or none where rows have classes. */
  float[] targets() {
    return targets;
  }

  byte[] features() {
    return features;
  }

  @Nullable RowProblem problem() {
    return problem;
  }
}
