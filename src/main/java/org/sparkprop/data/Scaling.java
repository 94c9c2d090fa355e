package org.sparkprop.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a network sees in place of each feature, or learns in place of each target: {@code (x −
 * mean) / scale}. With the mean and the standard deviation of the training rows, all are as easy to
 * learn from, and to reach, whatever their units (LeCun et al. 1998, section 4.3).
 */
public final class Scaling implements Serializable {
  /** Numbers as they are. */
  public static final Scaling NONE = new Scaling(new float[0], new float[0]);

  private final float[] mean;
  private final float[] scale;

  /** The last that was asked for; its own, so that two runs do not take turns. */
  private transient volatile @Nullable ByteLookup byteTable;

  private Scaling(float[] mean, float[] scale) {
    this.mean = mean;
    this.scale = scale;
  }

  /**
   * A mean and a scale for each column.
   *
   * @throws IllegalArgumentException if a scale is not above 0, or a number is not finite
   */
  public static Scaling of(List<Double> mean, List<Double> scale) {
    if (mean.size() != scale.size()) {
      throw new IllegalArgumentException(
          "Invalid scaling: %d means and %d scales (must be one of each)"
              .formatted(mean.size(), scale.size()));
    }
    for (int i = 0; i < mean.size(); i++) {
      float factor = scale.get(i).floatValue();
      if (!Float.isFinite(mean.get(i).floatValue()) || !(factor > 0 && Float.isFinite(factor))) {
        throw new IllegalArgumentException(
            "Invalid scaling of column %d: mean %s, scale %s (must be finite, the scale > 0)"
                .formatted(i, mean.get(i), scale.get(i)));
      }
    }
    return new Scaling(floats(mean), floats(scale));
  }

  public boolean isNone() {
    return mean.length == 0;
  }

  /** Columns that have a mean and a scale; 0 where numbers are as they are. */
  public int size() {
    return mean.length;
  }

  /** The mean of each column; empty where numbers are as they are. */
  public List<Double> mean() {
    return doubles(mean);
  }

  /** The scale of each column; empty where numbers are as they are. */
  public List<Double> scale() {
    return doubles(scale);
  }

  /**
   * What bytes stand for with this scaling, of one column or none.
   *
   * @param unit what the byte 1 stands for before
   */
  ByteLookup byteTable(float unit) {
    ByteLookup table = byteTable;
    if (table == null || table.unit() != unit) {
      table = new ByteLookup(unit, this);
      byteTable = table;
    }
    return table;
  }

  /** Scales values (rows, columns) in place, from {@code start} on. */
  void scale(float[] values, int start, int rows) {
    int width = mean.length;
    for (int row = 0; row < rows && width > 0; row++) {
      int at = start + row * width;
      for (int i = 0; i < width; i++) {
        values[at + i] = (values[at + i] - mean[i]) / scale[i];
      }
    }
  }

  /** Undoes {@link #scale} in place, for targets or predictions (rows, columns). */
  public void restore(float[] values, int rows) {
    int width = mean.length;
    for (int at = 0; at < rows * width; at += width) {
      for (int i = 0; i < width; i++) {
        values[at + i] = values[at + i] * scale[i] + mean[i];
      }
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Scaling that
            && Arrays.equals(mean, that.mean)
            && Arrays.equals(scale, that.scale));
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(mean) + Arrays.hashCode(scale);
  }

  @Override
  public String toString() {
    return isNone() ? "none" : "(x − %s) / %s".formatted(mean(), scale());
  }

  private static float[] floats(List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return floats;
  }

  private static List<Double> doubles(float[] values) {
    return IntStream.range(0, values.length).mapToObj(i -> (double) values[i]).toList();
  }
}
