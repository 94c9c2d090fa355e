package org.sparkprop.train;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.Shard;
import org.sparkprop.train.ReductionTree.Completion;
import org.sparkprop.train.ReductionTree.Node;

/**
 * What the rounds of a run do: each in one class, the part of the tasks beside the part of the
 * driver.
 */
sealed interface Algorithm extends Serializable permits ScheduledAlgorithm, FullBatch {
  /**
   * On the driver: runs the rounds of an epoch that are still to come, and updates the state in
   * place.
   */
  Epoch run(TrainingState state, Runner runner, Team team);

  /** Runs rounds of one epoch, each from the state as it then is. */
  interface Runner {
    /** The epoch, from 1. */
    int epoch();

    /** Rounds of this epoch that are done, be it before the run was resumed. */
    long done();

    /** Of a row, the mean over the rounds of this epoch. */
    double loss();

    /**
     * Runs a round whose loss must be finite.
     *
     * @param update is given the sums, whose vectors it gives back
     */
    void run(Round round, Consumer<Completion> update);

    /**
     * The same for a round that only looks at a place, which may be one without a finite loss.
     *
     * @return the sums, without vectors
     */
    Sums attempt(Round round, Consumer<Completion> update);

    /** Whether something has ended the run, so that no further round is to begin. */
    boolean isOver();
  }

  /**
   * What an epoch has come to.
   *
   * @param loss of a row, the mean
   * @param end why another epoch would change nothing; null if it may
   */
  record Epoch(double loss, @Nullable String end) {}

  /**
   * Whether the state between any two rounds of an epoch is one that a run can go on from; else
   * only that before an epoch's first round is, and that after its last.
   */
  boolean isWholeBetweenRounds();

  /** Steps of the optimiser in an epoch. */
  long stepsPerEpoch();

  /** What the tasks of a round need of the state. */
  RoundState sent(TrainingState state);

  /** The shards that a round reads, or some of them in each partition that has any. */
  int[] shardsOf(Round round);

  /** Rows that a round uses. */
  long rowsOf(Round round);

  /**
   * In a task: the sums of a partition's share of the round, as the nodes that cover it.
   *
   * @param sent from {@link #sent}; shared, and not written to
   * @param shards of one partition, ascending
   */
  List<Node> sums(TaskSetup setup, RoundState sent, Round round, Iterator<Shard> shards, Team team);
}
