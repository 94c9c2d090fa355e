package org.sparkprop.data;

import org.jspecify.annotations.Nullable;

/**
 * What the user gave, rows, files or a model folder, cannot be used. The message is one line that
 * says what was found, what was wanted and, where we know, what to do.
 */
public final class InvalidInputException extends RuntimeException {
  public InvalidInputException(String message) {
    super(message);
  }

  public InvalidInputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
