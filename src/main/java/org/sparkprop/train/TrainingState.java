package org.sparkprop.train;

import java.util.ArrayList;
import java.util.List;
import org.sparkprop.nn.Topology;
import org.sparkprop.optim.Optimizer;
import org.sparkprop.optim.OptimizerSettings;

/** All that training changes: the parameters, and what the optimiser remembers. */
final class TrainingState {
  private final float[] parameters;
  private final Optimizer optimizer;
  private final float rate;

  TrainingState(float[] parameters, Optimizer optimizer, float rate) {
    this.parameters = parameters;
    this.optimizer = optimizer;
    this.rate = rate;
  }

  /** A state before the first step. */
  static TrainingState start(float[] parameters, Topology topology, OptimizerSettings optimizer) {
    return new TrainingState(
        parameters, optimizer.create(topology), (float) optimizer.learningRate());
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

  /** One step down the mean of the gradients that make up a batch. */
  void step(ReductionTree.Completion gradients, Team team) {
    if (gradients.total().weight() == 0) {
      optimizer.resumeAt(optimizer.steps() + 1); // no row counts, so there is no mean
      gradients.giveBack();
      return;
    }
    float divisor = (float) gradients.total().weight();
    float[] gradient = gradients.total().vectors()[0];
    optimizer.step(
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
