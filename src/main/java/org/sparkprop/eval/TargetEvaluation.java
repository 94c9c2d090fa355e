package org.sparkprop.eval;

import java.util.List;
import java.util.Map;

/**
 * What came out of one evaluation of a network whose rows have numbers for targets.
 *
 * @param targets the figures of each target, by rows
 */
record TargetEvaluation(
    long rows,
    Map<Metric, Double> metrics,
    Map<Metric, Double> weightedMetrics,
    List<Target> targets)
    implements Evaluation {
  /**
   * One target.
   *
   * @param rmse in the target's unit; so is {@code mae}
   * @param r2 NaN if the target is the same in all rows
   */
  record Target(double rmse, double mae, double r2) {}
}
