package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sparkprop.train.Batch.Slice;

class BatchScheduleTest {
  private static List<Batch> epoch(BatchSchedule schedule, int epoch) {
    List<Batch> batches = new ArrayList<>();
    schedule.from(epoch, 0).forEachRemaining(batches::add);
    return batches;
  }

  private static int rows(Batch batch) {
    return batch.slices().stream().mapToInt(Slice::rows).sum();
  }

  /** Many odd combinations, among them a batch of one row and one of more than all rows. */
  @Test
  void everyRowIsInExactlyOneBatchOfAnEpoch() {
    Random random = new Random(5);
    for (int trial = 0; trial < 300; trial++) {
      int[] rowsOfShard =
          IntStream.range(0, 1 + random.nextInt(9)).map(s -> random.nextInt(40)).toArray();
      rowsOfShard[0]++; // at least one row
      int all = IntStream.of(rowsOfShard).sum();
      long batchSize = 1L + random.nextInt(all + 10);
      int sliceSize = 1 + random.nextInt(20);
      BatchSchedule schedule = new BatchSchedule(rowsOfShard, batchSize, sliceSize, trial);

      List<Batch> batches = epoch(schedule, 1 + trial % 3);

      Set<String> seen = new HashSet<>();
      for (Batch batch : batches) {
        for (Slice slice : batch.slices()) {
          assertTrue(slice.rows() >= 1 && slice.rows() <= sliceSize, slice.toString());
          IntStream.range(slice.from(), slice.to())
              .forEach(row -> assertTrue(seen.add(slice.shard() + "/" + row), "twice: " + row));
        }
      }
      assertEquals(all, seen.size());
      assertEquals(schedule.batches(), batches.size());
      for (Batch batch : batches.subList(0, batches.size() - 1)) {
        assertEquals(Math.min(batchSize, all), rows(batch));
      }
    }
  }

  /** A task begins anywhere in an epoch, and must find what the first task would have come to. */
  @Test
  void anEpochCanBeEnteredAtAnyBatch() {
    Random random = new Random(6);
    for (int trial = 0; trial < 200; trial++) {
      int[] rowsOfShard =
          IntStream.range(0, 1 + random.nextInt(9)).map(s -> random.nextInt(40)).toArray();
      rowsOfShard[0]++;
      int all = IntStream.of(rowsOfShard).sum();
      BatchSchedule schedule =
          new BatchSchedule(
              rowsOfShard, 1L + random.nextInt(all + 3), 1 + random.nextInt(9), trial);
      List<Batch> batches = epoch(schedule, 2);
      for (int first = 0; first <= batches.size(); first++) {
        List<Batch> rest = new ArrayList<>();
        schedule.from(2, first).forEachRemaining(rest::add);
        assertEquals(batches.subList(first, batches.size()), rest);
      }
    }
  }

  @Test
  void workersShareTheShardsAndOneWorkerHasAll() {
    int[] rowsOfShard = {5, 0, 7, 3, 9, 4, 1};
    Set<Integer> shards = new HashSet<>();
    long rows = 0;
    for (int worker = 0; worker < 3; worker++) {
      BatchSchedule schedule = new BatchSchedule(rowsOfShard, worker, 3, 4, 2, 1);
      rows += epoch(schedule, 1).stream().mapToLong(BatchScheduleTest::rows).sum();
      schedule.shards().forEach(shard -> assertTrue(shards.add(shard), "twice: " + shard));
    }

    assertEquals(29, rows);
    assertEquals(Set.of(0, 2, 3, 4, 5, 6), shards);
    assertEquals(
        epoch(new BatchSchedule(rowsOfShard, 4, 2, 1), 1),
        epoch(new BatchSchedule(rowsOfShard, 0, 1, 4, 2, 1), 1));
  }

  /** What lies on disk is read for the batches of a round alone. */
  @Test
  void theShardsOfSomeBatchesAreThoseOfTheirSlices() {
    int[] rowsOfShard = IntStream.range(0, 20).map(s -> 30 + s % 3).toArray();
    BatchSchedule schedule = new BatchSchedule(rowsOfShard, 24, 8, 1);
    List<Batch> batches = epoch(schedule, 2);
    for (int first = 0; first < batches.size(); first++) {
      for (int count = 0; count <= batches.size() - first; count++) {
        Set<Integer> expected = new HashSet<>();
        batches
            .subList(first, first + count)
            .forEach(batch -> batch.slices().forEach(slice -> expected.add(slice.shard())));
        assertEquals(expected, schedule.shardsOf(2, first, count));
      }
    }
    assertEquals(3, schedule.shardsOf(2, 0, 1).size());
    assertEquals(Set.of(), schedule.shardsOf(2, batches.size(), 5));
  }

  @Test
  void slicesAscendByShardAndRow() {
    BatchSchedule schedule = new BatchSchedule(new int[] {100, 90, 110, 100}, 64, 8, 1);
    for (Batch batch : epoch(schedule, 1)) {
      assertEquals(
          batch.slices().stream()
              .sorted(Comparator.comparingInt(Slice::shard).thenComparingInt(Slice::from))
              .toList(),
          batch.slices());
    }
  }

  @Test
  void aBatchTakesItsSlicesFromShardsThatLieFarApart() {
    int[] rowsOfShard = IntStream.range(0, 64).map(s -> 1000).toArray();
    for (Batch batch : epoch(new BatchSchedule(rowsOfShard, 512, 128, 1), 3).subList(0, 100)) {
      Set<Integer> quarters = new HashSet<>();
      batch.slices().forEach(slice -> quarters.add(slice.shard() / 16));
      assertEquals(4, batch.slices().size());
      assertEquals(4, quarters.size(), batch.toString());
    }
  }

  @Test
  void theSeedAndTheEpochDecideTheOrderOfTheShards() {
    int[] rowsOfShard = IntStream.range(0, 32).map(s -> 10).toArray();
    BatchSchedule schedule = new BatchSchedule(rowsOfShard, 20, 10, 1);
    BatchSchedule other = new BatchSchedule(rowsOfShard, 20, 10, 2);

    assertEquals(epoch(schedule, 1), epoch(schedule, 1));
    assertNotEquals(epoch(schedule, 1).get(0).slices(), epoch(schedule, 2).get(0).slices());
    assertNotEquals(epoch(schedule, 1).get(0).slices(), epoch(other, 1).get(0).slices());
  }

  @Test
  void theLastBatchHasTheRest() {
    BatchSchedule schedule = new BatchSchedule(new int[] {10, 9}, 8, 4, 1);

    assertEquals(
        List.of(8, 8, 3), epoch(schedule, 1).stream().map(BatchScheduleTest::rows).toList());
  }
}
