package org.sparkprop.base;

import org.jspecify.annotations.Nullable;

/**
 * A run was given up since no task of it could run for too long: no executor came, all are lost, or
 * none is large enough. The message is one line that says what was asked for, what is there and
 * what to do. Nothing is wrong with the rows, and the same run can go on from its checkpoint.
 */
public final class GaveUpException extends InvalidInputException {
  /** What the message begins with: by it, a job that was cancelled for this reason is known. */
  public static final String START = "Gave up after ";

  public GaveUpException(String message) {
    this(message, null);
  }

  public GaveUpException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
