package org.sparkprop.data;

import org.apache.spark.api.java.JavaRDD;

/**
 * Scalings to mean 0 and standard deviation 1 over packed rows, by weight: the same bits on any
 * layout. One Spark job each.
 */
public final class Standardization {
  private Standardization() {}

  /** Of each target. */
  public static Scaling ofTargets(Shards shards, int targets) {
    return sum(shards
            .rdd()
            .mapPartitions(
                task -> ShardTree.count(task, shard -> Moments.ofTargets(shard, targets))))
        .standardization();
  }

  /**
   * Of the features: all alike where they are bytes, as those of an image are; else each on its
   * own.
   *
   * @param raw how rows are prepared before
   */
  public static Scaling ofFeatures(Shards shards, Preprocessing raw, int width) {
    return switch (raw.features()) {
      case BYTE ->
          sum(shards.rdd().mapPartitions(task -> ShardTree.count(task, ByteCounts::of)))
              .standardization(raw.scale());
      case FLOAT ->
          sum(shards
                  .rdd()
                  .mapPartitions(
                      task ->
                          ShardTree.count(task, shard -> Moments.ofFeatures(shard, raw, width))))
              .standardization();
    };
  }

  private static <T extends ShardTree.Count<T>> T sum(JavaRDD<ShardTree.Node<T>> nodes) {
    return ShardTree.complete(nodes.collect());
  }
}
