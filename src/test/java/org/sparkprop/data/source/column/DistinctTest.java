package org.sparkprop.data.source.column;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DistinctTest {
  @Test
  void fewValuesAreAllThere() {
    Distinct distinct = new Distinct(8);
    for (long value : new long[] {0, 5, -1, 5, Long.MAX_VALUE, Long.MIN_VALUE, 0, 7, 8, 9}) {
      distinct.add(value);
    }

    assertTrue(distinct.isComplete());
    assertEquals(8, distinct.count());
    assertArrayEquals(
        new long[] {Long.MIN_VALUE, -1, 0, 5, 7, 8, 9, Long.MAX_VALUE},
        LongStream.of(distinct.values()).sorted().toArray());
    distinct.add(10);
    assertFalse(distinct.isComplete());
  }

  /** Any order and any grouping of the values gives the same sample. */
  @Test
  void theSampleIsTheSameForAnySplitOfTheValues() {
    Random random = new Random(3);
    for (int round = 0; round < 200; round++) {
      int most = random.nextInt(1, 40);
      long bound = random.nextInt(1, 200);
      Distinct whole = new Distinct(most);
      Distinct[] parts = {new Distinct(most), new Distinct(most), new Distinct(most)};
      for (int i = 0; i < 300; i++) {
        long value = random.nextLong(bound);
        whole.add(value);
        parts[random.nextInt(3)].add(value);
      }
      parts[2].add(parts[0]);
      parts[2].add(parts[1]);

      assertEquals(whole.isComplete(), parts[2].isComplete());
      assertEquals(whole.count(), parts[2].count());
      assertArrayEquals(
          LongStream.of(whole.values()).sorted().toArray(),
          LongStream.of(parts[2].values()).sorted().toArray());
    }
  }

  /** The relative error of such a count is about 1 / √256. */
  @Test
  void manyValuesAreCountedAbout() {
    Distinct distinct = new Distinct(256);
    for (int i = 0; i < 300_000; i++) {
      distinct.add(i % 100_000);
    }

    assertEquals(100_000, distinct.count(), 20_000);
  }
}
