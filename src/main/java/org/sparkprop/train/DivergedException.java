package org.sparkprop.train;

import org.jspecify.annotations.Nullable;

/**
 * A loss or a weight has become infinite or not a number, and the run has ended. The message is one
 * line that says in which round, at which learning rate, and what to try.
 */
public class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Training.@Nullable Result lastGood;

  DivergedException(Divergence cause, Training.@Nullable Result lastGood) {
    super(cause.getMessage(), cause);
    this.lastGood = lastGood;
  }

  /** The same for another kind of caller. */
  protected DivergedException(String message, DivergedException cause) {
    super(message, cause);
    this.lastGood = cause.lastGood;
  }

  /** What the epochs before have come to; null if none was done. */
  public Training.@Nullable Result lastGood() {
    return lastGood;
  }
}
