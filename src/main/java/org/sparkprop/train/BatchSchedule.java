package org.sparkprop.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.RandomStream;
import org.sparkprop.base.RandomStream.Purpose;
import org.sparkprop.train.Batch.Slice;

/**
 * Which rows form each batch of an epoch: a pure function of the rows of each shard, the batch and
 * slice sizes, the seed and the epoch. Driver and tasks each work it out, so nothing of it travels.
 *
 * <p>A batch needs {@code lanes = batch size / slice size} slices at a time. The shards are dealt
 * into as many lanes, runs of neighbours, and each lane is shuffled anew in every epoch; taking
 * turns through the lanes gives an order in which any {@code lanes} neighbours lie far apart, and
 * so on different executors. Along this order every shard gives the same number of its (shuffled)
 * rows, again and again until all have given all; batches are cut from that stream.
 */
final class BatchSchedule implements Serializable {
  private final int[] rowsOfShard;
  private final int[] shards;
  private final int worker;
  private final long rows;
  private final long batchSize;
  private final int sliceSize;
  private final long seed;
  private final int lanes;

  /** Rows that a shard gives at a time. */
  private final int turn;

  /** Rows of the stream before all shards have had a number of turns each. */
  private final long[] rowsBeforeCycle;

  /** The order of the epoch that was asked for last. */
  private transient volatile @Nullable EpochOrder lastOrder;

  private static final class EpochOrder {
    final int epoch;
    final int[] shards;

    EpochOrder(int epoch, int[] shards) {
      this.epoch = epoch;
      this.shards = shards;
    }
  }

  /**
   * A schedule over all shards.
   *
   * @param batchSize rows of an update; larger than all rows means all rows
   * @param sliceSize most rows of a slice
   */
  BatchSchedule(int[] rowsOfShard, long batchSize, int sliceSize, long seed) {
    this(rowsOfShard, 0, 1, batchSize, sliceSize, seed);
  }

  /**
   * A schedule over the shards of one of {@code workers} workers; the only worker has all.
   *
   * @param worker from 0
   */
  BatchSchedule(
      int[] rowsOfShard, int worker, int workers, long batchSize, int sliceSize, long seed) {
    this.rowsOfShard = rowsOfShard;
    this.worker = worker;
    this.shards =
        IntStream.range(
                firstShardOf(worker, rowsOfShard.length, workers),
                firstShardOf(worker + 1, rowsOfShard.length, workers))
            .filter(s -> rowsOfShard[s] > 0)
            .toArray();
    this.rows = IntStream.of(shards).mapToLong(shard -> rowsOfShard[shard]).sum();
    this.batchSize = Math.max(1, Math.min(batchSize, rows));
    this.sliceSize = sliceSize;
    this.seed = seed;
    this.lanes =
        (int) Math.max(1, Math.min(shards.length, (this.batchSize + sliceSize - 1) / sliceSize));
    this.turn = Math.toIntExact(Math.min(Integer.MAX_VALUE, (this.batchSize + lanes - 1) / lanes));
    this.rowsBeforeCycle = rowsBeforeCycle();
  }

  /** The worker that a shard belongs to: neighbours go together. */
  static int workerOf(int shard, int shards, int workers) {
    return (int) ((long) shard * workers / shards);
  }

  private static int firstShardOf(int worker, int shards, int workers) {
    return (int) (((long) worker * shards + workers - 1) / workers);
  }

  /** The shards that it takes rows from. */
  IntStream shards() {
    return IntStream.of(shards);
  }

  /** The shards that {@code count} batches of an epoch take rows from, {@code first} and on. */
  Set<Integer> shardsOf(int epoch, long first, long count) {
    Set<Integer> needed = new TreeSet<>();
    Iterator<Batch> batches = from(epoch, first);
    for (long i = 0; i < count && batches.hasNext() && needed.size() < shards.length; i++) {
      batches.next().slices().forEach(slice -> needed.add(slice.shard()));
    }
    return needed;
  }

  /** Rows of an epoch. */
  long rows() {
    return rows;
  }

  /** Rows of {@code count} batches of an epoch, {@code first} and on. */
  long rowsOf(long first, long count) {
    return Math.min(rows, (first + count) * batchSize) - Math.min(rows, first * batchSize);
  }

  /** Batches of an epoch; the last may have fewer rows. */
  long batches() {
    return (rows + batchSize - 1) / batchSize;
  }

  /** The batches of an epoch from number {@code first}, counted from 0; each row is in one. */
  Iterator<Batch> from(int epoch, long first) {
    EpochOrder order = lastOrder;
    if (order == null || order.epoch != epoch) {
      order = new EpochOrder(epoch, takeTurns(epoch));
      lastOrder = order;
    }
    return new Batches(epoch, order.shards, first);
  }

  /** All shards: the first of each shuffled lane, then the second of each, and so on. */
  private int[] takeTurns(int epoch) {
    List<int[]> shuffled = new ArrayList<>();
    for (int lane = 0; lane < lanes; lane++) {
      int from = (int) ((long) shards.length * lane / lanes);
      int to = (int) ((long) shards.length * (lane + 1) / lanes);
      int[] members = IntStream.range(from, to).map(i -> shards[i]).toArray();
      long number = (long) worker * lanes + lane;
      Random random = RandomStream.of(seed, Purpose.ORDER_OF_SHARDS, epoch, number);
      RandomStream.shuffle(members, random);
      shuffled.add(members);
    }
    int longest = (shards.length + lanes - 1) / lanes;
    return IntStream.range(0, longest)
        .boxed()
        .flatMap(i -> shuffled.stream().filter(lane -> i < lane.length).map(lane -> lane[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Rows that a shard gives in its turn number {@code cycle}. */
  private int rowsOfTurn(int shard, int cycle) {
    return (int) Math.max(0, Math.min(turn, rowsOfShard[shard] - (long) cycle * turn));
  }

  private long[] rowsBeforeCycle() {
    int longest = IntStream.of(shards).map(shard -> rowsOfShard[shard]).max().orElse(0);
    // How many shards give full turns up to a cycle, and what those give that end in it.
    int cycles = (int) (((long) longest + turn - 1) / turn);
    long[] fullTurns = new long[cycles + 1];
    long[] rest = new long[cycles + 1];
    for (int shard : shards) {
      int full = rowsOfShard[shard] / turn;
      fullTurns[full]++;
      if (full < cycles) {
        rest[full] += rowsOfShard[shard] % turn;
      }
    }
    long[] before = new long[cycles + 1];
    long giving = shards.length;
    for (int cycle = 0; cycle < cycles; cycle++) {
      giving -= fullTurns[cycle];
      before[cycle + 1] = before[cycle] + giving * turn + rest[cycle];
    }
    return before;
  }

  /** Cuts the stream of turns into batches. */
  private final class Batches implements Iterator<Batch> {
    private final int epoch;
    private final int[] order;
    private int cycle;
    private int place;

    /** Rows that the shard at this place has given in this cycle. */
    private int given;

    private long left;

    Batches(int epoch, int[] order, long first) {
      this.epoch = epoch;
      this.order = order;
      long at = Math.min(rows, first * batchSize);
      this.left = rows - at;
      while (cycle + 1 < rowsBeforeCycle.length && rowsBeforeCycle[cycle + 1] <= at) {
        cycle++;
      }
      long into = at - rowsBeforeCycle[cycle];
      while (left > 0 && into >= rowsOfTurn(order[place], cycle)) {
        into -= rowsOfTurn(order[place], cycle);
        place++;
      }
      this.given = (int) into;
    }

    @Override
    public boolean hasNext() {
      return left > 0;
    }

    @Override
    public Batch next() {
      if (left == 0) {
        throw new NoSuchElementException();
      }
      List<Slice> slices = new ArrayList<>();
      long wanted = Math.min(batchSize, left);
      left -= wanted;
      while (wanted > 0) {
        int shard = order[place];
        int most = rowsOfTurn(shard, cycle) - given;
        int count = (int) Math.min(wanted, most);
        int from = cycle * turn + given;
        addSlices(slices, shard, from, from + count);
        wanted -= count;
        given += count;
        if (count == most) {
          given = 0;
          place++;
          if (place == order.length) {
            place = 0;
            cycle++;
          }
        }
      }
      slices.sort(Comparator.comparingInt(Slice::shard).thenComparingInt(Slice::from));
      return new Batch(epoch, slices);
    }

    private void addSlices(List<Slice> slices, int shard, int from, int to) {
      for (int at = from; at < to; at += sliceSize) {
        slices.add(new Slice(shard, at, Math.min(at + sliceSize, to)));
      }
    }
  }
}
