package org.sparkprop.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sparkprop.nn.Topology;
import org.sparkprop.optim.Lbfgs;
import org.sparkprop.optim.Optimizer;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.RunLength;

/**
 * All that training changes: the parameters, what the optimiser remembers, which is either an
 * {@link Optimizer} or {@link Lbfgs}, and its rate.
 */
final class TrainingState {
  private final float[] parameters;
  private final @Nullable Optimizer optimizer;
  private final @Nullable Lbfgs lbfgs;
  private final OptimizerSettings settings;
  private final RunLength run;
  private double rateFactor;

  /**
   * @param rateFactor what the learning rate is lowered by, past its schedule
   */
  TrainingState(
      float[] parameters,
      Optimizer optimizer,
      OptimizerSettings settings,
      RunLength run,
      double rateFactor) {
    this.parameters = parameters;
    this.optimizer = optimizer;
    this.lbfgs = null;
    this.settings = settings;
    this.run = run;
    this.rateFactor = rateFactor;
  }

  private TrainingState(
      float[] parameters, Lbfgs lbfgs, OptimizerSettings settings, RunLength run) {
    this.parameters = parameters;
    this.optimizer = null;
    this.lbfgs = lbfgs;
    this.settings = settings;
    this.run = run;
    this.rateFactor = 1;
  }

  /** A state before the first step. */
  static TrainingState start(
      float[] parameters, Topology topology, OptimizerSettings settings, RunLength run) {
    return settings.rule().isFullBatch()
        ? new TrainingState(parameters, settings.createLbfgs(), settings, run)
        : new TrainingState(parameters, settings.create(topology), settings, run, 1);
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

  /** These vectors, to be sent with what else tasks need to go on from here. */
  RoundState sent(float[]... vectors) {
    return new RoundState(vectors, steps(), rateFactor);
  }

  /** The learning rate of the last step. */
  double lastRate() {
    return rateAt(steps() - 1);
  }

  /** From now on, all rates are this times what the schedule says. */
  void scaleRate(double factor) {
    rateFactor = factor;
  }

  private double rateAt(long step) {
    return settings.rateAt(step, run) * rateFactor;
  }

  /** One step down the mean of the gradients that make up a batch. */
  void step(ReductionTree.Completion gradients, Team team) {
    float divisor = gradients.total().rows();
    float[] gradient = gradients.total().vectors()[0];
    optimizer()
        .step(
            parameters,
            gradient,
            (from, to) -> {
              gradients.addRange(0, from, to);
              gradients.total().divideRange(divisor, 0, from, to);
            },
            (float) rateAt(optimizer().steps()),
            team);
    gradients.giveBack();
  }
}
