package org.sparkprop.eval;

import java.util.EnumMap;
import java.util.Map;

/**
 * What came out of one evaluation job.
 *
 * @param loss mean over the rows and, unless it is softmax cross-entropy, over the outputs
 */
public record Evaluation(ConfusionMatrix confusion, double loss) {
  public double accuracy() {
    return confusion.accuracy();
  }

  public Map<Metric, Double> metrics() {
    Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
    metrics.put(Metric.LOSS, loss);
    metrics.put(Metric.ACCURACY, accuracy());
    return metrics;
  }

  public Map<Metric, Double> weightedMetrics() {
    return Map.of();
  }
}
