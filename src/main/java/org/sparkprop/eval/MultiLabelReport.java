package org.sparkprop.eval;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sparkprop.eval.LabelEvaluation.Label;
import org.sparkprop.nn.LearningTask;

/**
 * The report of a network whose rows have any of the labels. The metrics are those of {@link
 * #metric}; some have methods of their own.
 *
 * @param errors rows whose labels are not exactly those predicted
 */
public record MultiLabelReport(
    String task,
    long rows,
    long errors,
    @JsonUnwrapped ReportFigures figures,
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
    return new MultiLabelReport(
        LearningTask.MULTI_LABEL.word(),
        evaluation.rows(),
        evaluation.rows() - evaluation.exact(),
        ReportFigures.of(LearningTask.MULTI_LABEL, evaluation)
            .withInterval(
                Metric.SUBSET_ACCURACY, Intervals.ofShare(evaluation.exact(), evaluation.rows()))
            .withErrors(evaluation.ranking()),
        ReportFigures.fields(evaluation.weightedMetrics()),
        IntStream.range(0, names.size())
            .mapToObj(i -> label(names.get(i), evaluation.labels().get(i)))
            .toList(),
        facts);
  }

  /** The share of the cells that are right; a cell is a label of a row. */
  public @Nullable Double accuracy() {
    return metric(Metric.ACCURACY);
  }

  /** The share of the rows with exactly the labels that were predicted. */
  public @Nullable Double subsetAccuracy() {
    return metric(Metric.SUBSET_ACCURACY);
  }

  /** Wilson's 95 % interval of the subset accuracy, lower and upper end. */
  public @Nullable List<Double> subsetAccuracyInterval() {
    return figures.intervals().get(Metric.SUBSET_ACCURACY);
  }

  /** The share of the cells that are wrong. */
  public @Nullable Double hammingLoss() {
    return metric(Metric.HAMMING_LOSS);
  }

  /** F1 of all cells together. */
  public @Nullable Double f1Micro() {
    return metric(Metric.F1_MICRO);
  }

  /** The mean F1 of the labels that occur or are predicted. */
  public @Nullable Double f1Macro() {
    return metric(Metric.F1_MACRO);
  }

  /** The mean area under the ROC curves of the labels. */
  public @Nullable Double rocAuc() {
    return metric(Metric.ROC_AUC);
  }

  /** How far that area may be off, since scores of many rows are rounded. */
  public @Nullable Double rocAucError() {
    return figures.errors().get(Metric.ROC_AUC);
  }

  /** The mean average precision of the labels. */
  public @Nullable Double prAuc() {
    return metric(Metric.PR_AUC);
  }

  /** How far average precision may be off, since scores of many rows are rounded. */
  public @Nullable Double prAucError() {
    return figures.errors().get(Metric.PR_AUC);
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
