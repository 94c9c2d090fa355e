package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
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
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.RDDInfo;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import org.sparkprop.nn.Blas;
import scala.Option;
import scala.Tuple2;

/**
 * The rows of a part, packed into shards and cached on the executors in blocks of neighbouring
 * shards, which a {@link Layout} gives to tasks in order.
 */
public final class Shards implements AutoCloseable {
  /** A partition for each block of the layout. */
  private final JavaRDD<Shard> blocks;

  private final Layout layout;
  private final int[] rowsOfShard;
  private final boolean weighted;
  private final double weight;
  private final long bytes;
  private final Set<String> blas;

  private Shards(
      JavaRDD<Shard> blocks,
      Layout layout,
      int[] rowsOfShard,
      boolean weighted,
      double weight,
      long bytes,
      Set<String> blas) {
    this.blocks = blocks;
    this.layout = layout;
    this.rowsOfShard = rowsOfShard;
    this.weighted = weighted;
    this.weight = weight;
    this.bytes = bytes;
    this.blas = blas;
  }

  /**
   * Checks, shuffles, packs and caches rows. This runs Spark jobs and returns when all rows are
   * packed.
   *
   * @param layout of as many shards as the plan has; no result depends on it
   * @throws InvalidInputException naming the first row that cannot be used
   */
  public static Shards pack(Dataset<Row> rows, RowFormat format, ShardPlan plan, Layout layout) {
    if (plan.readsColumn()) {
      RowFormat.checkFlag(rows, format.name());
    }
    JavaRDD<Shard> blocks =
        format
            .select(rows, plan.readsColumn())
            .mapPartitionsToPair(partition -> new RowPacker(partition, format, plan))
            .repartitionAndSortWithinPartitions(new ByShard(layout))
            .mapPartitions(fragments -> new Joiner(fragments, format))
            .setName("shards of " + format.name())
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      int[] rowsOfShard = new int[plan.shards()];
      double weight = 0;
      long bytes = 0;
      Set<String> blas = new TreeSet<>();
      List<Summary> summaries =
          JobDescription.during(
              blocks.context(),
              "packing " + format.name(),
              () -> tasks(blocks, layout.all()).map(Summary::of).collect());
      refuseProblems(summaries);
      for (Summary summary : summaries) {
        rowsOfShard[summary.shard()] = summary.rows();
        weight += summary.weight();
        bytes += summary.bytes();
        blas.add(summary.blas());
      }
      return new Shards(blocks, layout, rowsOfShard, format.weighted(), weight, bytes, blas);
    } catch (RuntimeException failed) {
      blocks.unpersist(false);
      throw failed;
    }
  }

  /** The cached shards, ascending; shards without rows may be missing. */
  public JavaRDD<Shard> rdd() {
    return tasks(blocks, layout.all());
  }

  /**
   * These shards, ascending, and others that share a block with one of them: a task for each
   * partition that has any, which reads no other block.
   */
  public JavaRDD<Shard> holding(int... shards) {
    return tasks(blocks, layout.holding(shards));
  }

  /** The partition of {@link #rdd} that holds a shard. */
  public int partitionOf(int shard) {
    return layout.partitionOf(shard);
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

  /** Whether rows have weights. */
  public boolean weighted() {
    return weighted;
  }

  /** Total weight of all rows: their number, where they have no weights. */
  public double weight() {
    return weight;
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

  /** Bytes on disk, since Spark has no room for them in memory: each use reads them again. */
  public long bytesOnDisk() {
    long bytes = 0;
    for (RDDInfo info : blocks.context().getRDDStorageInfo()) {
      if (info.id() == blocks.id()) {
        bytes += info.diskSize();
      }
    }
    return bytes;
  }

  /** Frees the cache. */
  @Override
  public void close() {
    blocks.unpersist(false);
  }

  private static JavaRDD<Shard> tasks(JavaRDD<Shard> blocks, PartitionCoalescer tasks) {
    return blocks
        .rdd()
        .coalesce(blocks.getNumPartitions(), false, Option.apply(tasks), null)
        .toJavaRDD();
  }

  private static void refuseProblems(List<Summary> summaries) {
    summaries.stream()
        .map(Summary::problem)
        .filter(Objects::nonNull)
        .min(Comparator.comparingLong(RowProblem::row))
        .ifPresent(
            problem -> {
              throw InvalidInputException.ofRow(problem);
            });
  }

  /** What the driver needs to know of a shard. */
  @DefaultSerializer(JavaSerializer.class)
  private record Summary(
      int shard, int rows, double weight, long bytes, String blas, @Nullable RowProblem problem)
      implements Serializable {
    static Summary of(Shard shard) {
      return new Summary(
          shard.number(),
          shard.rows(),
          shard.totalWeight(),
          shard.bytes(),
          Blas.name(),
          shard.problem());
    }
  }

  /** Brings the fragments of a block together. */
  private static final class ByShard extends Partitioner {
    private final Layout layout;

    ByShard(Layout layout) {
      this.layout = layout;
    }

    @Override
    public int numPartitions() {
      return layout.blocks();
    }

    @Override
    public int getPartition(Object shard) {
      return layout.blockOf((Integer) shard);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof ByShard that && that.layout.equals(layout);
    }

    @Override
    public int hashCode() {
      return layout.hashCode();
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
