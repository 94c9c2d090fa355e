package org.sparkprop.eval;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sparkprop.nn.Task;

/**
 * The report of a network that tells classes. Figures are those of {@link Metric}, each row alike.
 *
 * @param accuracyInterval Wilson's 95 % interval, lower and upper end
 * @param balancedAccuracyInterval 95 %, from Wilson's intervals of the recalls
 * @param top5 null for up to five classes
 * @param rocAucError how far the area may be off, since scores of many rows are rounded; 0 where
 *     they were not
 * @param confusion a row for each true class, a column for each predicted one; null for more than
 *     1000 classes
 */
public record ClassificationReport(
    String task,
    long rows,
    long errors,
    @Nullable Double accuracy,
    @Nullable List<Double> accuracyInterval,
    @Nullable Double balancedAccuracy,
    @Nullable List<Double> balancedAccuracyInterval,
    @Nullable Double f1Macro,
    @Nullable Double f1Weighted,
    @JsonProperty("top_5") @Nullable Double top5,
    @Nullable Double logLoss,
    @Nullable Double rocAuc,
    @Nullable Double rocAucError,
    @Nullable Double prAuc,
    @Nullable Double prAucError,
    @Nullable Double loss,
    @Nullable Map<String, Double> weighted,
    List<String> labels,
    @Nullable List<List<Long>> confusion,
    List<ClassReport> classes,
    @JsonUnwrapped Facts facts)
    implements Report {
  private static final int MOST_CLASSES = 1000;

  /** How one class fared; {@code rows} are those that truly are of it. */
  public record ClassReport(
      String label,
      long rows,
      @Nullable Double precision,
      @Nullable Double recall,
      @Nullable Double f1) {}

  static ClassificationReport of(ClassEvaluation evaluation, List<String> labels, Facts facts) {
    ConfusionMatrix confusion = evaluation.confusion();
    Map<Metric, Double> metrics = evaluation.metrics();
    return new ClassificationReport(
        Task.CLASSIFICATION.word(),
        confusion.rows(),
        confusion.rows() - confusion.hits(),
        metrics.get(Metric.ACCURACY),
        Intervals.ofShare(confusion.hits(), confusion.rows()),
        metrics.get(Metric.BALANCED_ACCURACY),
        Intervals.ofBalancedAccuracy(confusion),
        metrics.get(Metric.F1_MACRO),
        metrics.get(Metric.F1_WEIGHTED),
        metrics.get(Metric.TOP_5),
        metrics.get(Metric.LOG_LOSS),
        metrics.get(Metric.ROC_AUC),
        Figures.orNull(evaluation.ranking().rocAucError()),
        metrics.get(Metric.PR_AUC),
        Figures.orNull(evaluation.ranking().prAucError()),
        metrics.get(Metric.LOSS),
        ReportFigures.fields(evaluation.weightedMetrics()),
        labels,
        counts(confusion),
        classes(confusion, labels),
        facts);
  }

  private static @Nullable List<List<Long>> counts(ConfusionMatrix confusion) {
    int classes = confusion.classes();
    if (classes > MOST_CLASSES) {
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
