package org.sparkprop.optim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the last steps tell of the inverse of the Hessian H: pairs of a step s and the change y of
 * the gradient along it, H s ≈ y. The matrix itself is never made; its product with a vector takes
 * four passes a pair (Nocedal 1980; Nocedal and Wright 2006, algorithm 7.4).
 */
final class InverseHessian {
  /** With less curvature s'y a pair would not keep the matrix positive definite. */
  private static final double MIN_CURVATURE = 1e-10;

  private static final double[] NONE = {};

  private final int history;
  private final @Nullable LayerScales scales;
  private final List<Pair> pairs = new ArrayList<>(); // the oldest first

  private static final class Pair {
    final float[] step;
    final float[] change;
    final double curvature;
    final double[] logRatios;

    Pair(float[] step, float[] change, double curvature, double[] logRatios) {
      this.step = step;
      this.change = change;
      this.curvature = curvature;
      this.logRatios = logRatios;
    }
  }

  /**
   * @param history the most pairs to keep
   * @param scales of the first guess; null for one scale of all parameters
   */
  InverseHessian(int history, @Nullable LayerScales scales) {
    this.history = history;
    this.scales = scales;
  }

  /**
   * Keeps a pair in place of the oldest; one without enough curvature is left out.
   *
   * @param step becomes this matrix's own, as does {@code change}
   */
  void add(float[] step, float[] change, Parallel parallel) {
    double curvature = Vectors.dot(change, step, parallel);
    if (curvature > MIN_CURVATURE) {
      if (pairs.size() == history) {
        pairs.remove(0);
      }
      double[] logRatios = scales == null ? NONE : scales.logRatios(step, change);
      pairs.add(new Pair(step, change, curvature, logRatios));
    }
  }

  /** The vectors of the pairs themselves, oldest first: step, change, step, change, … */
  List<float[]> vectors() {
    List<float[]> vectors = new ArrayList<>();
    for (Pair pair : pairs) {
      vectors.add(pair.step);
      vectors.add(pair.change);
    }
    return vectors;
  }

  /** Where to go down from a place with this gradient: −(inverse of H) gradient. */
  float[] descent(float[] gradient, Parallel parallel) {
    float[] q = gradient.clone();
    Vectors.multiply(q, -1, parallel);
    double[] alpha = new double[pairs.size()];
    for (int i = pairs.size() - 1; i >= 0; i--) {
      Pair pair = pairs.get(i);
      alpha[i] = Vectors.dot(pair.step, q, parallel) / pair.curvature;
      Vectors.add(q, -alpha[i], pair.change, q, parallel);
    }
    if (!pairs.isEmpty()) {
      multiplyByFirstGuess(q, parallel);
    }
    for (int i = 0; i < pairs.size(); i++) {
      Pair pair = pairs.get(i);
      double beta = Vectors.dot(pair.change, q, parallel) / pair.curvature;
      Vectors.add(q, alpha[i] - beta, pair.step, q, parallel);
    }
    return q;
  }

  /** What the inverse of H is taken for before the pairs correct it: a diagonal. */
  private void multiplyByFirstGuess(float[] q, Parallel parallel) {
    Pair last = pairs.get(pairs.size() - 1);
    double scale = last.curvature / Vectors.dot(last.change, last.change, parallel);
    if (scales == null) {
      Vectors.multiply(q, scale, parallel);
    } else {
      List<double[]> logRatios = pairs.stream().map(pair -> pair.logRatios).toList();
      scales.multiply(q, logRatios, scale, parallel);
    }
  }
}
