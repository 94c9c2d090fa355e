package org.sparkprop.train;

/**
 * What was measured in one round.
 *
 * @param epoch from 1
 * @param rows rows of this epoch that have been used so far
 * @param loss mean loss of the rows of this round; where they weigh nothing, the last that is
 *     known, and 0 before there is any
 * @param learningRate of its last step
 */
public record RoundRecord(int epoch, long rows, double loss, double learningRate, Times times) {
  /**
   * Where the seconds of a round went.
   *
   * @param broadcast until the state was on its way to the executors; 0 where they are in this JVM
   * @param compute of the task that computed longest
   * @param collect Spark's scheduling, and the way of the sums to the driver
   * @param update the rest of the reduction, and the step
   */
  public record Times(double broadcast, double compute, double collect, double update) {
    static Times of(RoundRunner.Returned returned, long updateNanos) {
      return new Times(
          returned.broadcastNanos() / 1e9,
          returned.computeNanos() / 1e9,
          Math.max(0, returned.jobNanos() - returned.computeNanos()) / 1e9,
          updateNanos / 1e9);
    }

    /** The whole round. */
    public double total() {
      return broadcast + compute + collect + update;
    }
  }
}
