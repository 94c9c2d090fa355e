package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What the labels of packed rows are like, by weight: how much each class weighs, or mean and
 * spread of each target. Shards are put together in their order, so that the bits are the same on
 * any layout.
 */
public final class LabelStatistics {
  private LabelStatistics() {}

  /** The weight of each class in one shard. */
  @DefaultSerializer(JavaSerializer.class)
  private static final class Classes implements Serializable {
    final int shard;
    final double[] weights;

    Classes(Shard shard, int classes) {
      this.shard = shard.number();
      this.weights = new double[classes];
      for (int row = 0; row < shard.rows(); row++) {
        weights[shard.label(row)] += shard.weight(row);
      }
    }

    int shard() {
      return shard;
    }
  }

  /** Weights that balance the classes. One Spark job. */
  public static ClassWeights balancedClasses(Shards shards, int classes) {
    List<Classes> ofShards =
        new ArrayList<>(shards.rdd().map(shard -> new Classes(shard, classes)).collect());
    ofShards.sort(Comparator.comparingInt(Classes::shard));
    double[] weights = new double[classes];
    for (Classes ofShard : ofShards) {
      for (int label = 0; label < classes; label++) {
        weights[label] += ofShard.weights[label];
      }
    }
    return ClassWeights.balanced(weights);
  }
}
