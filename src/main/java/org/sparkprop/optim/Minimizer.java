package org.sparkprop.optim;

import java.util.List;

/**
 * Changes parameters so that a loss falls, and remembers from step to step what its rule needs: an
 * {@link Optimizer} is given one gradient a step, {@link Lbfgs} evaluates loss and gradient as
 * often as it likes.
 */
public sealed interface Minimizer permits Optimizer, Lbfgs {
  /** Number of steps so far. */
  long steps();

  /**
   * The vectors that it remembers, each as long as the parameters: themselves, not copies. With
   * {@link #steps} and {@link #objective} they are all that the next step depends on.
   */
  List<float[]> vectors();

  /** The objective after the last step; NaN where it is not remembered. */
  double objective();

  /**
   * Continues from what another one of the same settings remembered.
   *
   * @param vectors from {@link #vectors}; become this one's own
   * @throws IllegalArgumentException if there are more or fewer than its rule keeps
   */
  void resume(List<float[]> vectors, double objective, long steps);
}
