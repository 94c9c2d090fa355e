package org.sparkprop.eval;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sparkprop.nn.LearningTask;

/**
 * The metrics of a report, each row alike: fields of {@code report.json} beside its others, by the
 * names of the metrics, the loss last.
 *
 * @param values every metric of the task; null where there is nothing to take it of
 * @param intervals the 95 % intervals of some, lower and upper end
 * @param errors how far some may be off, since scores of many rows are rounded; 0 where they were
 *     not
 */
public record ReportFigures(
    @JsonIgnore Map<Metric, @Nullable Double> values,
    @JsonIgnore Map<Metric, @Nullable List<Double>> intervals,
    @JsonIgnore Map<Metric, @Nullable Double> errors) {
  private static final String INTERVAL = "_interval";
  private static final String ERROR = "_error";

  public ReportFigures {
    values = Collections.unmodifiableMap(values);
    intervals = Collections.unmodifiableMap(intervals);
    errors = Collections.unmodifiableMap(errors);
  }

  /** The figures of an evaluation of a task. */
  static ReportFigures of(LearningTask task, Evaluation evaluation) {
    Map<Metric, @Nullable Double> values = new LinkedHashMap<>();
    Arrays.stream(Metric.values())
        .filter(metric -> metric.isFor(task) && metric != Metric.LOSS)
        .forEach(metric -> values.put(metric, evaluation.metrics().get(metric)));
    values.put(Metric.LOSS, evaluation.metrics().get(Metric.LOSS));
    return new ReportFigures(values, Map.of(), Map.of());
  }

  /** These, and the interval of a metric; null if there is none, since there are no rows. */
  ReportFigures withInterval(Metric metric, @Nullable List<Double> interval) {
    Map<Metric, @Nullable List<Double>> all = new LinkedHashMap<>(intervals);
    all.put(metric, interval);
    return new ReportFigures(values, all, errors);
  }

  /** These, and the errors of the areas. */
  ReportFigures withErrors(Ranking ranking) {
    Map<Metric, @Nullable Double> all = new LinkedHashMap<>(errors);
    all.put(Metric.ROC_AUC, Figures.orNull(ranking.rocAucError()));
    all.put(Metric.PR_AUC, Figures.orNull(ranking.prAucError()));
    return new ReportFigures(values, intervals, all);
  }

  @JsonAnyGetter
  Map<String, @Nullable Object> fields() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    values.forEach(
        (metric, value) -> {
          fields.put(metric.field(), value);
          if (intervals.containsKey(metric)) {
            fields.put(metric.field() + INTERVAL, intervals.get(metric));
          }
          if (errors.containsKey(metric)) {
            fields.put(metric.field() + ERROR, errors.get(metric));
          }
        });
    return fields;
  }

  /** Metrics by the names of their fields; null if there are none. */
  static @Nullable Map<String, Double> fields(Map<Metric, Double> metrics) {
    if (metrics.isEmpty()) {
      return null;
    }
    Map<String, Double> fields = new LinkedHashMap<>();
    metrics.forEach((metric, value) -> fields.put(metric.field(), value));
    return fields;
  }
}
