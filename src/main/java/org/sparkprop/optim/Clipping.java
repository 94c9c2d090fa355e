package org.sparkprop.optim;

/**
 * Bounds on the mean gradient, before any penalty is added: each element into [−value, value]; then
 * the whole, where its length is more than {@code norm} (Pascanu et al. 2013, algorithm 1), as in
 * PyTorch's {@code clip_grad_norm_}:
 *
 * <pre>
 *   g *= min(1, norm / (length + 1e-6))
 * </pre>
 */
final class Clipping {
  private static final double EPSILON = 1e-6;

  private final float value;
  private final double norm;

  Clipping(Regularization regularization) {
    this.value = (float) regularization.clipValue();
    this.norm = regularization.clipNorm();
  }

  /**
   * What makes a range of {@code gradient} the clipped mean; runs once for each. A bound on the
   * length takes a pass over all ranges first.
   *
   * @param mean makes a range the mean
   */
  Parallel.Range of(float[] gradient, Parallel.Range mean, Parallel parallel) {
    Parallel.Range byValue = byValue(gradient, mean);
    if (norm == Regularization.UNBOUNDED) {
      return byValue;
    }
    double squares =
        parallel.sum(
            gradient.length,
            (from, to) -> {
              byValue.run(from, to);
              return Vectors.sumOfSquares(gradient, from, to);
            });
    float scale = (float) Math.min(1, norm / (Math.sqrt(squares) + EPSILON));
    return (from, to) -> {
      for (int i = from; i < to; i++) {
        gradient[i] *= scale;
      }
    };
  }

  private Parallel.Range byValue(float[] gradient, Parallel.Range mean) {
    float most = value;
    if (most == Float.POSITIVE_INFINITY) {
      return mean;
    }
    return (from, to) -> {
      mean.run(from, to);
      for (int i = from; i < to; i++) {
        gradient[i] = Math.max(-most, Math.min(most, gradient[i])); // NaN stays NaN
      }
    };
  }
}
