package org.sparkprop.nn;

import java.util.Arrays;

/**
 * All buffers that forward and backward over one slice need, allocated once and used slice after
 * slice. Whoever fills a slice writes {@link #features}, {@link #labels} or {@link #targets} and,
 * if rows have any, {@link #weights}; one thread at a time.
 */
public final class Workspace {
  private static final float[] NONE = {};

  private final Topology topology;
  private final int maxRows;
  private final float[] features;
  private final int[] labels;
  private final float[] targets;
  private final float[] weights;
  private final double[] losses;

  /** Outputs of each layer, (rows, out). */
  final float[][] outputs;

  /** dZ of each layer, (rows, out). */
  final float[][] deltas;

  /** The sums Z of layers whose derivative needs them; elsewhere the outputs themselves. */
  final float[][] sums;

  /** What each layer is to read instead of the outputs below, where units are dropped. */
  final float[][] inputs;

  /** What units of those inputs are multiplied by; empty where none are dropped. */
  final float[][] masks;

  /**
   * For predictions, and training without dropout.
   *
   * @param maxRows the rows of the largest slice
   * @throws IllegalArgumentException if a buffer would be larger than an array can be
   */
  public Workspace(Topology topology, int maxRows) {
    this(topology, maxRows, Dropout.NONE);
  }

  Workspace(Topology topology, int maxRows, Dropout dropout) {
    if (maxRows < 1) {
      throw new IllegalArgumentException("Invalid slice size: %d (must be > 0)".formatted(maxRows));
    }
    this.topology = topology;
    this.maxRows = maxRows;
    this.features = buffer(maxRows, topology.inputWidth());
    this.labels = new int[maxRows];
    this.targets = needsTargets(topology) ? buffer(maxRows, topology.outputWidth()) : NONE;
    this.weights = new float[maxRows];
    Arrays.fill(weights, 1);
    this.losses = new double[maxRows];
    int depth = topology.layers().size();
    this.outputs = new float[depth][];
    this.deltas = new float[depth][];
    this.sums = new float[depth][];
    this.inputs = new float[depth][];
    this.masks = new float[depth][];
    for (int i = 0; i < depth; i++) {
      DenseLayer layer = topology.layers().get(i);
      outputs[i] = buffer(maxRows, layer.out());
      deltas[i] = buffer(maxRows, layer.out());
      sums[i] = layer.activation().needsSum() ? buffer(maxRows, layer.out()) : outputs[i];
      boolean drops = dropout.dropsInputOf(i);
      masks[i] = drops ? buffer(maxRows, layer.in()) : NONE;
      inputs[i] = i == 0 ? features : drops ? buffer(maxRows, layer.in()) : outputs[i - 1];
    }
  }

  /** The rows' features, (rows, in), for the next forward pass. */
  public float[] features() {
    return features;
  }

  /** The rows' classes, (rows). */
  public int[] labels() {
    return labels;
  }

  /** Softmax has a loss of its own, which takes classes; they would be as wide as there are any. */
  private static boolean needsTargets(Topology topology) {
    return topology.outputLayer().activation() != Activation.SOFTMAX;
  }

  /**
   * The rows' targets, (rows, width of the last layer); for classes, the network fills them. Empty
   * for softmax, which takes the classes themselves.
   */
  public float[] targets() {
    return targets;
  }

  /** The rows' weights, (rows); 1 where nobody has written any. */
  public float[] weights() {
    return weights;
  }

  /** The losses that were computed last, (rows), each before it is multiplied by its weight. */
  public double[] losses() {
    return losses;
  }

  /**
   * The outputs of the last {@link Network#predictWithLoss} as the loss took them, (rows, width of
   * the last layer): before softmax or sigmoid, where those are part of the loss.
   */
  public float[] logits() {
    return outputDelta(); // which predictions do not need
  }

  /** What the first rows weigh together. */
  public double totalWeight(int rows) {
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      sum += weights[row];
    }
    return sum;
  }

  /** What the last forward pass gave, (rows, width of the last layer). */
  public float[] output() {
    return outputs[outputs.length - 1];
  }

  /** dLoss/dOutput, (rows, width of the last layer). */
  float[] outputDelta() {
    return deltas[deltas.length - 1];
  }

  public Topology topology() {
    return topology;
  }

  public int maxRows() {
    return maxRows;
  }

  /** Bytes that the buffers of a workspace take. */
  static long bytes(Topology topology, int maxRows, Dropout dropout) {
    long floats = topology.inputWidth() + 4L; // a loss is a double
    floats += needsTargets(topology) ? topology.outputWidth() : 0;
    for (int i = 0; i < topology.layers().size(); i++) {
      DenseLayer layer = topology.layers().get(i);
      floats += (layer.activation().needsSum() ? 3L : 2L) * layer.out();
      floats += dropout.dropsInputOf(i) ? (i == 0 ? 1L : 2L) * layer.in() : 0;
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
