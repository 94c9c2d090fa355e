package org.sparkprop.nn;

import java.io.Serializable;
import org.sparkprop.nn.blas.Blas;

/**
 * Y = f(X W' + b) and its gradients. A layer is its shape and its place in the flat parameter
 * array: W (out, in) from {@link #weightsAt}, then b (out) from {@link #biasesAt}. It owns no
 * buffer. Row-major shapes: X (rows, in), W (out, in), b (out), Y (rows, out); BLAS sees the
 * transposes.
 */
public final class DenseLayer implements Serializable {
  private final int in;
  private final int out;
  private final Activation activation;
  private final int weightsAt;
  private final int biasesAt;

  DenseLayer(int in, int out, Activation activation, int weightsAt) {
    this.in = in;
    this.out = out;
    this.activation = activation;
    this.weightsAt = weightsAt;
    this.biasesAt = weightsAt + out * in;
  }

  /** Number of inputs of each unit. */
  public int in() {
    return in;
  }

  /** Number of units. */
  public int out() {
    return out;
  }

  public Activation activation() {
    return activation;
  }

  /** Where W (out, in) starts in the parameters. */
  public int weightsAt() {
    return weightsAt;
  }

  /** Where b (out) starts in the parameters. */
  public int biasesAt() {
    return biasesAt;
  }

  /** Z = X W' + b, before the activation: x (rows, in), overwrites z (rows, out). */
  void forward(float[] parameters, float[] x, int rows, float[] z) {
    for (int row = 0; row < rows; row++) {
      System.arraycopy(parameters, biasesAt, z, row * out, out);
    }
    Blas.sgemm("T", "N", out, rows, in, 1f, parameters, weightsAt, in, x, 0, in, 1f, z, 0, out);
  }

  /** dW = dZ' X and db = dZ' 1, summed over the rows: overwrites this layer's part of gradient. */
  void gradient(float[] dz, float[] x, int rows, float[] gradient) {
    Blas.sgemm("N", "T", in, out, rows, 1f, x, 0, in, dz, 0, out, 0f, gradient, weightsAt, in);
    for (int unit = 0; unit < out; unit++) {
      gradient[biasesAt + unit] = 0;
    }
    for (int row = 0; row < rows; row++) {
      int at = row * out;
      for (int unit = 0; unit < out; unit++) {
        gradient[biasesAt + unit] += dz[at + unit];
      }
    }
  }

  /** dX = dZ W: overwrites dx (rows, in). */
  void inputGradient(float[] parameters, float[] dz, int rows, float[] dx) {
    Blas.sgemm("N", "N", in, rows, out, 1f, parameters, weightsAt, in, dz, 0, out, 0f, dx, 0, in);
  }
}
