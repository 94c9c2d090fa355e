package org.sparkprop.data;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;

/** Rows of which none is held out: to validate on or to evaluate. */
public final class AllRows {
  private AllRows() {}

  /**
   * Counts rows and packs all of them, in as many shards as suit them.
   *
   * @param seed decides which rows form a shard
   * @param partitions how many there are, null for as many as suit the cores
   * @throws InvalidInputException naming the first row that cannot be used, or if there are no
   *     longer as many as were counted
   */
  public static Shards pack(
      Dataset<Row> rows, RowFormat format, long seed, @Nullable Integer partitions) {
    long count = RowFormat.count(rows, format.name());
    int shards = ShardPlan.defaultShards(count, format);
    int cores = rows.sparkSession().sparkContext().defaultParallelism();
    Layout layout = Layout.of(shards, shards, count * format.packedRowBytes(), cores, partitions);
    Shards packed = Shards.pack(rows, format, ShardPlan.all(shards, seed), layout);
    boolean complete = false;
    try {
      format.checkCount(count, packed.rows());
      complete = true;
      return packed;
    } finally {
      if (!complete) {
        packed.close();
      }
    }
  }
}
