package org.sparkprop.base;

/** Counts on from seconds that had gone by before. */
public final class Stopwatch {
  private final long start = System.nanoTime();
  private final double before;

  public Stopwatch(double before) {
    this.before = before;
  }

  public double seconds() {
    return before + (System.nanoTime() - start) / 1e9;
  }
}
