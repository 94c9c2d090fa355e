package org.sparkprop.nn;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * A topology with its task and its loss: forward, backward and the sum of losses over the rows of a
 * slice. It holds no weights; those come with each call, as one flat array.
 *
 * <p>Noise, dropout and label smoothing belong to training: {@link #gradient} heeds them,
 * predictions and their losses do not.
 */
public final class Network implements Serializable {
  private final Topology topology;
  private final Loss loss;
  private final LearningTask task;
  private final GaussianNoise inputNoise;
  private final Dropout dropout;
  private final float labelSmoothing;

  /**
   * A network that tells classes, without noise, dropout or label smoothing.
   *
   * @throws IllegalArgumentException if the loss does not fit the last layer
   */
  public Network(Topology topology, Loss loss) {
    this(topology, loss, LearningTask.CLASSIFICATION);
  }

  /**
   * A network without noise, dropout or label smoothing.
   *
   * @throws IllegalArgumentException if the loss does not fit the last layer, or the task
   */
  public Network(Topology topology, Loss loss, LearningTask task) {
    this(topology, loss, task, GaussianNoise.NONE, Dropout.NONE, 0);
  }

  /**
   * @param labelSmoothing from 0 to below 1
   * @throws IllegalArgumentException if these do not fit together
   */
  public Network(
      Topology topology,
      Loss loss,
      LearningTask task,
      GaussianNoise inputNoise,
      Dropout dropout,
      double labelSmoothing) {
    loss.checkCompatible(topology.outputLayer().activation());
    loss.checkCompatible(task);
    dropout.checkCompatible(topology.layers().size() - 1);
    this.topology = topology;
    this.loss = loss;
    this.task = task;
    this.inputNoise = inputNoise;
    this.dropout = dropout;
    this.labelSmoothing = (float) labelSmoothing;
  }

  public Topology topology() {
    return topology;
  }

  public Loss loss() {
    return loss;
  }

  public LearningTask task() {
    return task;
  }

  /** Buffers for {@link #gradient}, or for predictions, of up to so many rows. */
  public Workspace workspace(int maxRows) {
    return new Workspace(topology, maxRows, dropout);
  }

  /** Bytes that {@link #workspace} takes. */
  public long workspaceBytes(int maxRows) {
    return Workspace.bytes(topology, maxRows, dropout);
  }

  /** Number of classes that the outputs can tell apart: two where there is one output. */
  public int classes() {
    return Math.max(2, topology.outputWidth());
  }

  /** Number of names that labels need: one for each class, or for each output. */
  public int labels() {
    return task == LearningTask.CLASSIFICATION ? classes() : topology.outputWidth();
  }

  /**
   * Overwrites the workspace's output with what the network gives: probabilities, after softmax.
   */
  public void predict(float[] parameters, Workspace workspace, int rows) {
    forward(parameters, workspace, rows, Dropout.NONE, 0);
    activateLogits(workspace, rows);
  }

  /**
   * Like {@link #predict}, and returns the sum of the losses of the rows. Leaves the loss of each
   * in the workspace's losses, and the outputs as the loss takes them in its logits.
   */
  public double predictWithLoss(float[] parameters, Workspace workspace, int rows) {
    forward(parameters, workspace, rows, Dropout.NONE, 0);
    double sum = lossAndDelta(workspace, rows, 0);
    int floats = rows * topology.outputWidth();
    System.arraycopy(workspace.output(), 0, workspace.logits(), 0, floats);
    activateLogits(workspace, rows);
    return sum;
  }

  /** The class that the output of {@code row} stands for; outputs are those of {@link #predict}. */
  public int predictedClass(Workspace workspace, int row) {
    int width = topology.outputWidth();
    return predictedClass(workspace.output(), row * width, width);
  }

  /**
   * The class that the outputs of a row stand for: the largest output, the first of equals; with
   * one output, whether it is above one half.
   *
   * @param output of {@link #predict}; those of the row are from {@code at} on
   */
  public static int predictedClass(float[] output, int at, int width) {
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
   * @param workspace from {@link #workspace}, if there is dropout; its features are changed then,
   *     by noise, and in rows of weight 0
   * @param key decides which units are dropped, and the noise
   */
  public double gradient(
      float[] parameters, Workspace workspace, int rows, float[] gradient, long key) {
    forgetRowsWithoutWeight(workspace, rows);
    if (!inputNoise.isNone()) {
      inputNoise.addTo(workspace.features(), rows * topology.inputWidth(), key);
    }
    forward(parameters, workspace, rows, dropout, key);
    double sum = lossAndDelta(workspace, rows, labelSmoothing);
    List<DenseLayer> layers = topology.layers();
    for (int i = layers.size() - 1; i >= 0; i--) {
      DenseLayer layer = layers.get(i);
      float[] dz = workspace.deltas[i];
      boolean fused = i == layers.size() - 1 && loss.takesLogits();
      if (!fused) {
        layer.activation().multiplyByDerivative(dz, workspace.sums[i], rows, layer.out());
      }
      layer.gradient(dz, workspace.inputs[i], rows, gradient);
      if (i > 0) {
        float[] dx = workspace.deltas[i - 1];
        layer.inputGradient(parameters, dz, rows, dx);
        if (dropout.dropsInputOf(i)) {
          multiply(dx, workspace.masks[i], rows * layer.in(), dx);
        }
      }
    }
    return sum;
  }

  /** Rows of weight 0 have no part in the gradient, also where their outputs would overflow. */
  private void forgetRowsWithoutWeight(Workspace workspace, int rows) {
    int width = topology.inputWidth();
    for (int row = 0; row < rows; row++) {
      if (workspace.weights()[row] == 0) {
        Arrays.fill(workspace.features(), row * width, (row + 1) * width, 0);
      }
    }
  }

  /** {@link #gradient} of a network without noise or dropout. */
  public double gradient(float[] parameters, Workspace workspace, int rows, float[] gradient) {
    return gradient(parameters, workspace, rows, gradient, 0);
  }

  /** Leaves logits in the output where the loss takes them, else activated outputs. */
  private void forward(
      float[] parameters, Workspace workspace, int rows, Dropout dropout, long key) {
    List<DenseLayer> layers = topology.layers();
    for (int i = 0; i < layers.size(); i++) {
      DenseLayer layer = layers.get(i);
      float[] x = i == 0 ? workspace.features() : workspace.outputs[i - 1];
      if (dropout.dropsInputOf(i)) {
        int n = rows * layer.in();
        dropout.fillMask(workspace.masks[i], n, i, key);
        multiply(x, workspace.masks[i], n, workspace.inputs[i]);
        x = workspace.inputs[i];
      }
      float[] y = workspace.outputs[i];
      layer.forward(parameters, x, rows, y);
      if (layer.activation().needsSum()) {
        System.arraycopy(y, 0, workspace.sums[i], 0, rows * layer.out());
      }
      boolean fused = i == layers.size() - 1 && loss.takesLogits();
      if (!fused) {
        layer.activation().apply(y, rows, layer.out());
      }
    }
  }

  /**
   * The mean that is reported for a sum of losses.
   *
   * @param weight of the rows: their number, where rows have no weights
   */
  public double meanLoss(double sum, double weight) {
    return sum / (weight * loss.termsPerRow(topology.outputWidth()));
  }

  private void activateLogits(Workspace workspace, int rows) {
    if (loss.takesLogits()) {
      DenseLayer last = topology.outputLayer();
      last.activation().apply(workspace.output(), rows, last.out());
    }
  }

  private double lossAndDelta(Workspace workspace, int rows, float smoothing) {
    if (task == LearningTask.CLASSIFICATION && !loss.equals(Loss.SOFTMAX_CROSS_ENTROPY)) {
      labelsToTargets(workspace, rows);
    }
    return loss.valueAndDelta(workspace, rows, smoothing);
  }

  /** Overwrites the targets of the rows with their labels: one-hot, or the label of one output. */
  static void labelsToTargets(Workspace workspace, int rows) {
    int width = workspace.topology().outputWidth();
    float[] targets = workspace.targets();
    for (int row = 0; row < rows; row++) {
      int label = workspace.labels()[row];
      for (int i = 0; i < width; i++) {
        targets[row * width + i] = (width == 1 ? label == 1 : label == i) ? 1 : 0;
      }
    }
  }

  private static void multiply(float[] x, float[] mask, int n, float[] into) {
    for (int i = 0; i < n; i++) {
      into[i] = x[i] * mask[i];
    }
  }
}
