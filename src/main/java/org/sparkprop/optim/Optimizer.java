package org.sparkprop.optim;

import java.util.List;
import org.sparkprop.nn.Topology;

/**
 * An update rule at work on the parameters of one network, with the moments it has gathered, and
 * what regularises each step (in the order that {@link Regularization} tells). Where nothing needs
 * a number of all parameters, a step is one pass over them.
 */
public abstract non-sealed class Optimizer implements Minimizer {
  private final Clipping clipping;
  private final WeightPenalty penalty;
  private final MaxNorm maxNorm;
  private final List<float[]> moments;
  private long steps;

  /**
   * @param moments what the rule keeps from step to step, each array as long as the parameters
   */
  Optimizer(OptimizerSettings settings, Topology topology, float[]... moments) {
    this(settings, settings.regularization().weightDecay(), topology, moments);
  }

  /**
   * For a rule that sees to the weight decay, or to a part of it, itself.
   *
   * @param decay what is taken from the weights past the rule
   */
  Optimizer(OptimizerSettings settings, double decay, Topology topology, float[]... moments) {
    Regularization regularization = settings.regularization();
    if (!(decay * settings.learningRate() <= 1)) {
      throw new IllegalArgumentException(
          "Invalid weight decay: %s (must be <= 1 / the learning rate, %s: a step takes rate times decay of each weight)"
              .formatted(decay, 1 / settings.learningRate()));
    }
    this.clipping = new Clipping(regularization);
    this.penalty =
        new WeightPenalty(regularization.l1(), regularization.l2(), decay, new Tensors(topology));
    this.maxNorm = new MaxNorm(regularization.maxNorm(), topology);
    this.moments = List.of(moments);
  }

  /** The moments of its rule. */
  @Override
  public final List<float[]> vectors() {
    return moments;
  }

  @Override
  public final long steps() {
    return steps;
  }

  @Override
  public final double objective() {
    return Double.NaN;
  }

  @Override
  public final void resume(List<float[]> vectors, double objective, long steps) {
    if (vectors.size() != moments.size()) {
      throw new IllegalArgumentException(
          "%d vectors of the optimiser (must be %d)".formatted(vectors.size(), moments.size()));
    }
    for (int m = 0; m < moments.size(); m++) {
      System.arraycopy(vectors.get(m), 0, moments.get(m), 0, moments.get(m).length);
    }
    this.steps = steps;
  }

  /** Counts steps that were made elsewhere, or that no row has asked for. */
  public final void advance(long steps) {
    this.steps += steps;
  }

  /**
   * One update of all parameters, in place.
   *
   * @param gradient the mean gradient, as long as the parameters; overwritten
   * @param rate the learning rate of this step
   */
  public final void step(float[] parameters, float[] gradient, float rate, Parallel parallel) {
    step(parameters, gradient, (from, to) -> {}, rate, parallel);
  }

  /**
   * The same where the mean is still to be made: block by block, each while it is in the cache.
   *
   * @param mean makes a range of {@code gradient} the mean; runs once for each
   */
  public final void step(
      float[] parameters, float[] gradient, Parallel.Range mean, float rate, Parallel parallel) {
    steps++;
    prepare(rate, steps);
    Parallel.Range clipped = clipping.of(gradient, mean, parallel);
    parallel.forBlocks(
        parameters.length,
        (from, to) -> {
          clipped.run(from, to);
          penalty.apply(parameters, gradient, rate, from, to);
          update(parameters, gradient, from, to);
        });
    finish(parameters, gradient, parallel);
    maxNorm.apply(parameters, parallel);
  }

  /**
   * What is the same for all elements of a step.
   *
   * @param step its number, from 1
   */
  abstract void prepare(float rate, long step);

  /**
   * Updates the parameters {@code from} to below {@code to}, in place: a block, or the end of one.
   *
   * @param gradient the mean gradient, as long as the parameters, with penalties
   */
  abstract void update(float[] parameters, float[] gradient, int from, int to);

  /** After {@link #update} of all blocks: what a rule does that needs all of them. */
  void finish(float[] parameters, float[] gradient, Parallel parallel) {}
}
