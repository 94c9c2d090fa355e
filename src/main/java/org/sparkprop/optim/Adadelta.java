package org.sparkprop.optim;

import java.util.List;
import java.util.function.Supplier;
import org.sparkprop.nn.Topology;

/**
 * ADADELTA (Zeiler 2012, algorithm 1), with PyTorch's rate and defaults:
 *
 * <pre>
 *   v = rho v + (1 − rho) g²
 *   d = g · sqrt(u + epsilon) / sqrt(v + epsilon)
 *   u = rho u + (1 − rho) d²
 *   parameters -= rate · d
 * </pre>
 */
final class Adadelta extends Optimizer {
  static final UpdateRule RULE =
      new UpdateRule(
          "adadelta",
          1,
          0,
          List.of(
              Hyperparameter.number(
                  "rho",
                  0.9,
                  0.95,
                  0,
                  1,
                  "decay of the means of squares, of gradients and of steps"),
              Hyperparameter.epsilon(1e-6, "added under both roots, which starts the first step")),
          Adadelta::of);

  private final double rho;
  private final float epsilon;
  private final float[] gradientSquare;
  private final float[] stepSquare;
  private float rate;

  private Adadelta(
      OptimizerSettings settings, Topology topology, float[] gradientSquare, float[] stepSquare) {
    super(settings, topology, gradientSquare, stepSquare);
    this.rho = settings.value("rho");
    this.epsilon = (float) settings.value("epsilon");
    this.gradientSquare = gradientSquare;
    this.stepSquare = stepSquare;
  }

  private static Adadelta of(
      OptimizerSettings settings, Topology topology, Supplier<float[]> moment) {
    return new Adadelta(settings, topology, moment.get(), moment.get());
  }

  @Override
  void prepare(float rate, long step) {
    this.rate = rate;
  }

  @Override
  void update(float[] parameters, float[] gradient, int from, int to) {
    float keep = (float) rho;
    float add = (float) (1 - rho);
    float rate = this.rate;
    float epsilon = this.epsilon;
    float[] gradientSquare = this.gradientSquare;
    float[] stepSquare = this.stepSquare;
    for (int i = from; i < to; i++) {
      float g = gradient[i];
      float v = keep * gradientSquare[i] + add * g * g;
      float u = stepSquare[i];
      float d = g * (float) Math.sqrt(u + epsilon) / (float) Math.sqrt(v + epsilon);
      gradientSquare[i] = v;
      stepSquare[i] = keep * u + add * d * d;
      parameters[i] -= rate * d;
    }
  }
}
