package org.sparkprop.nn;

/**
 * Rows and first parameters without chance: closed formulas, which {@code torch_losses.py} repeats
 * to the last bit.
 */
public final class SampleRows {
  private SampleRows() {}

  /** Parameters from −1/2 to 1/2. */
  public static float[] parameters(Topology topology) {
    float[] parameters = new float[topology.parameterCount()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = number(i) / 2;
    }
    return parameters;
  }

  /**
   * Overwrites the slice with rows {@code from} to {@code to} of an endless table: features from −1
   * to 1, and each class in turn.
   */
  public static void fill(Workspace slice, int from, int to) {
    int in = slice.topology().inputWidth();
    int classes = Math.max(2, slice.topology().outputWidth());
    for (int row = from; row < to; row++) {
      for (int i = 0; i < in; i++) {
        slice.features()[(row - from) * in + i] = number(3L * (row * in + i) + 1);
      }
      slice.labels()[row - from] = row % classes;
    }
  }

  /** A workspace that has just the rows {@code from} to {@code to}. */
  static Workspace slice(Topology topology, int from, int to) {
    Workspace slice = new Workspace(topology, to - from);
    fill(slice, from, to);
    return slice;
  }

  /** i³ modulo 101 takes every value from 0 to 100, in no order that layers or rows repeat. */
  private static float number(long i) {
    return (i * i * i % 101 - 50) / 50f;
  }
}
