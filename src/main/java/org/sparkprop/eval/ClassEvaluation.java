package org.sparkprop.eval;

import java.util.Map;

/**
 * What came out of one evaluation of a network that tells classes.
 *
 * @param ranking the areas with their errors, by rows
 */
record ClassEvaluation(
    ConfusionMatrix confusion,
    Map<Metric, Double> metrics,
    Map<Metric, Double> weightedMetrics,
    Ranking ranking)
    implements Evaluation {
  @Override
  public long rows() {
    return confusion.rows();
  }
}
