package org.sparkprop.nn;

import java.util.Arrays;
import java.util.List;

/**
 * What a network should give: the textbook's formulas in double, one row and one unit at a time,
 * with the gradient from central differences. Slow, and shares no arithmetic with the main code.
 */
public final class ReferenceNetwork {
  /** The error of central differences is of order STEP² (1e-10), that of rounding 1e-16 / STEP. */
  private static final double STEP = 1e-5;

  private final int inputWidth;
  private final List<LayerSpec> layers;
  private final Loss loss;

  public ReferenceNetwork(int inputWidth, List<LayerSpec> layers, Loss loss) {
    this.inputWidth = inputWidth;
    this.layers = layers;
    this.loss = loss;
  }

  /** The outputs for one row: probabilities, after softmax or sigmoid. */
  double[] outputs(double[] parameters, double[] row) {
    double[] x = row;
    int at = 0;
    for (LayerSpec layer : layers) {
      double[] z = new double[layer.width()];
      int biasesAt = at + layer.width() * x.length;
      for (int unit = 0; unit < z.length; unit++) {
        z[unit] = parameters[biasesAt + unit];
        for (int i = 0; i < x.length; i++) {
          z[unit] += parameters[at + unit * x.length + i] * x[i];
        }
      }
      at = biasesAt + layer.width();
      x = activate(layer.activation(), z);
    }
    return x;
  }

  /** The outputs of all rows, (rows, out). */
  double[] outputs(double[] parameters, double[] features, int rows) {
    int width = layers.get(layers.size() - 1).width();
    double[] all = new double[rows * width];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(outputs(parameters, row(features, row)), 0, all, row * width, width);
    }
    return all;
  }

  /** The targets of classes, (rows, out): one-hot, or the label of the only output. */
  double[] targets(int[] labels, int rows) {
    int width = layers.get(layers.size() - 1).width();
    double[] targets = new double[rows * width];
    for (int row = 0; row < rows; row++) {
      if (width == 1) {
        targets[row] = labels[row];
      } else {
        targets[row * width + labels[row]] = 1;
      }
    }
    return targets;
  }

  /** The sum of the losses of the rows. */
  public double loss(double[] parameters, double[] features, int[] labels, int rows) {
    return loss(parameters, features, targets(labels, rows), rows);
  }

  /** The gradient of {@link #loss(double[], double[], int[], int)}. */
  public double[] gradient(double[] parameters, double[] features, int[] labels, int rows) {
    return gradient(parameters, features, targets(labels, rows), rows);
  }

  /**
   * The sum of the losses of the rows.
   *
   * @param targets (rows, out)
   */
  double loss(double[] parameters, double[] features, double[] targets, int rows) {
    int width = targets.length / rows;
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      double[] ofRow = Arrays.copyOfRange(targets, row * width, (row + 1) * width);
      sum += loss(outputs(parameters, row(features, row)), ofRow);
    }
    return sum;
  }

  /** The gradient of {@link #loss(double[], double[], double[], int)}. */
  double[] gradient(double[] parameters, double[] features, double[] targets, int rows) {
    double[] moved = parameters.clone();
    double[] gradient = new double[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      moved[i] = parameters[i] + STEP;
      double above = loss(moved, features, targets, rows);
      moved[i] = parameters[i] - STEP;
      double below = loss(moved, features, targets, rows);
      moved[i] = parameters[i];
      gradient[i] = (above - below) / (2 * STEP);
    }
    return gradient;
  }

  /** f(z) for the activations that look at one unit alone. */
  static double activate(Activation activation, double z) {
    return switch (activation) {
      case LINEAR -> z;
      case SIGMOID -> 1 / (1 + Math.exp(-z));
      case TANH -> (Math.exp(z) - Math.exp(-z)) / (Math.exp(z) + Math.exp(-z));
      case RELU -> z > 0 ? z : 0;
      case LEAKY_RELU -> z > 0 ? z : 0.01 * z;
      case ELU -> z > 0 ? z : Math.exp(z) - 1;
      case SELU -> 1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * (Math.exp(z) - 1));
      case SOFTPLUS -> Math.log(1 + Math.exp(z));
      case GELU -> z * normalCdf(z);
      case SILU -> z / (1 + Math.exp(-z));
      case MISH -> z * Math.tanh(Math.log(1 + Math.exp(z)));
      case EXPONENTIAL -> Math.exp(z);
      case SOFTMAX -> throw new IllegalArgumentException("softmax needs the whole row");
    };
  }

  private static double[] activate(Activation activation, double[] z) {
    double[] y = new double[z.length];
    if (activation == Activation.SOFTMAX) {
      double sum = 0;
      for (double logit : z) {
        sum += Math.exp(logit);
      }
      for (int i = 0; i < z.length; i++) {
        y[i] = Math.exp(z[i]) / sum;
      }
    } else {
      for (int i = 0; i < z.length; i++) {
        y[i] = activate(activation, z[i]);
      }
    }
    return y;
  }

  /** Φ(z) = 1/2 + φ(z) (z + z³/3 + z⁵/(3·5) + …) (Marsaglia 2004, "Evaluating the Normal"). */
  private static double normalCdf(double z) {
    double sum = 0;
    double term = z;
    for (int n = 1; sum + term != sum; n += 2) {
      sum += term;
      term *= z * z / (n + 2);
    }
    return 0.5 + sum * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  private double loss(double[] outputs, double[] targets) {
    double sum = 0;
    for (int i = 0; i < outputs.length; i++) {
      double y = outputs[i];
      double target = targets[i];
      double error = Math.abs(y - target);
      sum +=
          switch (loss.kind()) {
            case SQUARED_ERROR -> error * error / 2;
            case ABSOLUTE_ERROR -> error;
            case HUBER -> {
              double bound = loss.huberDelta();
              yield error <= bound ? error * error / 2 : bound * (error - bound / 2);
            }
            case POISSON -> y - target * Math.log(y);
            case SOFTMAX_CROSS_ENTROPY -> -target * Math.log(y);
            case SIGMOID_CROSS_ENTROPY -> -target * Math.log(y) - (1 - target) * Math.log(1 - y);
          };
    }
    return sum;
  }

  private double[] row(double[] features, int row) {
    double[] x = new double[inputWidth];
    System.arraycopy(features, row * inputWidth, x, 0, inputWidth);
    return x;
  }
}
