package org.sparkprop.optim;

import org.sparkprop.nn.DenseLayer;
import org.sparkprop.nn.Topology;

/**
 * The weights that come into a unit, a row of W (out, in), are scaled back to a length where they
 * are longer (Srivastava et al. 2014, section 5.1). Biases do not count.
 */
final class MaxNorm {
  private final double norm;
  private final Topology topology;

  MaxNorm(double norm, Topology topology) {
    this.norm = norm;
    this.topology = topology;
  }

  void apply(float[] parameters, Parallel parallel) {
    if (norm == Regularization.UNBOUNDED) {
      return;
    }
    for (DenseLayer layer : topology.layers()) {
      int in = layer.in();
      int weights = layer.biasesAt() - layer.weightsAt();
      int wholeRows = in * Math.max(1, Parallel.BLOCK / in);
      parallel.forBlocks(
          weights,
          wholeRows,
          (from, to) -> {
            for (int row = from; row < to; row += in) {
              shorten(parameters, layer.weightsAt() + row, in);
            }
          });
    }
  }

  private void shorten(float[] parameters, int at, int in) {
    double squares = Vectors.sumOfSquares(parameters, at, at + in);
    if (squares > norm * norm) {
      float scale = (float) (norm / Math.sqrt(squares));
      for (int i = at; i < at + in; i++) {
        parameters[i] *= scale;
      }
    }
  }
}
