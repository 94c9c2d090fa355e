package org.sparkprop.eval;

import java.util.Map;

/** What came out of one evaluation job. */
public sealed interface Evaluation permits ClassEvaluation, LabelEvaluation, TargetEvaluation {
  /** Number of rows. */
  long rows();

  /**
   * The figures of the network's task, each row alike, in the order of {@link Metric}. One that
   * there is nothing to take of is missing; so are areas that were not asked for.
   */
  Map<Metric, Double> metrics();

  /** The same figures by the rows' weights; empty where rows have none. */
  Map<Metric, Double> weightedMetrics();

  /** The mean loss as training makes it small: by weight, where rows have weights. */
  default double loss() {
    Map<Metric, Double> figures = weightedMetrics().isEmpty() ? metrics() : weightedMetrics();
    return figures.getOrDefault(Metric.LOSS, Double.NaN);
  }
}
