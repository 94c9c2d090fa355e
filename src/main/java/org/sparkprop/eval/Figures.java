package org.sparkprop.eval;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers the figures that there are; and how they look in a report. */
final class Figures {
  private final Map<Metric, Double> values = new EnumMap<>(Metric.class);

  /** Takes a figure; NaN says that there is nothing to take it of. */
  Figures with(Metric metric, double value) {
    if (!Double.isNaN(value)) {
      values.put(metric, value);
    }
    return this;
  }

  /** What was taken, in the order of the metrics. */
  Map<Metric, Double> map() {
    return Collections.unmodifiableMap(values);
  }

  /** Figures by the names of their fields; null if there are none. */
  static @Nullable Map<String, Double> fields(Map<Metric, Double> figures) {
    if (figures.isEmpty()) {
      return null;
    }
    Map<String, Double> fields = new LinkedHashMap<>();
    figures.forEach((metric, value) -> fields.put(metric.field(), value));
    return fields;
  }

  /** A figure, or null if it is NaN. */
  static @Nullable Double orNull(double figure) {
    return Double.isNaN(figure) ? null : figure;
  }
}
