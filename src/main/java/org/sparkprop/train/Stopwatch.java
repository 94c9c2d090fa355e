package org.sparkprop.train;

/** Counts on from seconds that had gone by before. */
final class Stopwatch {
  private final long start = System.nanoTime();
  private final double before;

  Stopwatch(double before) {
    this.before = before;
  }

  double seconds() {
    return before + (System.nanoTime() - start) / 1e9;
  }
}
