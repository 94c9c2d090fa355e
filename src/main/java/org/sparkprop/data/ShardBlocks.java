package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.apache.spark.Partitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.base.RowProblem;
import org.sparkprop.spark.JobDescription;
import org.sparkprop.spark.LostExecutors;
import org.sparkprop.spark.SteadyRows;
import scala.Option;
import scala.Tuple2;

/** From rows to cached blocks of shards, of one part or several, in one pass over the rows. */
final class ShardBlocks {
  private ShardBlocks() {}

  /** What the driver needs to know of a shard. */
  @DefaultSerializer(JavaSerializer.class)
  record Summary(
      int part,
      int shard,
      int rows,
      double weight,
      long bytes,
      ContentHash hash,
      @Nullable RowProblem problem)
      implements Serializable {
    static Summary of(int part, Shard shard) {
      return new Summary(
          part,
          shard.number(),
          shard.rows(),
          shard.totalWeight(),
          shard.bytes(),
          shard.hash(),
          shard.problem());
    }
  }

  /**
   * Blocks of shards that are packed and cached.
   *
   * @param summaries of the shards that have rows
   */
  record Packed(JavaRDD<Shard> blocks, List<Summary> summaries) {}

  private static JavaRDD<Shard> of(
      Dataset<Row> rows, RowFormat format, Division division, LongAccumulator packed) {
    return format
        .select(rows, division.readsColumn())
        .mapPartitionsToPair(partition -> new RowPacker(partition, format, division))
        .repartitionAndSortWithinPartitions(new ByShard(division))
        .mapPartitions(fragments -> new Joiner(fragments, format, division, packed))
        .setName("shards of " + format.name())
        .persist(StorageLevel.MEMORY_AND_DISK());
  }

  /**
   * Packs and caches all blocks, in one Spark job.
   *
   * @param counter counts the rows that are packed, again where a block is lost and packed anew
   * @throws InvalidInputException naming the first row that cannot be used
   */
  static Packed pack(
      Dataset<Row> rows, RowFormat format, Division division, LongAccumulator counter) {
    boolean steady = SteadyRows.are(rows);
    return JobDescription.during(
        rows.sparkSession().sparkContext(),
        "packing " + format.name(),
        () -> tryToPack(rows, format, division, counter, steady));
  }

  /** Begins anew each time: what an earlier try has cached may be of rows that are others now. */
  private static Packed tryToPack(
      Dataset<Row> rows,
      RowFormat format,
      Division division,
      LongAccumulator counter,
      boolean steady) {
    JavaRDD<Shard> blocks = of(rows, format, division, counter);
    boolean packed = false;
    try {
      List<OfBlock> all =
          tasks(blocks.mapPartitionsWithIndex(new Summarizing(division), true), division.all())
              .collect();
      List<Summary> summaries = all.stream().flatMap(block -> block.shards().stream()).toList();
      refuseProblem(summaries);
      if (!steady && all.stream().anyMatch(OfBlock::readAgain)) {
        throw new LostExecutors.RowsReadAgain();
      }
      packed = true;
      return new Packed(blocks, summaries);
    } finally {
      if (!packed) {
        blocks.unpersist(false);
      }
    }
  }

  private static void refuseProblem(List<Summary> summaries) {
    summaries.stream()
        .map(Summary::problem)
        .filter(Objects::nonNull)
        .min(Comparator.comparingLong(RowProblem::row))
        .ifPresent(
            problem -> {
              throw InvalidInputException.ofRow(problem);
            });
  }

  /**
   * The shards of one part as they were packed: a block that had to be packed again, since it was
   * lost, is only given if it has the same rows.
   *
   * @param hashes of each shard of the part
   */
  static JavaRDD<Shard> checked(
      JavaRDD<Shard> blocks,
      String name,
      Division division,
      int part,
      Broadcast<ContentHash[]> hashes) {
    return blocks.mapPartitionsWithIndex(new Checking(name, division, part, hashes), true);
  }

  /** Blocks given to tasks. */
  static <T> JavaRDD<T> tasks(JavaRDD<T> blocks, PartitionCoalescer tasks) {
    return blocks
        .rdd()
        .coalesce(blocks.getNumPartitions(), false, Option.apply(tasks), null)
        .toJavaRDD();
  }

  /**
   * What the driver needs to know of a block.
   *
   * @param readAgain whether rows were read again after other blocks may have been packed: Spark
   *     tries a stage once more when what an earlier one has written is lost
   */
  @DefaultSerializer(JavaSerializer.class)
  private record OfBlock(boolean readAgain, ArrayList<Summary> shards) implements Serializable {}

  /** Says of each block what the driver needs to know. */
  @DefaultSerializer(JavaSerializer.class)
  private record Summarizing(Division division)
      implements Function2<Integer, Iterator<Shard>, Iterator<OfBlock>> {
    @Override
    public Iterator<OfBlock> call(Integer block, Iterator<Shard> shards) {
      int part = division.partOfBlock(block);
      ArrayList<Summary> summaries = new ArrayList<>();
      shards.forEachRemaining(shard -> summaries.add(Summary.of(part, shard)));
      boolean readAgain = TaskContext.get().stageAttemptNumber() > 0;
      return List.of(new OfBlock(readAgain, summaries)).iterator();
    }
  }

  /** Brings the fragments of a block together. */
  private static final class ByShard extends Partitioner {
    private final Division division;

    ByShard(Division division) {
      this.division = division;
    }

    @Override
    public int numPartitions() {
      return division.blocks();
    }

    @Override
    public int getPartition(Object shard) {
      return division.blockOf((Integer) shard);
    }
  }

  /** Joins neighbouring fragments of the same shard, shard after shard. */
  private static final class Joiner implements Iterator<Shard> {
    private final Iterator<Tuple2<Integer, Fragment>> fragments;
    private final RowFormat format;
    private final Division division;
    private final LongAccumulator packed;
    private @Nullable Tuple2<Integer, Fragment> next;

    Joiner(
        Iterator<Tuple2<Integer, Fragment>> fragments,
        RowFormat format,
        Division division,
        LongAccumulator packed) {
      this.fragments = fragments;
      this.format = format;
      this.division = division;
      this.packed = packed;
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
      Shard shard = Shard.join(division.numberInPart(first._1()), ofShard, format);
      packed.add(shard.rows());
      return shard;
    }
  }

  /** Compares shards with what they were when they were packed. */
  @DefaultSerializer(JavaSerializer.class)
  private record Checking(String name, Division division, int part, Broadcast<ContentHash[]> hashes)
      implements Function2<Integer, Iterator<Shard>, Iterator<Shard>> {
    @Override
    public Iterator<Shard> call(Integer block, Iterator<Shard> shards) {
      Layout layout = division.layout(part);
      int number = block - division.firstBlock(part);
      return new Checked(
          shards,
          hashes.value(),
          layout.firstShardOf(number),
          layout.firstShardOf(number + 1),
          name);
    }
  }

  /** The shards of a block, as long as they are what they were. */
  private static final class Checked implements Iterator<Shard> {
    private final Iterator<Shard> shards;
    private final ContentHash[] hashes;
    private final int end;
    private final String name;

    /** The first shard of which nothing is known yet. */
    private int next;

    Checked(Iterator<Shard> shards, ContentHash[] hashes, int first, int end, String name) {
      this.shards = shards;
      this.hashes = hashes;
      this.next = first;
      this.end = end;
      this.name = name;
    }

    @Override
    public boolean hasNext() {
      if (shards.hasNext()) {
        return true;
      }
      passOver(end);
      return false;
    }

    @Override
    public Shard next() {
      if (!shards.hasNext()) {
        throw new NoSuchElementException();
      }
      Shard shard = shards.next();
      passOver(shard.number());
      if (!shard.hash().equals(hashes[shard.number()])) {
        throw refusal();
      }
      next = shard.number() + 1;
      return shard;
    }

    /** Only shards that had no rows may be missing. */
    private void passOver(int to) {
      for (; next < to; next++) {
        if (!hashes[next].equals(ContentHash.NONE)) {
          throw refusal();
        }
      }
    }

    private InvalidInputException refusal() {
      return new InvalidInputException(
          "Cannot read %s: it has changed since its rows were packed (some were lost and had to be read again; write them to files that stay as they are, and start from those)"
              .formatted(name));
    }
  }
}
