package org.sparkprop.train;

import java.util.ArrayList;
import java.util.List;
import org.sparkprop.nn.Topology;
import org.sparkprop.optim.Optimizer;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.RunLength;

/** All that training changes: the parameters, what the optimiser remembers, and its rate. */
final class TrainingState {
  private final float[] parameters;
  private final Optimizer optimizer;
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
    this.settings = settings;
    this.run = run;
    this.rateFactor = rateFactor;
  }

  /** A state before the first step. */
  static TrainingState start(
      float[] parameters, Topology topology, OptimizerSettings settings, RunLength run) {
    return new TrainingState(parameters, settings.create(topology), settings, run, 1);
  }

  float[] parameters() {
    return parameters;
  }

  Optimizer optimizer() {
    return optimizer;
  }

  /** The parameters and the moments themselves. */
  float[][] vectors() {
    List<float[]> vectors = new ArrayList<>();
    vectors.add(parameters);
    vectors.addAll(optimizer.moments());
    return vectors.toArray(float[][]::new);
  }

  /** These vectors, to be sent with what else tasks need to go on from here. */
  RoundState sent(float[]... vectors) {
    return new RoundState(vectors, optimizer.steps(), rateFactor);
  }

  /** The learning rate of the last step. */
  double lastRate() {
    return rateAt(optimizer.steps() - 1);
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
    optimizer.step(
        parameters,
        gradient,
        (from, to) -> {
          gradients.addRange(0, from, to);
          gradients.total().divideRange(divisor, 0, from, to);
        },
        (float) rateAt(optimizer.steps()),
        team);
    gradients.giveBack();
  }
}
