package org.sparkprop.eval;

import java.io.Serializable;

/**
 * Whole numbers by cell, for a table of which few cells are not zero: open addressing with linear
 * probing, so that counting a row takes no objects.
 */
final class CellCounts implements Serializable {
  /** Cell + 1, or 0 where there is none; a power of two long, and at most half full. */
  private long[] keys = new long[32];

  private long[] counts = new long[32];
  private int size;

  /** Adds to a cell. */
  void add(long cell, long count) {
    int at = find(cell);
    if (keys[at] == 0) {
      keys[at] = cell + 1;
      size++;
    }
    counts[at] += count;
    if (2 * size > keys.length) {
      grow();
    }
  }

  /** Adds all counts of another table. */
  void add(CellCounts other) {
    for (int i = 0; i < other.keys.length; i++) {
      if (other.keys[i] != 0) {
        add(other.keys[i] - 1, other.counts[i]);
      }
    }
  }

  /** The count of a cell. */
  long get(long cell) {
    return counts[find(cell)];
  }

  /** Where a cell is, or would be. */
  private int find(long cell) {
    int mask = keys.length - 1;
    long hash = cell * 0x9E3779B97F4A7C15L; // 2^64 / golden ratio (Knuth, volume 3, 6.4)
    int at = (int) (hash >>> 32) & mask;
    while (keys[at] != 0 && keys[at] != cell + 1) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldCounts = counts;
    keys = new long[Math.multiplyExact(2, oldKeys.length)];
    counts = new long[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int at = find(oldKeys[i] - 1);
        keys[at] = oldKeys[i];
        counts[at] = oldCounts[i];
      }
    }
  }
}
