package org.sparkprop.data.source.column;

import java.util.List;
import java.util.Optional;

/** Tells targets that the last layer cannot reach. */
final class LabelAdvice {
  private LabelAdvice() {}

  /** A sentence, if most targets are out of reach. */
  static Optional<String> of(TableReading.Use use, List<TableProfile.Numbers> labels) {
    long all = 0;
    long out = 0;
    for (TableProfile.Numbers label : labels) {
      NumberProfile numbers = label.profile();
      if (numbers != null) {
        all += numbers.numbers;
        out += numbers.outside;
      }
    }
    if (out * 2 <= all) {
      return Optional.empty();
    }
    return Optional.of(
        "the last layer is %s, which gives %s, but %.0f %% of the targets are not: give it no activation"
            .formatted(
                use.output(),
                use.highest() == 1
                    ? "%.0f to 1".formatted(use.lowest())
                    : "%.0f and more".formatted(use.lowest()),
                Math.floor(100.0 * out / all)));
  }
}
