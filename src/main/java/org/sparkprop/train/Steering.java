package org.sparkprop.train;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.ClassWeights;
import org.sparkprop.data.LabelFormat;
import org.sparkprop.data.LabelRange;
import org.sparkprop.data.RowStatistics;
import org.sparkprop.data.Shards;
import org.sparkprop.eval.Metric;
import org.sparkprop.nn.LearningTask;
import org.sparkprop.train.options.Stopping;

/**
 * Refuses, before the first round, rows on which what steers the run is certain to have no value,
 * or to be 0 whatever the model: one that nothing has chosen would look like one that was.
 */
final class Steering {
  private Steering() {}

  /**
   * Looks at the rows that validate, in a Spark job where the figures in question depend on them.
   *
   * @throws InvalidInputException naming the figure, and what the rows are like
   */
  static void check(Stopping stopping, Shards heldOut, LabelFormat labels) {
    LabelRange range = null;
    for (Metric metric : stopping.steering()) {
      if (metric.needsDifferentLabels()) {
        range = range == null ? RowStatistics.labelRange(heldOut, labels.targets()) : range;
        String why = whyUndefined(metric, range, labels, heldOut.rows());
        if (why != null) {
          throw new InvalidInputException(
              "Cannot %s: %s (hold out other rows, or give another metric)"
                  .formatted(
                      metric == stopping.monitor()
                          ? "monitor " + metric.word()
                          : "wait for the target " + stopping.target(),
                      why));
        }
      }
    }
  }

  private static @Nullable String whyUndefined(
      Metric metric, LabelRange range, LabelFormat labels, long rows) {
    if (metric == Metric.R2) {
      return range.changes()
          ? null
          : "no target changes from row to row in the %,d validation rows".formatted(rows);
    }
    boolean positives = metric == Metric.PR_AUC; // need no negative row beside them
    if (labels.task() == LearningTask.MULTI_LABEL) {
      if (positives) {
        return range.largest() > 0
            ? null
            : "none of the %,d validation rows has a label".formatted(rows);
      }
      return range.changes()
          ? null
          : "each label is in all of the %,d validation rows or in none".formatted(rows);
    }
    boolean defined = positives ? labels.size() > 2 || range.largest() > 0 : range.changes();
    return defined
        ? null
        : "all of the %,d validation rows are of class %d".formatted(rows, (int) range.largest());
  }

  /**
   * Refuses rows that class weights leave without any weight.
   *
   * @throws InvalidInputException if all of them do
   */
  static void checkWeights(ClassWeights weights, Shards rows, LabelFormat labels, String name) {
    if (weights.isNone()) {
      return;
    }
    double[] totals = RowStatistics.classTotals(rows, labels.size());
    List<Double> ofClasses = weights.toList();
    double sum = 0;
    for (int label = 0; label < totals.length; label++) {
      sum += totals[label] * ofClasses.get(label);
    }
    if (sum == 0) {
      throw new InvalidInputException(
          "Cannot use %s: all rows are of classes of weight 0 (some must weigh more; see --class-weights)"
              .formatted(name));
    }
  }
}
