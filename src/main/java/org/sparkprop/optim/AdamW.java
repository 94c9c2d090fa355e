package org.sparkprop.optim;

/**
 * AdamW (Loshchilov and Hutter 2019, algorithm 2): {@link Adam}, and a decay that its moments do
 * not see, with PyTorch's defaults. The paper multiplies the decay by the schedule alone, PyTorch
 * and we by the whole rate:
 *
 * <pre>
 *   w -= rate · (m / (1 − beta1^t) / (sqrt(v / (1 − beta2^t)) + epsilon) + decay w)
 * </pre>
 *
 * What is Adam's own is {@link Adam}; the decay is every optimiser's ({@link Regularization}), and
 * here it is not 0 where none is given. Biases do not decay.
 */
final class AdamW {
  private static final double WEIGHT_DECAY = 0.01;

  static final UpdateRule RULE =
      new UpdateRule("adamw", 0.001, WEIGHT_DECAY, AdamMoments.hyperparameters(1e-8), Adam::of);

  private AdamW() {}
}
