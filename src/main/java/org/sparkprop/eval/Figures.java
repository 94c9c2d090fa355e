package org.sparkprop.eval;

import java.io.Serializable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sparkprop.nn.Network;

/**
 * Sums over rows, each row alike or by weight, and the figures from them. Figures are NaN where
 * there is nothing to take them of.
 *
 * @param <F> itself
 */
abstract sealed class Figures<F extends Figures<F>> implements Serializable
    permits HitFigures, TargetFigures {
  double weight;
  double loss;

  /** Adds the sums over the rows to the right. */
  abstract void add(F right);

  /** Those metrics that have a value, in their order. */
  final Map<Metric, Double> metrics(Network network) {
    Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      double value = metric.of(this, network);
      if (!Double.isNaN(value)) {
        metrics.put(metric, value);
      }
    }
    return Collections.unmodifiableMap(metrics);
  }

  /** A figure, or null if it is NaN. */
  static @Nullable Double orNull(double figure) {
    return Double.isNaN(figure) ? null : figure;
  }
}
