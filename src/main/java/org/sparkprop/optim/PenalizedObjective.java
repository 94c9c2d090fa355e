package org.sparkprop.optim;

import org.sparkprop.nn.Topology;

/** A loss, and l2 / 2 |w|² over all weights, never biases. */
public final class PenalizedObjective implements Objective {
  private final Objective loss;
  private final double l2;
  private final Tensors tensors;
  private final WeightPenalty penalty;
  private final Parallel parallel;

  /**
   * @param l2 0 for the loss alone
   */
  public PenalizedObjective(Objective loss, double l2, Topology topology, Parallel parallel) {
    this.loss = loss;
    this.l2 = l2;
    this.tensors = new Tensors(topology);
    this.penalty = new WeightPenalty(0, l2, 0, tensors);
    this.parallel = parallel;
  }

  @Override
  public double evaluate(float[] parameters, float[] gradient) {
    double value = loss.evaluate(parameters, gradient);
    parallel.forBlocks(
        parameters.length, (from, to) -> penalty.apply(parameters, gradient, 0, from, to));
    return value + penalty(parameters);
  }

  @Override
  public boolean isOver() {
    return loss.isOver();
  }

  /** What is added to the loss. */
  public double penalty(float[] parameters) {
    return l2 == 0 ? 0 : l2 / 2 * parallel.sum(parameters.length, squares(parameters));
  }

  private Parallel.Addend squares(float[] parameters) {
    return (from, to) -> {
      double[] sum = new double[1];
      tensors.forParts(
          from,
          to,
          (tensor, at, end) -> {
            if (tensors.isWeights(tensor)) {
              sum[0] += Vectors.sumOfSquares(parameters, at, end);
            }
          });
      return sum[0];
    };
  }
}
