package org.sparkprop.optim;

import java.util.List;

/**
 * The running means of the gradient and of its square, from which {@link Adam} and the rules that
 * came from it make a direction:
 *
 * <pre>
 *   m = beta1 m + (1 − beta1) g          v = beta2 v + (1 − beta2) g²
 * </pre>
 */
final class AdamMoments {
  private final double beta1;
  private final double beta2;
  private final float epsilon;
  private final float[] mean;
  private final float[] square;
  private float squareScale;

  /**
   * @param mean m; worked on in place
   * @param square v; worked on in place
   */
  AdamMoments(OptimizerSettings settings, float[] mean, float[] square) {
    this.beta1 = settings.value("beta1");
    this.beta2 = settings.value("beta2");
    this.epsilon = (float) settings.value("epsilon");
    this.mean = mean;
    this.square = square;
  }

  /** What a rule with these moments can be told. */
  static List<Hyperparameter> hyperparameters(double epsilon) {
    return List.of(
        Hyperparameter.number("beta1", 0.9, 0.95, 0, 1, "decay of the mean of the gradient"),
        Hyperparameter.number("beta2", 0.999, 0.99, 0, 1, "decay of the mean of its square"),
        Hyperparameter.epsilon(epsilon, "added to the root, against 0 / 0"));
  }

  /** Corrects v for its start at zero, once a step instead of once a parameter. */
  void prepare(long step) {
    squareScale = (float) (1 / (1 - Math.pow(beta2, (double) step)));
  }

  /** What m is divided by for its start at zero: 1 − beta1^step. */
  double bias(long step) {
    return 1 - Math.pow(beta1, (double) step);
  }

  /** Takes a gradient in, and puts {@code scale · m / (sqrt(v̂) + epsilon)} in its place. */
  void turn(float[] gradient, float scale, int from, int to) {
    turn(gradient, scale, 0, from, to);
  }

  /** The same with {@code (scale · m + ofGradient · g) / (sqrt(v̂) + epsilon)}. */
  void turn(float[] gradient, float scale, float ofGradient, int from, int to) {
    float keepMean = (float) beta1;
    float keepSquare = (float) beta2;
    float addMean = (float) (1 - beta1);
    float addSquare = (float) (1 - beta2);
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
      gradient[i] = (scale * m + ofGradient * g) / ((float) Math.sqrt(v * squareScale) + epsilon);
    }
  }
}
