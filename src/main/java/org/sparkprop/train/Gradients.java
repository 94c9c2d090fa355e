package org.sparkprop.train;

/** Where the sums of a round come from. */
interface Gradients {
  /**
   * The sums over the rows of a batch of the gradients and losses at {@code parameters}. The bits
   * depend on the arguments alone.
   */
  GradientSums sum(float[] parameters, Batch batch);
}
