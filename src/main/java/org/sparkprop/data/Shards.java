package org.sparkprop.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.RDDInfo;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.ShardBlocks.Summary;
import org.sparkprop.spark.ScopedBroadcast;

/**
 * The rows of a part, packed into shards and cached on the executors in blocks of neighbouring
 * shards, which a {@link Layout} gives to tasks in order.
 *
 * <p>Where a block is lost, with an executor or for want of memory, Spark reads its rows again.
 * Those must be the rows that were packed: a shard with another {@link ContentHash} is refused.
 */
public final class Shards implements AutoCloseable {
  /** A partition for each block, those of other parts included; what Spark caches. */
  private final JavaRDD<Shard> blocks;

  /** The same, each checked when it is read. */
  private final JavaRDD<Shard> checked;

  private final LostRows lost;
  private final ScopedBroadcast<ContentHash[]> hashes;
  private final Layout layout;
  private final int firstBlock;
  private final int[] rowsOfShard;
  private final boolean weighted;
  private final double weight;
  private final long bytes;
  private final ContentHash content;

  /**
   * @param summaries of the shards that have rows
   */
  private Shards(
      JavaRDD<Shard> blocks,
      LostRows lost,
      RowFormat format,
      Division division,
      int part,
      List<Summary> summaries) {
    this.blocks = blocks;
    this.lost = lost;
    this.layout = division.layout(part);
    this.firstBlock = division.firstBlock(part);
    this.weighted = format.weighted();
    this.rowsOfShard = new int[layout.shards()];
    ContentHash[] ofShards = new ContentHash[layout.shards()];
    Arrays.fill(ofShards, ContentHash.NONE);
    double weight = 0;
    long bytes = 0;
    ContentHash content = ContentHash.NONE;
    for (Summary summary : summaries) {
      rowsOfShard[summary.shard()] = summary.rows();
      ofShards[summary.shard()] = summary.hash();
      weight += summary.weight();
      bytes += summary.bytes();
      content = content.plus(summary.hash());
    }
    this.weight = weight;
    this.bytes = bytes;
    this.content = content;
    this.hashes = ScopedBroadcast.of(JavaSparkContext.fromSparkContext(blocks.context()), ofShards);
    this.checked = ShardBlocks.checked(blocks, format.name(), division, part, hashes.broadcast());
  }

  /**
   * Checks, shuffles, packs and caches rows. This runs Spark jobs and returns when all rows are
   * packed.
   *
   * @param layout of as many shards as the plan has; no result depends on it
   * @throws InvalidInputException naming the first row that cannot be used
   */
  public static Shards pack(Dataset<Row> rows, RowFormat format, ShardPlan plan, Layout layout) {
    return pack(rows, format, List.of(plan), List.of(layout)).get(0);
  }

  /**
   * The same for several parts of the rows at once, so that no row can be in two of them even if
   * Spark gives others each time that it is asked. They are cached together: closing one frees all.
   *
   * @param plans no two of which select the same row
   * @param layouts one for each plan
   */
  public static List<Shards> pack(
      Dataset<Row> rows, RowFormat format, List<ShardPlan> plans, List<Layout> layouts) {
    Division division = new Division(plans, layouts);
    if (division.readsColumn()) {
      RowFormat.checkFlag(rows, format.name());
    }
    LostRows lost = new LostRows(rows.sparkSession().sparkContext());
    ShardBlocks.Packed packed = ShardBlocks.pack(rows, format, division, lost.packed());
    List<Shards> parts = new ArrayList<>();
    boolean made = false;
    try {
      lost.begin();
      for (int part = 0; part < division.parts(); part++) {
        int number = part;
        List<Summary> ofPart = packed.summaries().stream().filter(s -> s.part() == number).toList();
        parts.add(new Shards(packed.blocks(), lost, format, division, part, ofPart));
      }
      made = true;
      return parts;
    } finally {
      if (!made) {
        packed.blocks().unpersist(false);
      }
    }
  }

  /**
   * Refuses rows that all weigh nothing.
   *
   * @param name what the user calls them
   */
  public void refuseWeightless(String name) {
    if (weight == 0) {
      throw new InvalidInputException(
          "Cannot use %s: all weights are 0 (some rows must have one > 0)".formatted(name));
    }
  }

  /** The cached shards, ascending; shards without rows may be missing. */
  public JavaRDD<Shard> rdd() {
    return ShardBlocks.tasks(checked, layout.all(firstBlock));
  }

  /**
   * These shards, ascending, and others that share a block with one of them: a task for each
   * partition that has any, which reads no other block.
   */
  public JavaRDD<Shard> holding(int... shards) {
    return ShardBlocks.tasks(checked, layout.holding(shards, firstBlock));
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

  /** Bytes of all shards in memory. */
  public long bytes() {
    return bytes;
  }

  /**
   * A number that tells these rows, in their order and their shards, from others; a run that goes
   * on elsewhere has the same if it has the same rows.
   */
  public String fingerprint() {
    return "%016x".formatted(content.ordered());
  }

  /**
   * A number that tells these rows from others whatever their order, the number of shards and the
   * seed: that of all their features, labels and weights.
   */
  public String rowsFingerprint() {
    return "%016x".formatted(content.rows());
  }

  /**
   * Bytes on disk of some shards and what is cached with them, since Spark has no room for them in
   * memory: each use reads them again.
   */
  public static long bytesOnDisk(Collection<Shards> some) {
    Set<Integer> cached = some.stream().map(s -> s.blocks.id()).collect(Collectors.toSet());
    long bytes = 0;
    for (Shards one : some.stream().limit(1).toList()) {
      for (RDDInfo info : one.blocks.context().getRDDStorageInfo()) {
        bytes += cached.contains(info.id()) ? info.diskSize() : 0;
      }
    }
    return bytes;
  }

  /**
   * Warns, after a job, if rows of these or of those that were packed together with them were lost
   * and had to be read again.
   */
  public void tellOfLosses() {
    lost.tell();
  }

  /** What is to be remembered of such losses, a sentence each. */
  public List<String> losses() {
    return lost.notes();
  }

  /** Frees the cache, also that of the parts that were packed together with this. */
  @Override
  public void close() {
    blocks.unpersist(false);
    hashes.close();
  }
}
