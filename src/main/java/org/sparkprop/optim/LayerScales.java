package org.sparkprop.optim;

import java.util.Arrays;
import java.util.List;

/**
 * How long the last steps were beside the change of the gradient along them, for the weights and
 * for the biases of each layer: |s| / |y|, the geometric mean of the two step lengths of Barzilai
 * and Borwein (1988; Dai, Al-Baali and Yang 2015). Features of 0 to 1, say, have weights with far
 * less curvature than those of the next layer, and one number cannot be the scale of both.
 */
final class LayerScales {
  private final Tensors tensors;

  LayerScales(Tensors tensors) {
    this.tensors = tensors;
  }

  /** log(|s| / |y|) of each tensor; NaN where step or change are 0. */
  double[] logRatios(float[] step, float[] change) {
    double[] logs = new double[tensors.count()];
    for (int tensor = 0; tensor < logs.length; tensor++) {
      double steps = Vectors.sumOfSquares(step, tensors.from(tensor), tensors.to(tensor));
      double changes = Vectors.sumOfSquares(change, tensors.from(tensor), tensors.to(tensor));
      logs[tensor] =
          steps > 0 && changes > 0 ? (Math.log(steps) - Math.log(changes)) / 2 : Double.NaN;
    }
    return logs;
  }

  /**
   * Multiplies each tensor by its scale, in place: the geometric mean of the ratios, the last of
   * which counts one half, the one before a quarter, and so on.
   *
   * @param logRatios of the pairs, oldest first
   * @param unknown the scale of a tensor that has no ratio
   */
  void multiply(float[] q, List<double[]> logRatios, double unknown, Parallel parallel) {
    double[] logs = new double[tensors.count()];
    Arrays.fill(logs, Double.NaN);
    for (double[] ofPair : logRatios) {
      for (int tensor = 0; tensor < logs.length; tensor++) {
        if (Double.isNaN(logs[tensor])) {
          logs[tensor] = ofPair[tensor];
        } else if (!Double.isNaN(ofPair[tensor])) {
          logs[tensor] = (logs[tensor] + ofPair[tensor]) / 2;
        }
      }
    }
    parallel.forBlocks(
        q.length,
        (from, to) ->
            tensors.forParts(
                from,
                to,
                (tensor, at, end) -> {
                  double log = logs[tensor];
                  float scale = (float) (Double.isNaN(log) ? unknown : Math.exp(log));
                  for (int i = at; i < end; i++) {
                    q[i] *= scale;
                  }
                }));
  }
}
