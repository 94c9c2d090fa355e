package org.sparkprop.nn.blas;

import org.jspecify.annotations.Nullable;

/**
 * The BLAS that was asked for cannot be had on this host. The message is one line that says why,
 * and what to do.
 */
public final class BlasException extends RuntimeException {
  /** How a way out begins that is an option of Java. */
  static final String START_JAVA = "start Java with ";

  BlasException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * The message for a JVM that Spark starts, whose options it gives.
   *
   * @param role driver or executor
   */
  public String lineFor(String role) {
    return String.valueOf(getMessage())
        .replace(START_JAVA, "give --conf spark.%s.extraJavaOptions=".formatted(role));
  }
}
