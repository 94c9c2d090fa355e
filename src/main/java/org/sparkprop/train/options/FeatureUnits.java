package org.sparkprop.train.options;

import java.util.List;
import java.util.Locale;
import org.sparkprop.base.Nearest;

/** In which units a network sees features. */
public enum FeatureUnits {
  /** The features as they are, and bytes as 0 to 1. */
  RAW,
  /**
   * Distances to the mean of the training rows, in standard deviations; bytes have one mean and one
   * deviation for all features, as the points of an image do.
   */
  STANDARD;

  /** The word for these units in options. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The units that {@code word} names.
   *
   * @throws IllegalArgumentException if there are none, with the words that there are
   */
  public static FeatureUnits of(String word) {
    return Nearest.named("feature units", word, List.of(values()), FeatureUnits::word);
  }
}
