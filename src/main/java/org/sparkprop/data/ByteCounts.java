package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.util.List;

/** How often each byte is a feature, by the weight of its row. */
@DefaultSerializer(JavaSerializer.class)
final class ByteCounts implements ShardTree.Count<ByteCounts> {
  private final double[] weights = new double[256];

  /** Of the features of a shard. */
  static ByteCounts of(Shard shard) {
    ByteCounts counts = new ByteCounts();
    byte[] bytes = shard.features();
    for (int row = 0; row < shard.rows(); row++) {
      int width = bytes.length / shard.rows();
      double weight = shard.weight(row);
      for (int i = row * width; i < (row + 1) * width; i++) {
        counts.weights[bytes[i] & 0xff] += weight;
      }
    }
    return counts;
  }

  @Override
  public void add(ByteCounts right) {
    for (int i = 0; i < weights.length; i++) {
      weights[i] += right.weights[i];
    }
  }

  /**
   * The scaling of all features alike to mean 0 and standard deviation 1.
   *
   * @param unit what a byte of 1 stands for
   */
  Scaling standardization(float unit) {
    double weight = 0;
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      weight += weights[i];
      sum += weights[i] * i;
    }
    double mean = sum / weight;
    double squares = 0;
    for (int i = 0; i < weights.length; i++) {
      squares += weights[i] * (i - mean) * (i - mean);
    }
    double deviation = Math.sqrt(squares / weight);
    return Scaling.of(
        List.of(mean * unit), List.of(deviation > 0 ? deviation * unit : (double) unit));
  }
}
