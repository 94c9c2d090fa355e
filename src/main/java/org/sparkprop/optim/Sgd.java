package org.sparkprop.optim;

import java.util.List;
import java.util.function.Supplier;
import org.sparkprop.nn.Topology;

/**
 * Stochastic gradient descent with momentum (Polyak 1964), in PyTorch's form:
 *
 * <pre>
 *   v = momentum v + g           (v = g in the first step)
 *   parameters -= rate v         or, with Nesterov:  parameters -= rate (g + momentum v)
 * </pre>
 *
 * The second line is Nesterov's method as in Sutskever et al. 2013, after their change of variable.
 */
final class Sgd extends Optimizer {
  static final UpdateRule RULE =
      new UpdateRule(
          "sgd",
          0.1,
          0,
          List.of(
              Hyperparameter.number(
                  "momentum", 0.9, 0.95, 0, 1, "part of the last step that is kept"),
              Hyperparameter.flag("nesterov", "Nesterov's momentum")),
          Sgd::of);

  private static final float[] NONE = {};

  private final float momentum;
  private final boolean nesterov;
  private final float[] velocity;
  private float rate;

  private Sgd(OptimizerSettings settings, Topology topology, float[]... velocity) {
    super(settings, topology, velocity);
    this.momentum = (float) settings.value("momentum");
    this.nesterov = settings.value("nesterov") == 1;
    if (nesterov && momentum == 0) {
      throw new IllegalArgumentException("Invalid momentum: 0.0 (must be > 0 with --nesterov)");
    }
    this.velocity = velocity.length == 0 ? NONE : velocity[0];
  }

  /** Without momentum there is no velocity to keep, or to send to workers. */
  private static Sgd of(OptimizerSettings settings, Topology topology, Supplier<float[]> moment) {
    return settings.value("momentum") == 0
        ? new Sgd(settings, topology)
        : new Sgd(settings, topology, moment.get());
  }

  @Override
  void prepare(float rate, long step) {
    this.rate = rate;
  }

  @Override
  void update(float[] parameters, float[] gradient, int from, int to) {
    float momentum = this.momentum;
    float rate = this.rate;
    float[] velocity = this.velocity;
    if (momentum == 0) {
      for (int i = from; i < to; i++) {
        parameters[i] -= rate * gradient[i];
      }
    } else if (nesterov) {
      for (int i = from; i < to; i++) {
        float v = momentum * velocity[i] + gradient[i];
        velocity[i] = v;
        parameters[i] -= rate * (gradient[i] + momentum * v);
      }
    } else {
      for (int i = from; i < to; i++) {
        float v = momentum * velocity[i] + gradient[i];
        velocity[i] = v;
        parameters[i] -= rate * v;
      }
    }
  }
}
