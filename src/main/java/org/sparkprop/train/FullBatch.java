package org.sparkprop.train;

import java.util.Iterator;
import java.util.List;
import org.sparkprop.data.InvalidInputException;
import org.sparkprop.data.Shard;
import org.sparkprop.nn.DenseLayer;
import org.sparkprop.nn.Topology;
import org.sparkprop.optim.Lbfgs;
import org.sparkprop.optim.Objective;
import org.sparkprop.train.ReductionTree.Completion;
import org.sparkprop.train.ReductionTree.Node;

/**
 * L-BFGS: an epoch is an iteration, and each place that it evaluates is a round over all rows. The
 * tasks do what they do for a batch.
 */
final class FullBatch implements Algorithm {
  /** The same slices in each epoch, so that a place has one loss and one gradient, to the bit. */
  private static final Round ALL_ROWS = new Round(1, 0, 1);

  private final GradientAveraging batch;
  private final Topology topology;
  private final double l2;

  /**
   * @param schedule with all rows in one batch
   * @param l2 half of it times the square of each weight is added to the mean loss
   */
  FullBatch(Schedule schedule, Topology topology, double l2) {
    this.batch = new GradientAveraging(schedule);
    this.topology = topology;
    this.l2 = l2;
  }

  /** An iteration counts as one. */
  @Override
  public long stepsPerEpoch() {
    return 1;
  }

  @Override
  public RoundState sent(TrainingState state) {
    return batch.sent(state);
  }

  @Override
  public int[] shardsOf(Round round) {
    return batch.shardsOf(round);
  }

  @Override
  public List<Node> sums(
      TaskSetup setup, RoundState sent, Round round, Iterator<Shard> shards, Team team) {
    return batch.sums(setup, sent, round, shards, team);
  }

  @Override
  public Epoch run(TrainingState state, int epoch, Runner runner, Team team) {
    Lbfgs lbfgs = state.lbfgs();
    Objective objective = new PenalizedLoss(runner, team);
    Lbfgs.Progress progress = lbfgs.iterate(objective, state.parameters(), team);
    if (!Double.isFinite(lbfgs.loss())) {
      throw new InvalidInputException(
          "Cannot train: the loss of the first weights is %s (must be finite; give another --init)"
              .formatted(lbfgs.loss()));
    }
    double loss = lbfgs.loss() - penalty(state.parameters());
    return new Epoch(loss, progress.isEnd() ? progress.meaning() : null);
  }

  /** l2 / 2 Σ w² over the weights, biases left out. */
  private double penalty(float[] parameters) {
    double squares = 0;
    for (DenseLayer layer : topology.layers()) {
      for (int i = layer.weightsAt(); l2 > 0 && i < layer.biasesAt(); i++) {
        squares += (double) parameters[i] * parameters[i];
      }
    }
    return 0.5 * l2 * squares;
  }

  private void addPenaltyGradient(float[] parameters, float[] gradient) {
    for (DenseLayer layer : topology.layers()) {
      for (int i = layer.weightsAt(); l2 > 0 && i < layer.biasesAt(); i++) {
        gradient[i] += (float) (l2 * parameters[i]);
      }
    }
  }

  /** The mean over all rows, and the penalty; what is evaluated are the parameters of the state. */
  private final class PenalizedLoss implements Objective {
    private final Runner runner;
    private final Team team;

    PenalizedLoss(Runner runner, Team team) {
      this.runner = runner;
      this.team = team;
    }

    @Override
    public double evaluate(float[] parameters, float[] gradient) {
      Sums all = runner.attempt(ALL_ROWS, sums -> mean(sums, gradient));
      addPenaltyGradient(parameters, gradient);
      return all.loss() / all.weight() + penalty(parameters);
    }

    private void mean(Completion sums, float[] gradient) {
      float divisor = (float) sums.total().weight();
      float[] total = sums.total().vectors()[0];
      team.forBlocks(
          gradient.length,
          (from, to) -> {
            sums.addRange(0, from, to);
            sums.total().divideRange(divisor, 0, from, to);
            System.arraycopy(total, from, gradient, from, to - from);
          });
      sums.giveBack();
    }
  }
}
