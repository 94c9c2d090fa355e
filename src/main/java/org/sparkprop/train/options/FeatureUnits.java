package org.sparkprop.train.options;

import org.sparkprop.base.HasWord;

/** In which units a network sees features. */
public enum FeatureUnits implements HasWord {
  /** The features as they are, and bytes as 0 to 1. */
  RAW,
  /**
   * Distances to the mean of the training rows, in standard deviations; bytes have one mean and one
   * deviation for all features, as the points of an image do.
   */
  STANDARD;

  /**
   * The units that {@code word} names.
   *
   * @throws IllegalArgumentException if there are none, with the words that there are
   */
  public static FeatureUnits of(String word) {
    return HasWord.named("feature units", word, values());
  }
}
