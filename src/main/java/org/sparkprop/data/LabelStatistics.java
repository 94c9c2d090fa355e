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

  /** The means of one shard, and sums of squared distances to them. */
  @DefaultSerializer(JavaSerializer.class)
  private static final class Targets implements Serializable {
    final int shard;
    final double[] means;
    final double[] squares;
    double weight;

    Targets(Shard shard) {
      int targets = shard.targetsOfRow();
      this.shard = shard.number();
      this.means = new double[targets];
      this.squares = new double[targets];
      for (int row = 0; row < shard.rows(); row++) {
        double ofRow = shard.weight(row);
        weight += ofRow;
        for (int i = 0; i < targets && ofRow > 0; i++) {
          // West 1979
          double away = shard.target(row, i) - means[i];
          means[i] += away * ofRow / weight;
          squares[i] += ofRow * away * (shard.target(row, i) - means[i]);
        }
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

  /**
   * The scaling to mean 0 and standard deviation 1; a target that never changes is only moved. One
   * Spark job.
   */
  public static TargetScaling standardizedTargets(Shards shards, int targets) {
    List<Targets> ofShards = new ArrayList<>(shards.rdd().map(Targets::new).collect());
    ofShards.sort(Comparator.comparingInt(Targets::shard));
    double weight = 0;
    double[] mean = new double[targets];
    double[] squares = new double[targets];
    for (Targets shard : ofShards) {
      double total = weight + shard.weight;
      for (int i = 0; i < targets && shard.weight > 0; i++) {
        // Chan, Golub, LeVeque 1983
        double away = shard.means[i] - mean[i];
        mean[i] += away * shard.weight / total;
        squares[i] += shard.squares[i] + away * away * weight * shard.weight / total;
      }
      weight = total;
    }
    List<Double> means = new ArrayList<>();
    List<Double> scales = new ArrayList<>();
    for (int i = 0; i < targets; i++) {
      double deviation = Math.sqrt(squares[i] / weight);
      means.add(mean[i]);
      scales.add(deviation > Float.MIN_NORMAL ? deviation : 1);
    }
    return TargetScaling.of(means, scales);
  }
}
