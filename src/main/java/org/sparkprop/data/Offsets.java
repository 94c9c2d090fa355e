package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.List;

/**
 * What is taken from each number of a row before it becomes a float, in double precision: a time
 * stamp of thirteen digits less the first one keeps the digits in which it differs from the others.
 *
 * @param features one for each feature; empty where none is moved
 * @param targets one for each target, added again to predictions; empty where none is moved
 */
@DefaultSerializer(JavaSerializer.class)
public record Offsets(List<Double> features, List<Double> targets) implements Serializable {
  /** Nothing is moved. */
  public static final Offsets NONE = new Offsets(List.of(), List.of());

  /**
   * @throws IllegalArgumentException if one of them is not finite
   */
  public Offsets {
    features = copyOf("feature", features);
    targets = copyOf("target", targets);
  }

  /** The same with no entries where all are 0. */
  private static List<Double> copyOf(String what, List<Double> offsets) {
    for (Double offset : offsets) {
      if (!Double.isFinite(offset)) {
        throw new IllegalArgumentException(
            "Invalid %s offset: %s (must be finite)".formatted(what, offset));
      }
    }
    return offsets.stream().allMatch(offset -> offset == 0) ? List.of() : List.copyOf(offsets);
  }

  /** What is taken from a feature. */
  public double ofFeature(int feature) {
    return features.isEmpty() ? 0 : features.get(feature);
  }

  /** What is taken from a target. */
  public double ofTarget(int target) {
    return targets.isEmpty() ? 0 : targets.get(target);
  }
}
