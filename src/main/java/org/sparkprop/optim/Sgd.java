package org.sparkprop.optim;

import java.util.List;

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
final class Sgd implements Optimizer {
  static final UpdateRule RULE =
      new UpdateRule(
          "sgd",
          0.1,
          List.of(
              Hyperparameter.number("momentum", 0.9, 0, 1, "part of the last step that is kept"),
              Hyperparameter.flag("nesterov", "Nesterov's momentum")),
          Sgd::new);

  private final float momentum;
  private final boolean nesterov;
  private final float[] velocity;

  private Sgd(OptimizerSettings settings, int parameterCount) {
    this.momentum = (float) settings.value("momentum");
    this.nesterov = settings.value("nesterov") == 1;
    if (nesterov && momentum == 0) {
      throw new IllegalArgumentException("Invalid momentum: 0.0 (must be > 0 with --nesterov)");
    }
    this.velocity = new float[parameterCount];
  }

  @Override
  public void step(float[] parameters, float[] gradient, float rate) {
    float momentum = this.momentum;
    float[] velocity = this.velocity;
    if (nesterov) {
      for (int i = 0; i < parameters.length; i++) {
        float v = momentum * velocity[i] + gradient[i];
        velocity[i] = v;
        parameters[i] -= rate * (gradient[i] + momentum * v);
      }
    } else {
      for (int i = 0; i < parameters.length; i++) {
        float v = momentum * velocity[i] + gradient[i];
        velocity[i] = v;
        parameters[i] -= rate * v;
      }
    }
  }
}
