package org.sparkprop.train;

import java.util.ArrayList;
import java.util.List;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.nn.Topology;
import org.sparkprop.optim.Lbfgs;
import org.sparkprop.optim.Minimizer;
import org.sparkprop.optim.Optimizer;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.RunLength;
import org.sparkprop.train.checkpoint.Checkpoint;

/** All that training changes: the parameters, the learning rate, and what the rule remembers. */
final class TrainingState {
  private final float[] parameters;
  private final Minimizer minimizer;
  private final OptimizerSettings settings;
  private final RunLength run;
  private double rateFactor;

  /**
   * @param rateFactor what the learning rate is lowered by, past its schedule
   */
  TrainingState(
      float[] parameters,
      Minimizer minimizer,
      OptimizerSettings settings,
      RunLength run,
      double rateFactor) {
    this.parameters = parameters;
    this.minimizer = minimizer;
    this.settings = settings;
    this.run = run;
    this.rateFactor = rateFactor;
  }

  /** A state before the first step. */
  static TrainingState start(
      float[] parameters, Topology topology, OptimizerSettings settings, RunLength run) {
    return new TrainingState(parameters, settings.minimizer(topology), settings, run, 1);
  }

  /**
   * The state that a checkpoint has kept.
   *
   * @param parameters become the state's own
   * @param remembered by the minimiser; become its own
   * @throws InvalidInputException if the rule remembers other vectors
   */
  static TrainingState resumed(
      float[] parameters,
      List<float[]> remembered,
      Checkpoint.Numbers numbers,
      Topology topology,
      OptimizerSettings settings,
      RunLength run) {
    Minimizer minimizer = settings.minimizer(topology);
    try {
      minimizer.resume(remembered, numbers.objective(), numbers.steps());
    } catch (IllegalArgumentException others) {
      throw new InvalidInputException(
          "Cannot resume: the checkpoint has %s, for %s"
              .formatted(others.getMessage(), settings.rule().word()),
          others);
    }
    return new TrainingState(parameters, minimizer, settings, run, numbers.rateFactor());
  }

  float[] parameters() {
    return parameters;
  }

  /** The minimiser, where the rule takes batches. */
  Optimizer optimizer() {
    return (Optimizer) minimizer;
  }

  /** The minimiser, where the rule takes all rows. */
  Lbfgs lbfgs() {
    return (Lbfgs) minimizer;
  }

  /** Steps of the optimiser, or iterations. */
  long steps() {
    return minimizer.steps();
  }

  /** What the learning rate is lowered by, past its schedule. */
  double rateFactor() {
    return rateFactor;
  }

  /** The objective as the optimiser last had it; NaN where it keeps none. */
  double objective() {
    return minimizer.objective();
  }

  /** The parameters, and the vectors that the optimiser remembers, themselves. */
  float[][] vectors() {
    List<float[]> vectors = new ArrayList<>();
    vectors.add(parameters);
    vectors.addAll(minimizer.vectors());
    return vectors.toArray(float[][]::new);
  }

  /** These vectors, to be sent with what else tasks need to go on from here. */
  RoundInput sent(float[]... vectors) {
    return new RoundInput(vectors, steps(), rateFactor);
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
  void step(Completion gradients, Team team) {
    if (gradients.total().weight() == 0) {
      optimizer().advance(1); // no row counts, so there is no mean
      gradients.release();
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
    gradients.release();
  }
}
