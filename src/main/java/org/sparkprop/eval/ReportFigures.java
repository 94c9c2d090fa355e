package org.sparkprop.eval;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

final class ReportFigures {
  private ReportFigures() {}

  /** Figures by the names of their fields; null if there are none. */
  static @Nullable Map<String, Double> fields(Map<Metric, Double> figures) {
    if (figures.isEmpty()) {
      return null;
    }
    Map<String, Double> fields = new LinkedHashMap<>();
    figures.forEach((metric, value) -> fields.put(metric.field(), value));
    return fields;
  }
}
