package org.sparkprop.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.sparkprop.nn.Topology;

/**
 * Nadam (Dozat 2016), {@link Adam} with Nesterov's momentum, whose decay grows towards beta1, with
 * PyTorch's defaults:
 *
 * <pre>
 *   mu(t) = beta1 (1 − 0.96^(t · momentum-decay) / 2)       p(t) = mu(1) · … · mu(t)
 *   parameters -= rate · (mu(t + 1) m / (1 − p(t + 1)) + (1 − mu(t)) g / (1 − p(t)))
 *                 / (sqrt(v / (1 − beta2^t)) + epsilon)
 * </pre>
 */
final class Nadam extends Optimizer {
  private static final String MOMENTUM_DECAY = "momentum-decay";

  static final UpdateRule RULE = new UpdateRule("nadam", 0.002, 0, hyperparameters(), Nadam::of);

  /** Less than half the last bit of a double near 1. */
  private static final double NOTHING = 0x1p-60;

  private final AdamMoments moments;
  private final double beta1;
  private final double momentumDecay;

  /** The product of the momenta up to a step. */
  private double product = 1;

  private long stepOfProduct;
  private float ofMean;
  private float ofGradient;

  private Nadam(OptimizerSettings settings, Topology topology, float[] mean, float[] square) {
    super(settings, topology, mean, square);
    this.moments = new AdamMoments(settings, mean, square);
    this.beta1 = settings.value("beta1");
    this.momentumDecay = settings.value(MOMENTUM_DECAY);
  }

  private static List<Hyperparameter> hyperparameters() {
    List<Hyperparameter> all = new ArrayList<>(AdamMoments.hyperparameters(1e-8));
    all.add(
        Hyperparameter.number(
            MOMENTUM_DECAY, 0.004, 0.01, 0, 1, "how soon the momentum grows to beta1"));
    return List.copyOf(all);
  }

  private static Nadam of(OptimizerSettings settings, Topology topology, Supplier<float[]> moment) {
    return new Nadam(settings, topology, moment.get(), moment.get());
  }

  private double momentum(long step) {
    return beta1 * (1 - 0.5 * Math.pow(0.96, step * momentumDecay));
  }

  /**
   * The product of all momenta is that of the step before times one more, if that was made here.
   * From some hundred steps on, 1 less the product is 1 to the last bit.
   */
  @Override
  void prepare(float rate, long step) {
    if (stepOfProduct != step - 1) {
      product = 1;
      stepOfProduct = 0;
    }
    while (stepOfProduct < step && product > NOTHING) {
      product *= momentum(++stepOfProduct);
    }
    stepOfProduct = step;
    double next = momentum(step + 1);
    ofMean = (float) (rate * next / (1 - product * next));
    ofGradient = (float) (rate * (1 - momentum(step)) / (1 - product));
    moments.prepare(step);
  }

  @Override
  void update(float[] parameters, float[] gradient, int from, int to) {
    moments.turn(gradient, ofMean, ofGradient, from, to);
    for (int i = from; i < to; i++) {
      parameters[i] -= gradient[i];
    }
  }
}
