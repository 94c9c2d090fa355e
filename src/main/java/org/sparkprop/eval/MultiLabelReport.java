package org.sparkprop.eval;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sparkprop.eval.LabelEvaluation.Label;
import org.sparkprop.nn.Task;

/**
 * The report of a network whose rows have any of the labels. Figures are those of {@link Metric},
 * each row alike.
 *
 * @param accuracy the share of the cells that are right; a cell is a label of a row
 * @param errors rows whose labels are not exactly those predicted
 * @param subsetAccuracyInterval Wilson's 95 % interval, lower and upper end
 * @param rocAucError how far the area may be off, since scores of many rows are rounded; 0 where
 *     they were not
 */
public record MultiLabelReport(
    String task,
    long rows,
    long errors,
    @Nullable Double accuracy,
    @Nullable Double subsetAccuracy,
    @Nullable List<Double> subsetAccuracyInterval,
    @Nullable Double hammingLoss,
    @Nullable Double f1Micro,
    @Nullable Double f1Macro,
    @Nullable Double rocAuc,
    @Nullable Double rocAucError,
    @Nullable Double prAuc,
    @Nullable Double prAucError,
    @Nullable Double loss,
    @Nullable Map<String, Double> weighted,
    List<LabelReport> labels,
    @JsonUnwrapped Facts facts)
    implements Report {
  /** How one label fared; {@code rows} are those that have it. */
  public record LabelReport(
      String label,
      long rows,
      @Nullable Double precision,
      @Nullable Double recall,
      @Nullable Double f1,
      @Nullable Double rocAuc,
      @Nullable Double prAuc) {}

  static MultiLabelReport of(LabelEvaluation evaluation, List<String> names, Facts facts) {
    Map<Metric, Double> metrics = evaluation.metrics();
    return new MultiLabelReport(
        Task.MULTI_LABEL.word(),
        evaluation.rows(),
        evaluation.rows() - evaluation.exact(),
        metrics.get(Metric.ACCURACY),
        metrics.get(Metric.SUBSET_ACCURACY),
        Intervals.ofShare(evaluation.exact(), evaluation.rows()),
        metrics.get(Metric.HAMMING_LOSS),
        metrics.get(Metric.F1_MICRO),
        metrics.get(Metric.F1_MACRO),
        metrics.get(Metric.ROC_AUC),
        Figures.orNull(evaluation.ranking().rocAucError()),
        metrics.get(Metric.PR_AUC),
        Figures.orNull(evaluation.ranking().prAucError()),
        metrics.get(Metric.LOSS),
        ReportFigures.fields(evaluation.weightedMetrics()),
        IntStream.range(0, names.size())
            .mapToObj(i -> label(names.get(i), evaluation.labels().get(i)))
            .toList(),
        facts);
  }

  private static LabelReport label(String name, Label label) {
    return new LabelReport(
        name,
        label.rows(),
        Figures.orNull(label.precision()),
        Figures.orNull(label.recall()),
        Figures.orNull(label.f1()),
        Figures.orNull(label.ranking().rocAuc()),
        Figures.orNull(label.ranking().prAuc()));
  }
}
