package org.sparkprop.data;

import java.io.Serializable;
import java.util.Locale;

/**
 * What happens to a row between its shard and the network.
 *
 * @param features how features are kept in memory
 * @param scale what each feature is multiplied by
 * @param targets what happens to targets; predictions take the way back
 * @param classWeights what a row weighs for its class
 */
public record Preprocessing(
    FeatureType features, float scale, TargetScaling targets, ClassWeights classWeights)
    implements Serializable {
  /** How a feature is kept in a packed shard. */
  public enum FeatureType {
    /** One unsigned byte, 0 to 255. */
    BYTE(1),
    /** Four bytes, little-endian. */
    FLOAT(4);

    final int bytes;

    FeatureType(int bytes) {
      this.bytes = bytes;
    }

    /** The word for this type in files. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The type that {@code word} names.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static FeatureType of(String word) {
      for (FeatureType type : values()) {
        if (type.word().equals(word)) {
          return type;
        }
      }
      throw new IllegalArgumentException(
          "Invalid features: %s (must be byte or float)".formatted(word));
    }
  }

  public Preprocessing {
    if (!(Math.abs(scale) > 0 && Math.abs(scale) <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "Invalid scale: %s (must be a number other than 0)".formatted(scale));
    }
  }

  /** Features alone: targets as they are, and all classes alike. */
  public Preprocessing(FeatureType features, float scale) {
    this(features, scale, TargetScaling.NONE, ClassWeights.NONE);
  }

  /** The same features with other targets. */
  public Preprocessing withTargets(TargetScaling targets) {
    return new Preprocessing(features, scale, targets, classWeights);
  }

  /** The same features with other weights of classes. */
  public Preprocessing withClassWeights(ClassWeights classWeights) {
    return new Preprocessing(features, scale, targets, classWeights);
  }

  /** Bytes to 0 … 1; numbers as they are. */
  public static Preprocessing standard(FeatureType features) {
    return switch (features) {
      case BYTE -> new Preprocessing(features, 1 / 255f);
      case FLOAT -> new Preprocessing(features, 1);
    };
  }
}
