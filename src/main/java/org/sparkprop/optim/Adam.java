package org.sparkprop.optim;

import java.util.List;
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
  static final UpdateRule RULE = new UpdateRule("adam", 0.001, 0, hyperparameters(1e-8), Adam::of);

  private final double beta1;
  private final double beta2;
  private final float epsilon;
  private final float[] mean;
  private final float[] square;
  private float stepSize;
  private float squareScale;

  private Adam(OptimizerSettings settings, Topology topology, float[] mean, float[] square) {
    super(settings, topology, mean, square);
    this.beta1 = settings.value("beta1");
    this.beta2 = settings.value("beta2");
    this.epsilon = (float) settings.value("epsilon");
    this.mean = mean;
    this.square = square;
  }

  /** What this rule and those that came from it can be told. */
  static List<Hyperparameter> hyperparameters(double epsilon) {
    return List.of(
        Hyperparameter.number("beta1", 0.9, 0.95, 0, 1, "decay of the mean of the gradient"),
        Hyperparameter.number("beta2", 0.999, 0.99, 0, 1, "decay of the mean of its square"),
        Hyperparameter.epsilon(epsilon, "added to the root, against 0 / 0"));
  }

  static Adam of(OptimizerSettings settings, Topology topology, Supplier<float[]> moment) {
    return new Adam(settings, topology, moment.get(), moment.get());
  }

  /** Corrections of the bias towards the zero start, once a step instead of once a parameter. */
  @Override
  void prepare(float rate, long step) {
    stepSize = (float) (rate / (1 - Math.pow(beta1, (double) step)));
    squareScale = (float) (1 / (1 - Math.pow(beta2, (double) step)));
  }

  @Override
  void update(float[] parameters, float[] gradient, int from, int to) {
    float keepMean = (float) beta1;
    float keepSquare = (float) beta2;
    float addMean = (float) (1 - beta1);
    float addSquare = (float) (1 - beta2);
    float stepSize = this.stepSize;
    float squareScale = this.squareScale;
    float epsilon = this.epsilon;
    float[] mean = this.mean;
    float[] square = this.square;
    for (int i = from; i < to; i++) {
      float g = gradient[i];
      float m = keepMean * mean[i] + addMean * g;
      float v = keepSquare * square[i] + addSquare * g * g;
      mean[i] = m;
      square[i] = v;
      parameters[i] -= stepSize * m / ((float) Math.sqrt(v * squareScale) + epsilon);
    }
  }
}
