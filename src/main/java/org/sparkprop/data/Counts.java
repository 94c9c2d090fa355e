package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.util.List;

/** How often each of a few values occurs, by the weight of its rows. */
@DefaultSerializer(JavaSerializer.class)
final class Counts implements ShardTree.Count<Counts> {
  private final double[] weights;

  private Counts(int values) {
    this.weights = new double[values];
  }

  /** Of the classes of a shard. */
  static Counts ofClasses(Shard shard, int classes) {
    Counts counts = new Counts(classes);
    for (int row = 0; row < shard.rows(); row++) {
      counts.weights[shard.label(row)] += shard.weight(row);
    }
    return counts;
  }

  /** Of the features of a shard, which are bytes. */
  static Counts ofBytes(Shard shard) {
    Counts counts = new Counts(256);
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
  public void add(Counts right) {
    for (int i = 0; i < weights.length; i++) {
      weights[i] += right.weights[i];
    }
  }

  /** The weight of each value. */
  double[] weights() {
    return weights.clone();
  }

  /**
   * The scaling of all alike to mean 0 and standard deviation 1; what never changes is only moved.
   *
   * @param unit what the value 1 stands for
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
    return Scaling.of(List.of(mean * unit), List.of(deviation > 0 ? deviation * unit : 1.0));
  }
}
