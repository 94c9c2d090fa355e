package org.sparkprop.optim;

import java.util.function.Supplier;
import org.sparkprop.nn.Topology;

/**
 * Adam (Kingma and Ba 2015, algorithm 1), with the paper's defaults:
 *
 * <pre>
 *   m = beta1 m + (1 − beta1) g          v = beta2 v + (1 − beta2) g²
 *   parameters -= rate · m / (1 − beta1^t) / (sqrt(v / (1 − beta2^t)) + epsilon)
 * </pre>
 */
final class Adam extends Optimizer {
  static final UpdateRule RULE =
      new UpdateRule("adam", 0.001, 0, AdamMoments.hyperparameters(1e-8), Adam::of);

  private final AdamMoments moments;
  private float stepSize;

  private Adam(OptimizerSettings settings, Topology topology, float[] mean, float[] square) {
    super(settings, topology, mean, square);
    this.moments = new AdamMoments(settings, mean, square);
  }

  static Adam of(OptimizerSettings settings, Topology topology, Supplier<float[]> moment) {
    return new Adam(settings, topology, moment.get(), moment.get());
  }

  @Override
  void prepare(float rate, long step) {
    moments.prepare(step);
    stepSize = (float) (rate / moments.bias(step));
  }

  @Override
  void update(float[] parameters, float[] gradient, int from, int to) {
    moments.turn(gradient, stepSize, from, to);
    for (int i = from; i < to; i++) {
      parameters[i] -= gradient[i];
    }
  }
}
