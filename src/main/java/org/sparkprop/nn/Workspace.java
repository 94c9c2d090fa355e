package org.sparkprop.nn;

/**
 * All buffers that forward and backward over one slice need, allocated once and used slice after
 * slice. Whoever fills a slice writes {@link #features} and {@link #labels}; one thread at a time.
 */
public final class Workspace {
  private final Topology topology;
  private final int maxRows;
  private final float[] features;
  private final int[] labels;

  /** Outputs of each layer, (rows, out). */
  final float[][] outputs;

  /** dZ of each layer, (rows, out). */
  final float[][] deltas;

  /** The sums Z of layers whose derivative needs them; elsewhere the outputs themselves. */
  final float[][] sums;

  /**
   * @param maxRows the rows of the largest slice
   * @throws IllegalArgumentException if a buffer would be larger than an array can be
   */
  public Workspace(Topology topology, int maxRows) {
    if (maxRows < 1) {
      throw new IllegalArgumentException("Invalid slice size: %d (must be > 0)".formatted(maxRows));
    }
    this.topology = topology;
    this.maxRows = maxRows;
    this.features = buffer(maxRows, topology.inputWidth());
    this.labels = new int[maxRows];
    int depth = topology.layers().size();
    this.outputs = new float[depth][];
    this.deltas = new float[depth][];
    this.sums = new float[depth][];
    for (int i = 0; i < depth; i++) {
      DenseLayer layer = topology.layers().get(i);
      outputs[i] = buffer(maxRows, layer.out());
      deltas[i] = buffer(maxRows, layer.out());
      sums[i] = layer.activation().needsSum() ? buffer(maxRows, layer.out()) : outputs[i];
    }
  }

  /** The rows' features, (rows, in), for the next forward pass. */
  public float[] features() {
    return features;
  }

  /** The rows' labels, (rows). */
  public int[] labels() {
    return labels;
  }

  /** What the last forward pass gave, (rows, width of the last layer). */
  public float[] output() {
    return outputs[outputs.length - 1];
  }

  public Topology topology() {
    return topology;
  }

  public int maxRows() {
    return maxRows;
  }

  /** Bytes that the buffers of a workspace take. */
  public static long bytes(Topology topology, int maxRows) {
    long floats = topology.inputWidth() + 1L;
    for (DenseLayer layer : topology.layers()) {
      floats += (layer.activation().needsSum() ? 3L : 2L) * layer.out();
    }
    return floats * maxRows * Float.BYTES;
  }

  private static float[] buffer(int rows, int width) {
    long floats = (long) rows * width;
    if (floats > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "Invalid slice size: %d (must be <= %d for a layer of width %d)"
              .formatted(rows, (Integer.MAX_VALUE - 8) / width, width));
    }
    return new float[(int) floats];
  }
}
