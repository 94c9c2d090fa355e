package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.unsafe.Platform;

/**
 * What a shard holds, as two numbers of 64 bits, so that a shard that is read again can be compared
 * with what it was (XXH64, at about memory speed, once when a shard is packed).
 *
 * @param ordered of the rows in their order, and of the number of the shard
 * @param rows the sum over the rows: the same in whatever order and shards they lie
 */
@DefaultSerializer(JavaSerializer.class)
record ContentHash(long ordered, long rows) implements Serializable {
  /** Of no rows, and of a shard that is not there. */
  static final ContentHash NONE = new ContentHash(0, 0);

  /**
   * The hash of packed rows.
   *
   * @param features (rows, rowBytes)
   * @param labels (rows), or none
   * @param targets (rows, targets of a row), or none
   * @param weights (rows), or none
   */
  static ContentHash of(
      int shard,
      int rows,
      int rowBytes,
      byte[] features,
      int[] labels,
      float[] targets,
      float[] weights) {
    if (rows == 0) {
      return NONE;
    }
    int targetBytes = Math.multiplyExact(targets.length / rows, Float.BYTES);
    long ordered = XXH64.hashLong(shard, rows);
    long sum = 0;
    for (int row = 0; row < rows; row++) {
      long at = (long) row * rowBytes;
      long hash =
          XXH64.hashUnsafeBytes(features, Platform.BYTE_ARRAY_OFFSET + at, rowBytes, rowBytes);
      if (labels.length > 0) {
        hash = XXH64.hashInt(labels[row], hash);
      }
      if (targetBytes > 0) {
        long target = (long) row * targetBytes;
        hash =
            XXH64.hashUnsafeBytes(targets, Platform.FLOAT_ARRAY_OFFSET + target, targetBytes, hash);
      }
      if (weights.length > 0) {
        hash = XXH64.hashInt(Float.floatToRawIntBits(weights[row]), hash);
      }
      sum += hash;
      ordered = XXH64.hashLong(hash, ordered);
    }
    return new ContentHash(ordered, sum);
  }

  /** That of these rows and those of another shard. */
  ContentHash plus(ContentHash other) {
    return new ContentHash(ordered + other.ordered, rows + other.rows);
  }
}
