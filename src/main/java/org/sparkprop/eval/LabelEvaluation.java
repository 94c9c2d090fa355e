package org.sparkprop.eval;

import java.util.List;
import java.util.Map;

/**
 * What came out of one evaluation of a network whose rows have any of the labels.
 *
 * @param exact rows with exactly the labels that were predicted
 * @param ranking the mean areas with their errors, by rows
 * @param labels the figures of each label, by rows
 */
record LabelEvaluation(
    long rows,
    long exact,
    Map<Metric, Double> metrics,
    Map<Metric, Double> weightedMetrics,
    Ranking ranking,
    List<Label> labels)
    implements Evaluation {
  /** One label; {@code rows} are those that have it. Shares of nothing are NaN. */
  record Label(long rows, double precision, double recall, double f1, Ranking ranking) {}
}
