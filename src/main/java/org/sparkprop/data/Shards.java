package org.sparkprop.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import org.sparkprop.nn.Blas;
import scala.Tuple2;

/**
 * The rows of a part, packed into shards and cached on the executors. Partition {@code p} holds a
 * run of neighbouring shards, in order, whatever the number of partitions.
 */
public final class Shards implements AutoCloseable {
  private final JavaRDD<Shard> rdd;
  private final ByShard partitioner;
  private final int[] rowsOfShard;
  private final long bytes;
  private final Set<String> blas;

  private Shards(
      JavaRDD<Shard> rdd, ByShard partitioner, int[] rowsOfShard, long bytes, Set<String> blas) {
    this.rdd = rdd;
    this.partitioner = partitioner;
    this.rowsOfShard = rowsOfShard;
    this.bytes = bytes;
    this.blas = blas;
  }

  /** Packs rows so that each shard may lie in any partition. */
  public static Shards pack(Dataset<Row> rows, RowFormat format, ShardPlan plan, int partitions) {
    return pack(rows, format, plan, partitions, plan.shards());
  }

  /**
   * Checks, shuffles, packs and caches rows. This runs Spark jobs and returns when all rows are
   * packed.
   *
   * @param partitions how many Spark partitions hold the shards; no result depends on it
   * @param groups runs of neighbouring shards that are not to be divided among partitions; as many
   *     as there are shards, or fewer
   * @throws InvalidInputException naming the first row that cannot be used
   */
  public static Shards pack(
      Dataset<Row> rows, RowFormat format, ShardPlan plan, int partitions, int groups) {
    ByShard partitioner = new ByShard(partitions, groups, plan.shards());
    JavaRDD<Shard> rdd =
        RowFormat.select(rows)
            .toJavaRDD()
            .mapPartitionsToPair(partition -> new RowPacker(partition, format, plan))
            .repartitionAndSortWithinPartitions(partitioner)
            .mapPartitions(fragments -> new Joiner(fragments, format))
            .setName("shards of " + format.name())
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      int[] rowsOfShard = new int[plan.shards()];
      long bytes = 0;
      Set<String> blas = new TreeSet<>();
      List<Summary> summaries = rdd.map(Summary::of).collect();
      refuseProblems(summaries);
      for (Summary summary : summaries) {
        rowsOfShard[summary.shard()] = summary.rows();
        bytes += summary.bytes();
        blas.add(summary.blas());
      }
      return new Shards(rdd, partitioner, rowsOfShard, bytes, blas);
    } catch (RuntimeException failed) {
      rdd.unpersist(false);
      throw failed;
    }
  }

  /** The cached shards, ascending; shards without rows may be missing. */
  public JavaRDD<Shard> rdd() {
    return rdd;
  }

  /** The partition of {@link #rdd} that holds a shard. */
  public int partitionOf(int shard) {
    return partitioner.getPartition(shard);
  }

  /** Number of rows of each shard. */
  public int[] rowsOfShard() {
    return rowsOfShard.clone();
  }

  /** Number of rows of all shards. */
  public long rows() {
    long rows = 0;
    for (int shardRows : rowsOfShard) {
      rows += shardRows;
    }
    return rows;
  }

  /** Rows of the largest shard. */
  public int largestShard() {
    return IntStream.of(rowsOfShard).max().orElse(0);
  }

  /** The BLAS of each JVM that holds shards, by name; one name if all have the same. */
  public Set<String> blas() {
    return blas;
  }

  /** Bytes of all shards in memory. */
  public long bytes() {
    return bytes;
  }

  /** Frees the cache. */
  @Override
  public void close() {
    rdd.unpersist(false);
  }

  private static void refuseProblems(List<Summary> summaries) {
    summaries.stream()
        .map(Summary::problem)
        .filter(Objects::nonNull)
        .min(Comparator.comparingLong(RowProblem::row))
        .ifPresent(
            problem -> {
              throw new InvalidInputException(problem.message());
            });
  }

  /** What the driver needs to know of a shard. */
  private record Summary(int shard, int rows, long bytes, String blas, @Nullable RowProblem problem)
      implements Serializable {
    static Summary of(Shard shard) {
      return new Summary(shard.number(), shard.rows(), shard.bytes(), Blas.name(), shard.problem());
    }
  }

  /** Cuts the shards into equal groups, and these into as many runs as there are partitions. */
  private static final class ByShard extends Partitioner {
    private final int partitions;
    private final int groups;
    private final int shards;

    ByShard(int partitions, int groups, int shards) {
      this.partitions = partitions;
      this.groups = groups;
      this.shards = shards;
    }

    @Override
    public int numPartitions() {
      return partitions;
    }

    @Override
    public int getPartition(Object shard) {
      long group = (long) (Integer) shard * groups / shards;
      return (int) (group * partitions / groups);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof ByShard that
          && that.partitions == partitions
          && that.groups == groups
          && that.shards == shards;
    }

    @Override
    public int hashCode() {
      return Objects.hash(partitions, groups, shards);
    }
  }

  /** Joins neighbouring fragments of the same shard, shard after shard. */
  private static final class Joiner implements Iterator<Shard> {
    private final Iterator<Tuple2<Integer, Fragment>> fragments;
    private final RowFormat format;
    private @Nullable Tuple2<Integer, Fragment> next;

    Joiner(Iterator<Tuple2<Integer, Fragment>> fragments, RowFormat format) {
      this.fragments = fragments;
      this.format = format;
      this.next = fragments.hasNext() ? fragments.next() : null;
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Shard next() {
      Tuple2<Integer, Fragment> first = Objects.requireNonNull(next);
      List<Fragment> ofShard = new ArrayList<>();
      while (next != null && next._1().equals(first._1())) {
        ofShard.add(next._2());
        next = fragments.hasNext() ? fragments.next() : null;
      }
      return Shard.join(first._1(), ofShard, format);
    }
  }
}
