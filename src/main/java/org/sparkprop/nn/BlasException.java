package org.sparkprop.nn;

import org.jspecify.annotations.Nullable;

/**
 * The BLAS that was asked for cannot be had on this host. The message is one line that says why,
 * and what to do.
 */
public final class BlasException extends RuntimeException {
  BlasException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
