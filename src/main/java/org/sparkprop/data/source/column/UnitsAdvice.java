package org.sparkprop.data.source.column;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.Caller;
import org.sparkprop.data.Offsets;

/** Tells features whose sizes differ so much that a network on their own units learns nothing. */
final class UnitsAdvice {
  private static final double MANY_TIMES = 1000;

  /** A network on features below this learns, whatever the smallest is. */
  private static final double LARGE = 100;

  private UnitsAdvice() {}

  /** A sentence, if the largest feature is very much larger than the smallest. */
  static Optional<String> of(
      TableReading.Use use, List<TableProfile.Numbers> features, Offsets offsets, Caller caller) {
    if (!use.rawFeatures()) {
      return Optional.empty();
    }
    TableProfile.@Nullable Numbers largest = null;
    TableProfile.@Nullable Numbers smallest = null;
    double most = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < features.size(); i++) {
      NumberProfile numbers = features.get(i).profile();
      if (numbers == null || numbers.isConstant()) {
        continue;
      }
      double offset = offsets.ofFeature(i);
      double size = Math.max(Math.abs(numbers.min - offset), Math.abs(numbers.max - offset));
      if (size > most) {
        most = size;
        largest = features.get(i);
      }
      if (size < least) {
        least = size;
        smallest = features.get(i);
      }
    }
    if (largest == null
        || smallest == null
        || most < LARGE
        || most < MANY_TIMES * Math.min(least, LARGE)) {
      return Optional.empty();
    }
    String others =
        least * MANY_TIMES <= most
            ? ", %.0e times those of %s".formatted(most / least, smallest.column())
            : "";
    return Optional.of(
        "column %s has numbers up to %.4g%s: a network learns little from such units; give %s"
            .formatted(largest.column(), most, others, caller.option("feature-units", "standard")));
  }
}
