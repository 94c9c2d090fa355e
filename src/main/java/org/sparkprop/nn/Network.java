package org.sparkprop.nn;

import java.io.Serializable;
import java.util.List;

/**
 * A topology with its loss: forward, backward and the sum of losses over the rows of a slice. It
 * holds no weights; those come with each call, as one flat array.
 */
public final class Network implements Serializable {
  private final Topology topology;
  private final Loss loss;

  /**
   * @throws IllegalArgumentException if the loss does not fit the last layer
   */
  public Network(Topology topology, Loss loss) {
    loss.checkFits(topology.outputLayer().activation());
    this.topology = topology;
    this.loss = loss;
  }

  public Topology topology() {
    return topology;
  }

  public Loss loss() {
    return loss;
  }

  /** Number of classes that the outputs can tell apart: two where there is one output. */
  public int classes() {
    return Math.max(2, topology.outputWidth());
  }

  /**
   * Overwrites the workspace's output with what the network gives: probabilities, after softmax.
   */
  public void predict(float[] parameters, Workspace workspace, int rows) {
    forward(parameters, workspace, rows);
    activateLogits(workspace, rows);
  }

  /** Like {@link #predict}, and returns the sum of the losses of the rows. */
  public double predictWithLoss(float[] parameters, Workspace workspace, int rows) {
    forward(parameters, workspace, rows);
    double sum = lossAndDelta(workspace, rows);
    activateLogits(workspace, rows);
    return sum;
  }

  /**
   * The class that the output of {@code row} stands for: the largest output, the first of equals;
   * with one output, whether it is above one half. Outputs are those of {@link #predict}.
   */
  public int predictedClass(Workspace workspace, int row) {
    float[] output = workspace.output();
    int width = topology.outputWidth();
    int at = row * width;
    if (width == 1) {
      return output[at] > 0.5f ? 1 : 0;
    }
    int best = 0;
    for (int i = 1; i < width; i++) {
      if (output[at + i] > output[at + best]) {
        best = i;
      }
    }
    return best;
  }

  /**
   * Backpropagation (Rumelhart, Hinton, Williams 1986): overwrites {@code gradient} with the
   * gradient of the sum of the rows' losses, and returns that sum.
   *
   * @param parameters length {@link Topology#parameterCount}; so is {@code gradient}
   */
  public double gradient(float[] parameters, Workspace workspace, int rows, float[] gradient) {
    forward(parameters, workspace, rows);
    double sum = lossAndDelta(workspace, rows);
    List<DenseLayer> layers = topology.layers();
    for (int i = layers.size() - 1; i >= 0; i--) {
      DenseLayer layer = layers.get(i);
      float[] dz = workspace.deltas[i];
      boolean fused = i == layers.size() - 1 && loss.takesLogits();
      if (!fused) {
        layer.activation().multiplyByDerivative(dz, workspace.sums[i], rows, layer.out());
      }
      layer.gradient(dz, input(workspace, i), rows, gradient);
      if (i > 0) {
        layer.inputGradient(parameters, dz, rows, workspace.deltas[i - 1]);
      }
    }
    return sum;
  }

  /** Leaves logits in the output where the loss takes them, else activated outputs. */
  private void forward(float[] parameters, Workspace workspace, int rows) {
    List<DenseLayer> layers = topology.layers();
    for (int i = 0; i < layers.size(); i++) {
      DenseLayer layer = layers.get(i);
      float[] y = workspace.outputs[i];
      layer.forward(parameters, input(workspace, i), rows, y);
      if (layer.activation().needsSum()) {
        System.arraycopy(y, 0, workspace.sums[i], 0, rows * layer.out());
      }
      boolean fused = i == layers.size() - 1 && loss.takesLogits();
      if (!fused) {
        layer.activation().apply(y, rows, layer.out());
      }
    }
  }

  /** The mean that is reported for a sum of the losses of {@code rows} rows. */
  public double meanLoss(double sum, long rows) {
    return sum / ((double) rows * loss.termsPerRow(topology.outputWidth()));
  }

  private void activateLogits(Workspace workspace, int rows) {
    if (loss.takesLogits()) {
      DenseLayer last = topology.outputLayer();
      last.activation().apply(workspace.output(), rows, last.out());
    }
  }

  private double lossAndDelta(Workspace workspace, int rows) {
    int last = topology.layers().size() - 1;
    return loss.valueAndDelta(
        workspace.outputs[last],
        workspace.labels(),
        rows,
        topology.outputWidth(),
        workspace.deltas[last]);
  }

  private static float[] input(Workspace workspace, int layer) {
    return layer == 0 ? workspace.features() : workspace.outputs[layer - 1];
  }
}
