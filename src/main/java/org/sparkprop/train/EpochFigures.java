package org.sparkprop.train;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sparkprop.eval.Evaluation;
import org.sparkprop.eval.Metric;

/**
 * The figures of an epoch.
 *
 * @param loss of the rows that were trained on, along the way
 * @param validated on the validation rows, at its end; null if there are none
 */
record EpochFigures(double loss, @Nullable Evaluation validated) {
  /** What a run is steered by: figures on the validation rows or, without them, the loss. */
  Map<Metric, Double> monitored() {
    if (validated == null) {
      return Map.of(Metric.LOSS, loss);
    }
    Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
    metrics.putAll(validated.metrics());
    metrics.put(Metric.LOSS, validated.loss());
    return metrics;
  }

  /** What the history has of the validation rows, by its fields. */
  Map<String, Double> recorded() {
    Map<String, Double> figures = new LinkedHashMap<>();
    if (validated != null) {
      figures.put(Metric.LOSS.field(), validated.loss());
      validated.metrics().forEach((metric, value) -> figures.putIfAbsent(metric.field(), value));
      validated
          .weightedMetrics()
          .forEach((metric, value) -> figures.put("weighted_" + metric.field(), value));
    }
    return figures;
  }
}
