package org.sparkprop.train;

import java.util.Iterator;
import java.util.List;
import org.sparkprop.data.InvalidInputException;
import org.sparkprop.data.Shard;
import org.sparkprop.nn.Topology;
import org.sparkprop.optim.Lbfgs;
import org.sparkprop.optim.Objective;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.PenalizedObjective;
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
   * @param settings their L2 is added to the mean loss
   */
  FullBatch(Schedule schedule, Topology topology, OptimizerSettings settings) {
    this.batch = new GradientAveraging(schedule);
    this.topology = topology;
    this.l2 = settings.regularization().l2();
  }

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
  public Epoch run(TrainingState state, Runner runner, Team team) {
    Lbfgs lbfgs = state.lbfgs();
    PenalizedObjective objective =
        new PenalizedObjective(new MeanLoss(runner, team), l2, topology, team);
    Lbfgs.Progress progress = lbfgs.iterate(objective, state.parameters(), team);
    if (!Double.isFinite(lbfgs.loss())) {
      throw new InvalidInputException(
          "Cannot train: the loss of the first weights is %s (must be finite; give another --init)"
              .formatted(lbfgs.loss()));
    }
    double loss = lbfgs.loss() - objective.penalty(state.parameters());
    return new Epoch(loss, progress.isEnd() ? progress.meaning() : null);
  }

  /** The mean over all rows; the parameters to evaluate are those of the state. */
  private record MeanLoss(Runner runner, Team team) implements Objective {
    @Override
    public double evaluate(float[] parameters, float[] gradient) {
      Sums all = runner.attempt(ALL_ROWS, sums -> mean(sums, gradient));
      return all.loss() / all.weight();
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
