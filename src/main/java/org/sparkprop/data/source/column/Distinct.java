package org.sparkprop.data.source.column;

import java.io.Serializable;
import java.util.Arrays;

/**
 * A sample of the different values among many: those whose hashes are smallest (Bar-Yossef et al.
 * 2002), so that it is the same for any order of the values. All of them, where they are few.
 */
final class Distinct implements Serializable {
  private final int most;
  private final long[] slots;
  private final boolean[] taken;
  private int size;

  /** Hashes above this were dropped, as unsigned numbers. */
  private long limit = -1;

  /**
   * @param most values that are kept
   */
  Distinct(int most) {
    this.most = most;
    int length = Integer.highestOneBit(Math.max(4, 4 * most - 1)) << 1;
    this.slots = new long[length];
    this.taken = new boolean[length];
  }

  void add(long value) {
    addHash(hash(value));
  }

  void add(Distinct other) {
    limit = Long.compareUnsigned(limit, other.limit) <= 0 ? limit : other.limit;
    keepSmallest(size);
    for (int i = 0; i < other.slots.length; i++) {
      if (other.taken[i]) {
        addHash(other.slots[i]);
      }
    }
  }

  /** Whether no value is missing. */
  boolean isComplete() {
    keepSmallest(most);
    return limit == -1;
  }

  /** The values of the sample. */
  long[] values() {
    keepSmallest(most);
    return hashes().map(Distinct::value).toArray();
  }

  /** How many different values there were, about; exactly, where the sample is complete. */
  double count() {
    if (isComplete()) {
      return size;
    }
    double share = (limit >>> 11) * 0x1p-53; // of all hashes
    return (size - 1) / Math.max(share, 0x1p-53);
  }

  private java.util.stream.LongStream hashes() {
    return java.util.stream.IntStream.range(0, slots.length)
        .filter(i -> taken[i])
        .mapToLong(i -> slots[i]);
  }

  private void addHash(long hash) {
    if (Long.compareUnsigned(hash, limit) > 0) {
      return;
    }
    int at = (int) hash & (slots.length - 1);
    while (taken[at]) {
      if (slots[at] == hash) {
        return;
      }
      at = (at + 1) & (slots.length - 1);
    }
    taken[at] = true;
    slots[at] = hash;
    size++;
    if (size > 2 * most) {
      keepSmallest(most);
    }
  }

  private void keepSmallest(int wanted) {
    long bound = limit;
    long[] sorted =
        hashes()
            .filter(hash -> Long.compareUnsigned(hash, bound) <= 0)
            .map(hash -> hash ^ Long.MIN_VALUE) // unsigned order
            .sorted()
            .map(hash -> hash ^ Long.MIN_VALUE)
            .toArray();
    if (sorted.length == size && size <= wanted) {
      return;
    }
    int kept = Math.min(wanted, sorted.length);
    if (kept < sorted.length) {
      limit = sorted[kept - 1];
    }
    Arrays.fill(taken, false);
    size = 0;
    for (int i = 0; i < kept; i++) {
      addHash(sorted[i]);
    }
  }

  /** A mixing that can be undone (Steele et al. 2014, variant 13 of Stafford), 0 to 0. */
  static long hash(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private static long value(long hash) {
    long z = (hash ^ (hash >>> 31) ^ (hash >>> 62)) * 0x319642b2d24d8ec3L;
    z = (z ^ (z >>> 27) ^ (z >>> 54)) * 0x96de1b173f119089L;
    return z ^ (z >>> 30) ^ (z >>> 60);
  }
}
