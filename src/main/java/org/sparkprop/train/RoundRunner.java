package org.sparkprop.train;

import java.util.List;
import org.sparkprop.data.ReductionTree.Node;

/** Where the sums of a round come from. */
interface RoundRunner {
  /**
   * What came back, and where the time went.
   *
   * @param nodes the nodes of all tasks, in any order
   * @param broadcastNanos until the state was on its way
   * @param jobNanos from there until the last sums were here
   * @param computeNanos of the task that computed longest
   */
  record Returned(List<Node<Sums>> nodes, long broadcastNanos, long jobNanos, long computeNanos) {}

  /** The sums of a round from this state. The bits depend on the arguments alone. */
  Returned run(TrainingState state, Round round);
}
