package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.Partition;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * Where shards lie: neighbouring shards form a block, which Spark keeps, drops to disk and reads
 * again as a whole; neighbouring blocks form a partition, the work of one task. No result depends
 * on it.
 *
 * @param groups runs of neighbouring shards that are not divided among partitions
 * @param blocks as many in each group
 */
@DefaultSerializer(JavaSerializer.class)
public record Layout(int shards, int groups, int blocks, int partitions) implements Serializable {
  /**
   * On disk, a round reads a whole block for each shard that it needs; a task that packs holds one.
   */
  private static final long BLOCK_BYTES = 2 << 20;

  /** Spark looks every block up in every job. */
  private static final int MAX_BLOCKS = 4096;

  /**
   * As many tasks as cores, since each costs about a millisecond a round, and blocks of about 2
   * MiB, equally many a partition.
   *
   * @param groups runs of neighbouring shards that are not to be divided among partitions; as many
   *     as there are shards, or fewer
   * @param bytes of all shards, about
   * @param partitions what the user asks for, if anything
   */
  public static Layout of(
      int shards, int groups, long bytes, int cores, @Nullable Integer partitions) {
    int tasks = Math.min(groups, partitions == null ? cores : partitions);
    int together = groups == shards ? tasks : groups; // else equal partitions do
    long wanted = Math.min(MAX_BLOCKS, bytes / BLOCK_BYTES);
    long ofGroup = Math.min(shards / together, (wanted + together - 1) / together);
    return new Layout(shards, together, Math.toIntExact(together * Math.max(1, ofGroup)), tasks);
  }

  int blockOf(int shard) {
    return (int) ((long) shard * blocks / shards);
  }

  /** The first shard of a block; of the block after the last, the number of shards. */
  int firstShardOf(int block) {
    return (int) (((long) block * shards + blocks - 1) / blocks);
  }

  int partitionOf(int shard) {
    return partitionOfBlock(blockOf(shard));
  }

  private int partitionOfBlock(int block) {
    int group = block / (blocks / groups);
    return (int) ((long) group * partitions / groups);
  }

  /**
   * The blocks of all partitions, also of those without any.
   *
   * @param first number of the first block
   */
  Tasks all(int first) {
    List<SortedSet<Integer>> blocksOfTask =
        IntStream.range(0, partitions)
            .<SortedSet<Integer>>mapToObj(partition -> new TreeSet<>())
            .toList();
    for (int block = 0; block < blocks; block++) {
      blocksOfTask.get(partitionOfBlock(block)).add(first + block);
    }
    return new Tasks(blocksOfTask);
  }

  /**
   * The blocks that hold these shards, of each partition that has any.
   *
   * @param first number of the first block
   */
  Tasks holding(int[] ofShards, int first) {
    TreeMap<Integer, SortedSet<Integer>> blocksOfTask = new TreeMap<>();
    for (int shard : ofShards) {
      int block = blockOf(shard);
      blocksOfTask
          .computeIfAbsent(partitionOfBlock(block), key -> new TreeSet<>())
          .add(first + block);
    }
    return new Tasks(List.copyOf(blocksOfTask.values()));
  }

  /** Spark's way to give several blocks to one task. */
  @DefaultSerializer(JavaSerializer.class)
  record Tasks(List<SortedSet<Integer>> blocksOfTask) implements PartitionCoalescer, Serializable {
    @Override
    public PartitionGroup[] coalesce(int most, RDD<?> blocks) {
      Partition[] all = blocks.partitions();
      return blocksOfTask.stream()
          .map(
              ofTask -> {
                // Without a preferred host, Spark goes where the first of the blocks is cached.
                PartitionGroup group = new PartitionGroup(Option.empty());
                ofTask.forEach(block -> group.partitions().addOne(all[block]));
                return group;
              })
          .toArray(PartitionGroup[]::new);
    }
  }
}
