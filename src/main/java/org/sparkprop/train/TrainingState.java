package org.sparkprop.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.InvalidInputException;
import org.sparkprop.nn.Topology;
import org.sparkprop.optim.Lbfgs;
import org.sparkprop.optim.Optimizer;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.RunLength;

/**
 * All that training changes: the parameters, the learning rate, and what the optimiser remembers,
 * which is either an {@link Optimizer} or {@link Lbfgs}.
 */
final class TrainingState {
  private final float[] parameters;
  private final @Nullable Optimizer optimizer;
  private final @Nullable Lbfgs lbfgs;
  private final OptimizerSettings settings;
  private final RunLength run;
  private double rateFactor;

  private TrainingState(
      float[] parameters,
      @Nullable Optimizer optimizer,
      @Nullable Lbfgs lbfgs,
      OptimizerSettings settings,
      RunLength run,
      double rateFactor) {
    this.parameters = parameters;
    this.optimizer = optimizer;
    this.lbfgs = lbfgs;
    this.settings = settings;
    this.run = run;
    this.rateFactor = rateFactor;
  }

  /**
   * @param rateFactor what the learning rate is lowered by, past its schedule
   */
  TrainingState(
      float[] parameters,
      Optimizer optimizer,
      OptimizerSettings settings,
      RunLength run,
      double rateFactor) {
    this(parameters, optimizer, null, settings, run, rateFactor);
  }

  /** A state before the first step. */
  static TrainingState start(
      float[] parameters, Topology topology, OptimizerSettings settings, RunLength run) {
    return settings.rule().isFullBatch()
        ? new TrainingState(parameters, null, settings.createLbfgs(topology), settings, run, 1)
        : new TrainingState(parameters, settings.create(topology), settings, run, 1);
  }

  /**
   * The state that a checkpoint has kept.
   *
   * @param parameters become the state's own
   * @param remembered by the optimiser; becomes the state's own
   * @throws InvalidInputException if the optimiser remembers other vectors
   */
  static TrainingState resumed(
      float[] parameters,
      List<float[]> remembered,
      Checkpoint.Numbers numbers,
      Topology topology,
      OptimizerSettings settings,
      RunLength run) {
    TrainingState state = start(parameters, topology, settings, run);
    state.rateFactor = numbers.rateFactor();
    if (state.lbfgs != null) {
      state.lbfgs.resumeAt(remembered, numbers.objective(), numbers.steps());
      return state;
    }
    List<float[]> moments = state.optimizer().moments();
    if (moments.size() != remembered.size()) {
      throw new InvalidInputException(
          "Cannot resume: the checkpoint has %d vectors of the optimiser (must be %d, for %s)"
              .formatted(remembered.size(), moments.size(), settings.rule().word()));
    }
    for (int m = 0; m < moments.size(); m++) {
      System.arraycopy(remembered.get(m), 0, moments.get(m), 0, moments.get(m).length);
    }
    state.optimizer().resumeAt(numbers.steps());
    return state;
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

  /** What the learning rate is lowered by, past its schedule. */
  double rateFactor() {
    return rateFactor;
  }

  /** The objective as the optimiser last had it; NaN where it keeps none. */
  double objective() {
    return lbfgs == null ? Double.NaN : lbfgs.loss();
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
    return rateAt(Math.max(0, steps() - 1));
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
            (float) rateAt(optimizer().steps()),
            team);
    gradients.giveBack();
  }
}
