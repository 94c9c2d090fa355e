package org.sparkprop.data;

import java.io.Serializable;
import java.util.List;
import org.sparkprop.spark.JobDescription;

/**
 * What packed rows are like, by weight: the same bits on any layout, as a {@link ShardTree} adds
 * what each shard has. One Spark job each.
 */
public final class RowStatistics {
  private RowStatistics() {}

  /** Weights that balance the classes. */
  public static ClassWeights balancedClasses(Shards shards, int classes) {
    return ClassWeights.balanced(classTotals(shards, classes));
  }

  /** What the rows of each class weigh together, class weights aside. */
  public static double[] classTotals(Shards shards, int classes) {
    return sum(shards, shard -> Counts.ofClasses(shard, classes)).weights();
  }

  /**
   * Between what the targets of the rows lie, or their classes, each row alike.
   *
   * @param targets of a row; 0 where rows have classes
   */
  public static LabelRange labelRange(Shards shards, int targets) {
    return sum(shards, shard -> LabelRange.of(shard, targets));
  }

  /** The scaling of each target to mean 0 and standard deviation 1. */
  public static Scaling standardTargets(Shards shards, int targets) {
    return sum(shards, shard -> Moments.ofTargets(shard, targets)).standardization();
  }

  /**
   * The scaling of features to mean 0 and standard deviation 1: all alike where they are bytes, as
   * those of an image are; else each on its own.
   *
   * @param raw how rows are prepared before
   */
  public static Scaling standardFeatures(Shards shards, Preprocessing raw, int width) {
    return switch (raw.features()) {
      case BYTE -> sum(shards, Counts::ofBytes).standardization(raw.scale());
      case FLOAT -> sum(shards, shard -> Moments.ofFeatures(shard, raw, width)).standardization();
    };
  }

  /** What is counted of a shard; goes to the tasks. */
  private interface Counted<T> extends Serializable {
    T of(Shard shard);
  }

  private static <T extends ShardTree.Count<T>> T sum(Shards shards, Counted<T> counted) {
    List<ReductionTree.Node<T>> nodes =
        JobDescription.during(
            shards.rdd().context(),
            "measuring the rows",
            () -> shards.rdd().mapPartitions(task -> ShardTree.count(task, counted::of)).collect());
    return ShardTree.complete(nodes);
  }
}
