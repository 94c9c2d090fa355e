package org.sparkprop;

import org.jspecify.annotations.Nullable;
import org.sparkprop.train.DivergedException;

/**
 * What {@link NeuralNetwork#fit} throws when a loss or a weight is no longer finite. The model of
 * the last good epoch is not lost.
 */
public final class DivergedFitException extends DivergedException {
  private static final long serialVersionUID = 1;

  private final transient @Nullable NeuralNetworkModel model;

  DivergedFitException(
      String message, DivergedException cause, @Nullable NeuralNetworkModel model) {
    super(message, cause);
    this.model = model;
  }

  /** The model of the best epoch before, to look at or to save; null if no epoch was done. */
  public @Nullable NeuralNetworkModel model() {
    return model;
  }
}
