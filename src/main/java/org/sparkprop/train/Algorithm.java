package org.sparkprop.train;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.sparkprop.data.ReductionTree.Node;
import org.sparkprop.data.Shard;

/**
 * What the rounds of a run do: each in one class, the part of the tasks beside the part of the
 * driver.
 */
sealed interface Algorithm extends Serializable permits ScheduledAlgorithm, FullBatch {
  /** Steps of the optimiser in an epoch. */
  long stepsPerEpoch();

  /** What the tasks of a round need of the state. */
  RoundInput sent(TrainingState state);

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
  List<Node<Sums>> sums(
      TaskSetup setup, RoundInput sent, Round round, Iterator<Shard> shards, Team team);
}
