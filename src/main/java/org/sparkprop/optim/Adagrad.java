package org.sparkprop.optim;

import java.util.List;
import java.util.function.Supplier;
import org.sparkprop.nn.Topology;

/**
 * AdaGrad (Duchi et al. 2011, with the diagonal of figure 1), with PyTorch's defaults:
 *
 * <pre>
 *   s += g²
 *   parameters -= rate · g / (sqrt(s) + epsilon)
 * </pre>
 */
final class Adagrad extends Optimizer {
  static final UpdateRule RULE =
      new UpdateRule(
          "adagrad",
          0.01,
          0,
          List.of(Hyperparameter.epsilon(1e-10, "added to the root, against 0 / 0")),
          Adagrad::of);

  private final float epsilon;
  private final float[] squares;
  private float rate;

  private Adagrad(OptimizerSettings settings, Topology topology, float[] squares) {
    super(settings, topology, squares);
    this.epsilon = (float) settings.value("epsilon");
    this.squares = squares;
  }

  private static Adagrad of(
      OptimizerSettings settings, Topology topology, Supplier<float[]> moment) {
    return new Adagrad(settings, topology, moment.get());
  }

  @Override
  void prepare(float rate, long step) {
    this.rate = rate;
  }

  @Override
  void update(float[] parameters, float[] gradient, int from, int to) {
    float rate = this.rate;
    float epsilon = this.epsilon;
    float[] squares = this.squares;
    for (int i = from; i < to; i++) {
      float g = gradient[i];
      float s = squares[i] + g * g;
      squares[i] = s;
      parameters[i] -= rate * g / ((float) Math.sqrt(s) + epsilon);
    }
  }
}
