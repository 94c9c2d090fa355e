package org.sparkprop.optim;

import java.util.List;

/**
 * An update rule at work on one array of parameters, with the moments it has gathered. Each element
 * is updated on its own, so that a step can be made in ranges, by several threads.
 */
public abstract class Optimizer {
  private final List<float[]> moments;
  private long steps;

  /**
   * @param moments what the rule keeps from step to step, each array as long as the parameters
   */
  Optimizer(float[]... moments) {
    this.moments = List.of(moments);
  }

  /** The moments themselves, not copies: with {@link #steps} all that a rule remembers. */
  public final List<float[]> moments() {
    return moments;
  }

  /** Steps begun so far. */
  public final long steps() {
    return steps;
  }

  /** Goes on as if so many steps had been made; the moments of that moment are the caller's. */
  public final void resumeAt(long steps) {
    this.steps = steps;
  }

  /**
   * One update of all parameters, in place.
   *
   * @param gradient the mean gradient, as long as the parameters
   * @param rate the learning rate of this step
   */
  public final void step(float[] parameters, float[] gradient, float rate, Parallel parallel) {
    step(parameters, gradient, (from, to) -> {}, rate, parallel);
  }

  /**
   * The same where the mean is still to be made: block by block, each while it is in the cache.
   *
   * @param gradient is worked on in place
   * @param mean makes a range of {@code gradient} the mean; runs once for each
   */
  public final void step(
      float[] parameters, float[] gradient, Parallel.Range mean, float rate, Parallel parallel) {
    steps++;
    prepare(rate, steps);
    parallel.forBlocks(
        parameters.length,
        (from, to) -> {
          mean.run(from, to);
          update(parameters, gradient, from, to);
        });
  }

  /**
   * Updates the parameters {@code from} to below {@code to}, in place.
   *
   * @param gradient the mean gradient, as long as the parameters
   */
  abstract void update(float[] parameters, float[] gradient, int from, int to);

  /**
   * What is the same for all elements of a step.
   *
   * @param step its number, from 1
   */
  abstract void prepare(float rate, long step);
}
