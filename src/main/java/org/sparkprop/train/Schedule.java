package org.sparkprop.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.stream.IntStream;
import org.sparkprop.nn.RandomStream;
import org.sparkprop.nn.RandomStream.Purpose;
import org.sparkprop.train.Batch.Slice;

/**
 * Which rows form each batch of an epoch: a pure function of the rows of each shard, the batch and
 * slice sizes, the seed and the epoch.
 *
 * <p>A batch needs {@code lanes = batch size / slice size} slices at a time. The shards are dealt
 * into as many lanes, runs of neighbours, and each lane is shuffled anew in every epoch; taking
 * turns through the lanes gives an order in which any {@code lanes} neighbours lie far apart, and
 * so on different executors. Along this order every shard gives the same number of its (shuffled)
 * rows, again and again until all have given all; batches are cut from that stream.
 */
final class Schedule {
  private final int[] rowsOfShard;
  private final long rows;
  private final long batchSize;
  private final int sliceSize;
  private final long seed;

  /**
   * @param batchSize rows of an update; larger than all rows means all rows
   * @param sliceSize most rows of a slice
   */
  Schedule(int[] rowsOfShard, long batchSize, int sliceSize, long seed) {
    this.rowsOfShard = rowsOfShard;
    this.rows = IntStream.of(rowsOfShard).asLongStream().sum();
    this.batchSize = Math.min(batchSize, rows);
    this.sliceSize = sliceSize;
    this.seed = seed;
  }

  /** Rows of an epoch. */
  long rows() {
    return rows;
  }

  /** Rounds of an epoch; the last may have fewer rows. */
  long rounds() {
    return (rows + batchSize - 1) / batchSize;
  }

  /** The batches of an epoch, in order; each row is in one of them. */
  Iterable<Batch> epoch(int epoch) {
    int[] shards = IntStream.range(0, rowsOfShard.length).filter(s -> rowsOfShard[s] > 0).toArray();
    int lanes = (int) Math.min(shards.length, (batchSize + sliceSize - 1) / sliceSize);
    int turn = (int) Math.min(Integer.MAX_VALUE, (batchSize + lanes - 1) / lanes);
    int[] order = takeTurns(shards, lanes, epoch);
    return () -> new Batches(epoch, order, turn);
  }

  /** All shards: the first of each shuffled lane, then the second of each, and so on. */
  private int[] takeTurns(int[] shards, int lanes, int epoch) {
    List<int[]> shuffled = new ArrayList<>();
    for (int lane = 0; lane < lanes; lane++) {
      int from = (int) ((long) shards.length * lane / lanes);
      int to = (int) ((long) shards.length * (lane + 1) / lanes);
      int[] members = IntStream.range(from, to).map(i -> shards[i]).toArray();
      Random random = RandomStream.of(seed, Purpose.ORDER_OF_SHARDS, epoch, lane);
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

  /** Cuts the stream of turns into batches. */
  private final class Batches implements Iterator<Batch> {
    private final int epoch;
    private final int[] order;
    private final int turn;
    private final int[] taken = new int[rowsOfShard.length];
    private int place;
    private int leftOfTurn;
    private long left = rows;

    Batches(int epoch, int[] order, int turn) {
      this.epoch = epoch;
      this.order = order;
      this.turn = turn;
      this.leftOfTurn = turn;
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
        int most = Math.min(leftOfTurn, rowsOfShard[shard] - taken[shard]);
        int count = (int) Math.min(wanted, most);
        addSlices(slices, shard, taken[shard], taken[shard] + count);
        taken[shard] += count;
        wanted -= count;
        leftOfTurn -= count;
        if (count == most) {
          place = (place + 1) % order.length;
          leftOfTurn = turn;
        }
      }
      slices.sort(Comparator.comparingInt(Slice::shard).thenComparingInt(Slice::from));
      return new Batch(epoch, List.copyOf(slices));
    }

    private void addSlices(List<Slice> slices, int shard, int from, int to) {
      for (int at = from; at < to; at += sliceSize) {
        slices.add(new Slice(shard, at, Math.min(at + sliceSize, to)));
      }
    }
  }
}
