package org.sparkprop.eval;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sparkprop.nn.LearningTask;

/**
 * The report of a network that tells classes. The metrics are those of {@link #metric}; some have
 * methods of their own.
 *
 * @param confusion a row for each true class, a column for each predicted one; null for more than
 *     1000 classes
 */
public record ClassificationReport(
    String task,
    long rows,
    long errors,
    @JsonUnwrapped ReportFigures figures,
    @Nullable Map<String, Double> weighted,
    List<String> labels,
    @Nullable List<List<Long>> confusion,
    List<ClassReport> classes,
    @JsonUnwrapped Facts facts)
    implements Report {
  private static final int MAX_CLASSES = 1000;

  /** How one class fared; {@code rows} are those that truly are of it. */
  public record ClassReport(
      String label,
      long rows,
      @Nullable Double precision,
      @Nullable Double recall,
      @Nullable Double f1) {}

  static ClassificationReport of(ClassEvaluation evaluation, List<String> labels, Facts facts) {
    ConfusionMatrix confusion = evaluation.confusion();
    return new ClassificationReport(
        LearningTask.CLASSIFICATION.word(),
        confusion.rows(),
        confusion.rows() - confusion.hits(),
        ReportFigures.of(LearningTask.CLASSIFICATION, evaluation)
            .withInterval(Metric.ACCURACY, Intervals.ofShare(confusion.hits(), confusion.rows()))
            .withInterval(Metric.BALANCED_ACCURACY, Intervals.ofBalancedAccuracy(confusion))
            .withErrors(evaluation.ranking()),
        ReportFigures.fields(evaluation.weightedMetrics()),
        labels,
        counts(confusion),
        classes(confusion, labels),
        facts);
  }

  /** The share of the rows whose class was predicted. */
  public @Nullable Double accuracy() {
    return metric(Metric.ACCURACY);
  }

  /** Wilson's 95 % interval of the accuracy, lower and upper end. */
  public @Nullable List<Double> accuracyInterval() {
    return figures.intervals().get(Metric.ACCURACY);
  }

  /** The mean recall of the classes that occur. */
  public @Nullable Double balancedAccuracy() {
    return metric(Metric.BALANCED_ACCURACY);
  }

  /** The 95 % interval of the balanced accuracy, from Wilson's intervals of the recalls. */
  public @Nullable List<Double> balancedAccuracyInterval() {
    return figures.intervals().get(Metric.BALANCED_ACCURACY);
  }

  /** The mean F1 of the classes that occur or are predicted. */
  public @Nullable Double f1Macro() {
    return metric(Metric.F1_MACRO);
  }

  /** The mean F1 of the classes, each counted as often as it occurs. */
  public @Nullable Double f1Weighted() {
    return metric(Metric.F1_WEIGHTED);
  }

  /** The share of the rows whose class is among five; null for up to five classes. */
  public @Nullable Double top5() {
    return metric(Metric.TOP_5);
  }

  /** The mean of −log p(class); null if outputs are no probabilities. */
  public @Nullable Double logLoss() {
    return metric(Metric.LOG_LOSS);
  }

  /** The area under the ROC curve. */
  public @Nullable Double rocAuc() {
    return metric(Metric.ROC_AUC);
  }

  /** How far the area under the ROC curve may be off, since scores of many rows are rounded. */
  public @Nullable Double rocAucError() {
    return figures.errors().get(Metric.ROC_AUC);
  }

  /** Average precision. */
  public @Nullable Double prAuc() {
    return metric(Metric.PR_AUC);
  }

  /** How far average precision may be off, since scores of many rows are rounded. */
  public @Nullable Double prAucError() {
    return figures.errors().get(Metric.PR_AUC);
  }

  private static @Nullable List<List<Long>> counts(ConfusionMatrix confusion) {
    int classes = confusion.classes();
    if (classes > MAX_CLASSES) {
      return null;
    }
    List<List<Long>> counts = new ArrayList<>();
    for (int truth = 0; truth < classes; truth++) {
      int of = truth;
      counts.add(
          IntStream.range(0, classes).mapToObj(label -> confusion.count(of, label)).toList());
    }
    return counts;
  }

  private static List<ClassReport> classes(ConfusionMatrix confusion, List<String> labels) {
    return IntStream.range(0, confusion.classes())
        .mapToObj(
            label ->
                new ClassReport(
                    labels.get(label),
                    confusion.rowsOf(label),
                    Figures.orNull(confusion.precision(label)),
                    Figures.orNull(confusion.recall(label)),
                    Figures.orNull(confusion.f1(label))))
        .toList();
  }
}
