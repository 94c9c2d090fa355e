package org.sparkprop.train.options;

import org.sparkprop.base.HasWord;
import org.sparkprop.nn.Activation;
import org.sparkprop.nn.LearningTask;

/** In which units a network learns its targets; predictions and metrics are in the rows' own. */
public enum TargetUnits implements HasWord {
  /** Standard deviations where the last layer is linear and so may give any number, else raw. */
  AUTO,
  /** Distances to the mean of the training rows, in standard deviations. */
  STANDARD,
  /** The targets as they are. */
  RAW;

  /**
   * The units that {@code word} names.
   *
   * @throws IllegalArgumentException if there are none, with the words that there are
   */
  public static TargetUnits of(String word) {
    return HasWord.named("target units", word, values());
  }

  /** Whether targets are standardised for a network with this last layer. */
  public boolean areStandard(LearningTask task, Activation last) {
    return task == LearningTask.REGRESSION
        && switch (this) {
          case AUTO -> last == Activation.LINEAR;
          case STANDARD -> true;
          case RAW -> false;
        };
  }
}
