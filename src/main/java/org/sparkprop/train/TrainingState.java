package org.sparkprop.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sparkprop.nn.Topology;
import org.sparkprop.optim.Lbfgs;
import org.sparkprop.optim.Optimizer;
import org.sparkprop.optim.OptimizerSettings;

/**
 * All that training changes: the parameters, and what the optimiser remembers, which is either an
 * {@link Optimizer} or {@link Lbfgs}.
 */
final class TrainingState {
  private final float[] parameters;
  private final @Nullable Optimizer optimizer;
  private final @Nullable Lbfgs lbfgs;
  private final float rate;

  TrainingState(float[] parameters, Optimizer optimizer, float rate) {
    this.parameters = parameters;
    this.optimizer = optimizer;
    this.lbfgs = null;
    this.rate = rate;
  }

  private TrainingState(float[] parameters, Lbfgs lbfgs, float rate) {
    this.parameters = parameters;
    this.optimizer = null;
    this.lbfgs = lbfgs;
    this.rate = rate;
  }

  /** A state before the first step. */
  static TrainingState start(float[] parameters, Topology topology, OptimizerSettings settings) {
    float rate = (float) settings.learningRate();
    return settings.rule().isFullBatch()
        ? new TrainingState(parameters, settings.createLbfgs(), rate)
        : new TrainingState(parameters, settings.create(topology), rate);
  }

  float[] parameters() {
    return parameters;
  }

  Optimizer optimizer() {
    return Objects.requireNonNull(optimizer);
  }

  Lbfgs lbfgs() {
    return Objects.requireNonNull(lbfgs);
  }

  /** Steps of the optimiser, or iterations. */
  long steps() {
    return lbfgs == null ? optimizer().steps() : lbfgs.iterations();
  }

  /** The parameters, and the vectors that the optimiser remembers, themselves. */
  float[][] vectors() {
    List<float[]> vectors = new ArrayList<>();
    vectors.add(parameters);
    vectors.addAll(lbfgs == null ? optimizer().moments() : lbfgs.vectors());
    return vectors.toArray(float[][]::new);
  }

  /** One step down the mean of the gradients that make up a batch. */
  void step(ReductionTree.Completion gradients, Team team) {
    if (gradients.total().weight() == 0) {
      optimizer().resumeAt(optimizer().steps() + 1); // no row counts, so there is no mean
      gradients.giveBack();
      return;
    }
    float divisor = (float) gradients.total().weight();
    float[] gradient = gradients.total().vectors()[0];
    optimizer()
        .step(
            parameters,
            gradient,
            (from, to) -> {
              gradients.addRange(0, from, to);
              gradients.total().divideRange(divisor, 0, from, to);
            },
            rate,
            team);
    gradients.giveBack();
  }
}
