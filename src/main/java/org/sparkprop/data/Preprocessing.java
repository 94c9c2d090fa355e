package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.sparkprop.base.HasWord;

/**
 * What happens to a row between its shard and the network.
 *
 * @param features how features are kept in memory
 * @param scale what each feature is multiplied by
 * @param featureScaling what happens to features then; bytes have one mean and scale for all
 * @param targetScaling what happens to targets; predictions take the way back
 * @param classWeights what a row weighs for its class
 * @param offsets what was taken from features and targets before they were packed
 */
@DefaultSerializer(JavaSerializer.class)
public record Preprocessing(
    FeatureType features,
    float scale,
    Scaling featureScaling,
    Scaling targetScaling,
    ClassWeights classWeights,
    Offsets offsets)
    implements Serializable {
  /** How a feature is kept in a packed shard. */
  public enum FeatureType implements HasWord {
    /** One unsigned byte, 0 to 255. */
    BYTE(1),
    /** Four bytes, little-endian. */
    FLOAT(4);

    final int bytes;

    FeatureType(int bytes) {
      this.bytes = bytes;
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
    if (features == FeatureType.BYTE && featureScaling.size() > 1) {
      throw new IllegalArgumentException(
          "Invalid scaling: %d means (must be one for all features, since they are bytes)"
              .formatted(featureScaling.size()));
    }
  }

  private Preprocessing(FeatureType features, float scale) {
    this(features, scale, Scaling.NONE, Scaling.NONE, ClassWeights.NONE, Offsets.NONE);
  }

  /** Bytes to 0 … 1; numbers, targets and classes as they are. */
  public static Preprocessing raw(FeatureType features) {
    return switch (features) {
      case BYTE -> new Preprocessing(features, 1 / 255f);
      case FLOAT -> new Preprocessing(features, 1);
    };
  }

  /** The same with features in other units. */
  public Preprocessing withFeatureScaling(Scaling featureScaling) {
    return new Preprocessing(features, scale, featureScaling, targetScaling, classWeights, offsets);
  }

  /** The same features with other targets. */
  public Preprocessing withTargetScaling(Scaling targetScaling) {
    return new Preprocessing(features, scale, featureScaling, targetScaling, classWeights, offsets);
  }

  /** The same features with other weights of classes. */
  public Preprocessing withClassWeights(ClassWeights classWeights) {
    return new Preprocessing(features, scale, featureScaling, targetScaling, classWeights, offsets);
  }

  /** The same for rows whose numbers were moved before. */
  public Preprocessing withOffsets(Offsets offsets) {
    return new Preprocessing(features, scale, featureScaling, targetScaling, classWeights, offsets);
  }

  /**
   * Decodes the features of a row.
   *
   * @param packed (rows, width), each {@code features().bytes} bytes long
   * @param into overwritten from {@code at} on
   */
  public void decode(byte[] packed, int row, int width, float[] into, int at) {
    switch (features) {
      case BYTE -> featureScaling.byteTable(scale).decode(packed, row * width, width, into, at);
      case FLOAT -> {
        ByteBuffer.wrap(packed)
            .order(ByteOrder.LITTLE_ENDIAN)
            .position(row * width * Float.BYTES)
            .asFloatBuffer()
            .get(into, at, width);
        prepare(into, at, width);
      }
    }
  }

  /** Prepares the features of a row, as numbers, in place. */
  public void prepare(float[] features, int at, int width) {
    if (scale != 1) {
      for (int i = at; i < at + width; i++) {
        features[i] *= scale;
      }
    }
    featureScaling.scale(features, at, 1);
  }
}
