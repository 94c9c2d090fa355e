package org.sparkprop.data;

import java.io.Serializable;
import java.util.Locale;

/**
 * What happens to features between the row and the network: each is multiplied by {@code scale}.
 *
 * @param features how they are kept in memory
 */
public record Preprocessing(FeatureType features, float scale) implements Serializable {
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

  /** Bytes to 0 … 1; numbers as they are. */
  public static Preprocessing standard(FeatureType features) {
    return switch (features) {
      case BYTE -> new Preprocessing(features, 1 / 255f);
      case FLOAT -> new Preprocessing(features, 1);
    };
  }
}
