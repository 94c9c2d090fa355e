package org.sparkprop.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a network learns in place of each target: {@code (target − mean) / scale}. With the mean and
 * the standard deviation of the training rows, a target is as easy to reach from the first weights
 * whatever its unit.
 */
public final class TargetScaling implements Serializable {
  /** Targets as they are. */
  public static final TargetScaling NONE = new TargetScaling(new float[0], new float[0]);

  private final float[] mean;
  private final float[] scale;

  private TargetScaling(float[] mean, float[] scale) {
    this.mean = mean;
    this.scale = scale;
  }

  /**
   * A mean and a scale for each target.
   *
   * @throws IllegalArgumentException if a scale is not above 0, or a number is not finite
   */
  public static TargetScaling of(List<Double> mean, List<Double> scale) {
    if (mean.size() != scale.size()) {
      throw new IllegalArgumentException(
          "Invalid scaling of targets: %d means and %d scales (must be one of each)"
              .formatted(mean.size(), scale.size()));
    }
    for (int i = 0; i < mean.size(); i++) {
      float factor = scale.get(i).floatValue();
      if (!Float.isFinite(mean.get(i).floatValue()) || !(factor > 0 && Float.isFinite(factor))) {
        throw new IllegalArgumentException(
            "Invalid scaling of target %d: mean %s, scale %s (must be finite, the scale > 0)"
                .formatted(i, mean.get(i), scale.get(i)));
      }
    }
    return new TargetScaling(floats(mean), floats(scale));
  }

  public boolean isNone() {
    return mean.length == 0;
  }

  /** The mean of each target; empty where targets are as they are. */
  public List<Double> mean() {
    return doubles(mean);
  }

  /** The scale of each target; empty where targets are as they are. */
  public List<Double> scale() {
    return doubles(scale);
  }

  /** Scales targets (rows, targets of a row) in place. */
  void scale(float[] targets, int rows) {
    int width = mean.length;
    for (int at = 0; at < rows * width; at += width) {
      for (int i = 0; i < width; i++) {
        targets[at + i] = (targets[at + i] - mean[i]) / scale[i];
      }
    }
  }

  /** Undoes {@link #scale} in place, for targets or predictions (rows, targets of a row). */
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
    return other instanceof TargetScaling that
        && Arrays.equals(mean, that.mean)
        && Arrays.equals(scale, that.scale);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(mean) + Arrays.hashCode(scale);
  }

  @Override
  public String toString() {
    return isNone() ? "none" : "(t − %s) / %s".formatted(mean(), scale());
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
