package org.sparkprop.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.base.RandomStream.Purpose;

class RandomStreamTest {
  private static final long[] SEEDS = {0, 1, -1, 42, Long.MIN_VALUE, Long.MAX_VALUE};

  /** The numbers are part of the bits of every model, so they are written down again here. */
  private static int number(Purpose purpose) {
    return switch (purpose) {
      case INITIAL_WEIGHTS -> 1;
      case SHARD_OF_ROW -> 2;
      case HOLDOUT -> 3;
      case ORDER_OF_SHARDS -> 4;
      case ORDER_OF_ROWS -> 5;
      case GENERATED_ROWS -> 6;
      case DROPOUT -> 7;
      case INPUT_NOISE -> 8;
    };
  }

  /**
   * Output {@code n}, from 1, of Java's own SplitMix64: it is the finaliser of seed + n γ, with the
   * same γ and the same finaliser as ours.
   */
  private static long splitMix(long seed, long n) {
    SplittableRandom random = new SplittableRandom(seed);
    for (long i = 1; i < n; i++) {
      random.nextLong();
    }
    return random.nextLong();
  }

  @ParameterizedTest
  @EnumSource
  void hashIsTwoStepsOfSplitMix(Purpose purpose) {
    for (long seed : SEEDS) {
      for (long a : new long[] {0, 1, 2, 1000}) {
        long expected = splitMix(splitMix(seed, number(purpose)), a + 1);
        assertEquals(expected, RandomStream.hash(seed, purpose, a));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void streamIsSeededByAThirdStepOfSplitMix(Purpose purpose) {
    for (long seed : SEEDS) {
      for (long b : new long[] {0, 1, 2, 1000}) {
        Random expected = new Random(splitMix(RandomStream.hash(seed, purpose, 7), b + 1));
        Random actual = RandomStream.of(seed, purpose, 7, b);
        assertEquals(expected.nextLong(), actual.nextLong());
        assertEquals(expected.nextGaussian(), actual.nextGaussian());
      }
    }
  }

  @Test
  void streamsOfDifferentNumbersAreDifferent() {
    Set<Long> firsts = new HashSet<>();
    int streams = 0;
    for (long seed = 0; seed < 10; seed++) {
      for (Purpose purpose : Purpose.values()) {
        for (long a = 0; a < 20; a++) {
          for (long b = 0; b < 20; b++) {
            firsts.add(RandomStream.of(seed, purpose, a, b).nextLong());
            streams++;
          }
        }
      }
    }
    // 24000 of the 2^48 that a Random can give: chance makes two equal once in a million.
    assertEquals(streams, firsts.size());
  }

  @Test
  void hashesOfRowsFillTheRangeEvenly() {
    int[] counts = new int[64];
    for (int row = 0; row < 64_000; row++) {
      counts[(int) (RandomStream.hash(1, Purpose.HOLDOUT, row) >>> 58)]++;
    }
    // Chi-square with 63 degrees of freedom is above 131 once in a million.
    assertTrue(chiSquare(counts, 1000) < 131);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 1000})
  void shuffleIsAPermutation(int length) {
    int[] values = new int[length];
    Arrays.setAll(values, i -> i);
    int[] shuffled = values.clone();
    RandomStream.shuffle(shuffled, RandomStream.of(1, Purpose.ORDER_OF_ROWS, 0, 0));
    Arrays.sort(shuffled);
    assertArrayEquals(values, shuffled);
  }

  @Test
  void sameStreamShufflesTheSame() {
    int[] first = new int[100];
    Arrays.setAll(first, i -> i);
    int[] second = first.clone();
    int[] third = first.clone();
    RandomStream.shuffle(first, RandomStream.of(1, Purpose.ORDER_OF_ROWS, 2, 3));
    RandomStream.shuffle(second, RandomStream.of(1, Purpose.ORDER_OF_ROWS, 2, 3));
    RandomStream.shuffle(third, RandomStream.of(1, Purpose.ORDER_OF_ROWS, 2, 4));
    assertArrayEquals(first, second);
    assertFalse(Arrays.equals(first, third));
  }

  @Test
  void everyOrderIsEquallyLikely() {
    // Each shuffle has a stream of its own, as shards and epochs have.
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < 24_000; i++) {
      int[] values = {0, 1, 2, 3};
      RandomStream.shuffle(values, RandomStream.of(1, Purpose.ORDER_OF_ROWS, i, 0));
      counts.merge(Arrays.toString(values), 1, Integer::sum);
    }
    assertEquals(24, counts.size());
    int[] orders = counts.values().stream().mapToInt(Integer::intValue).toArray();
    // Chi-square with 23 degrees of freedom is above 72 once in a million.
    assertTrue(chiSquare(orders, 1000) < 72);
  }

  private static double chiSquare(int[] counts, double expected) {
    return Arrays.stream(counts).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
  }
}
