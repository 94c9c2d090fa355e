package org.sparkprop.eval;

import org.sparkprop.data.ShardTree;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Workspace;

/**
 * What is counted of the rows of a shard, or of several. Everything is counted twice where rows
 * have weights: each row alike, and by its weight.
 *
 * <p>Counts of rows are whole numbers. Losses, weights and moments are doubles, whose last bits
 * depend on the order in which they are added: rows in the order of their shard, shards along a
 * {@link ShardTree}.
 */
sealed interface Tally extends ShardTree.Count<Tally> permits ClassTally, LabelTally, TargetTally {
  /**
   * Counts the first rows of a slice after {@link Network#predictWithLoss}, with outputs and
   * targets in the unit of the targets.
   */
  void add(Workspace slice, int rows);

  /** Ends the shard, before tallies are added. */
  void finish();

  /** What comes out. */
  Evaluation evaluation(Network network);
}
