package org.sparkprop.train;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.ReductionTree.Node;
import org.sparkprop.data.Shard;
import org.sparkprop.nn.Topology;
import org.sparkprop.optim.GrowingSample;
import org.sparkprop.optim.Lbfgs;
import org.sparkprop.optim.Objective;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.PenalizedObjective;

/**
 * L-BFGS: an epoch is an iteration, and each place that it evaluates is a round over all rows, or
 * over the sample of them that the epoch sees. The tasks do what they do for a batch.
 */
final class FullBatch implements Algorithm {
  /** The same slices in each epoch, so that a place has one loss and one gradient, to the bit. */
  private static final Round FIRST_BATCH = new Round(1, 0, 1);

  private final GrowingSample sample;

  /** By how often the sample has still to double; the first takes all rows. */
  private final List<GradientAveraging> batches;

  private final Topology topology;
  private final double l2;

  /**
   * @param settings their L2 is added to the mean loss
   */
  FullBatch(
      int[] rowsOfShard, int sliceSize, long seed, Topology topology, OptimizerSettings settings) {
    this.sample = GrowingSample.of(settings);
    this.batches = new ArrayList<>();
    long rows = IntStream.of(rowsOfShard).asLongStream().sum();
    for (int left = 0; left <= sample.doublings(); left++) {
      batches.add(
          new GradientAveraging(new BatchSchedule(rowsOfShard, rows >> left, sliceSize, seed)));
    }
    this.topology = topology;
    this.l2 = settings.regularization().l2();
  }

  @Override
  public long stepsPerEpoch() {
    return 1;
  }

  @Override
  public RoundInput sent(TrainingState state) {
    return batches.get(0).sent(state);
  }

  @Override
  public int[] shardsOf(Round round) {
    return batch(round).shardsOf(FIRST_BATCH);
  }

  @Override
  public long rowsOf(Round round) {
    return batch(round).rowsOf(FIRST_BATCH);
  }

  @Override
  public List<Node<Sums>> sums(
      TaskSetup setup, RoundInput sent, Round round, Iterator<Shard> shards, Team team) {
    return batch(round).sums(setup, sent, FIRST_BATCH, shards, team);
  }

  private GradientAveraging batch(Round round) {
    return batches.get(sample.doublingsLeft(round.epoch()));
  }

  /**
   * One iteration, in place. The state is whole before it and after it, but not between its rounds:
   * a search tries places that are none of its steps.
   *
   * @param epoch from 1
   * @param done whether the iteration was made already, by a run that failed after its last round
   */
  Iteration iterate(TrainingState state, int epoch, boolean done, Oracle oracle, Team team) {
    Lbfgs lbfgs = state.lbfgs();
    PenalizedObjective objective =
        new PenalizedObjective(
            new MeanLoss(oracle, new Round(epoch, 0, 1), team), l2, topology, team);
    if (done) {
      return new Iteration(lbfgs.objective() - objective.penalty(state.parameters()), null);
    }
    if (sample.growsBefore(epoch)) {
      lbfgs.objectiveChanges();
    }
    Lbfgs.Status progress = lbfgs.iterate(objective, state.parameters(), team);
    if (!Double.isFinite(lbfgs.objective()) && lbfgs.steps() == 0) {
      throw new InvalidInputException(
          "Cannot train: the loss of the first weights, or its gradient, is %s (must be finite; give another --init, or look for rows with huge features)"
              .formatted(lbfgs.objective()));
    }
    double loss = lbfgs.objective() - objective.penalty(state.parameters());
    // With more rows, there is more to be learnt.
    boolean isEnd = progress.isEnd() && sample.doublingsLeft(epoch) == 0;
    return new Iteration(loss, isEnd ? progress.meaning() : null);
  }

  /**
   * What an iteration has come to.
   *
   * @param loss of a row, the mean
   * @param end why another would change nothing; null if it may
   */
  record Iteration(double loss, @Nullable String end) {}

  /** Evaluates loss and gradient of the state as it then is: a round a time. */
  interface Oracle {
    /**
     * The sums of a round, whose loss need not be finite.
     *
     * @param use is given them with their vectors, which it gives back
     * @return the same without vectors
     */
    Sums sums(Round round, Consumer<Completion> use);

    /** Whether something has ended the run, so that no further round is to begin. */
    boolean isOver();
  }

  /** The mean over the rows of the epoch; the parameters to evaluate are those of the state. */
  private record MeanLoss(Oracle oracle, Round round, Team team) implements Objective {
    @Override
    public double evaluate(float[] parameters, float[] gradient) {
      Sums all = oracle.sums(round, sums -> mean(sums, gradient));
      if (all.weight() == 0) {
        throw new InvalidInputException(
            "Cannot train: the first %,d rows have no weight (some must; see --weight, --class-weights and --sample-doublings)"
                .formatted(all.rows()));
      }
      return all.loss() / all.weight();
    }

    @Override
    public boolean isOver() {
      return oracle.isOver();
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
      sums.release();
    }
  }
}
