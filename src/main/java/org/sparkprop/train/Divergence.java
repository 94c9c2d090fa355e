package org.sparkprop.train;

import org.jspecify.annotations.Nullable;

/** A loss or a parameter is no longer finite; what the last good epoch has left comes along. */
final class Divergence extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient @Nullable Outcome lastGood;

  /**
   * @param message one line with the round, the rate and what to try
   * @param lastGood null if no epoch was done
   */
  Divergence(String message, @Nullable Outcome lastGood) {
    super(message);
    this.lastGood = lastGood;
  }

  @Nullable Outcome lastGood() {
    return lastGood;
  }
}
