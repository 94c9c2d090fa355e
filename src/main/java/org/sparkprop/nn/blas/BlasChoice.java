package org.sparkprop.nn.blas;

import org.sparkprop.base.HasWord;

/**
 * Which BLAS a JVM is to use; all but {@link #AUTO} are forced, and an error if they are absent.
 */
public enum BlasChoice implements HasWord {
  /**
   * The best that the host can run: OpenBLAS on Linux, Accelerate on macOS, else Java; or what
   * netlib's own system properties say.
   */
  AUTO,
  /** OpenBLAS from the application's jar. */
  OPENBLAS,
  /** The library that the host has installed, as netlib looks it up. */
  SYSTEM,
  /** netlib's BLAS in Java. */
  JAVA;

  /**
   * The choice that {@code word} names.
   *
   * @throws IllegalArgumentException if there is none, with the words that there are
   */
  public static BlasChoice of(String word) {
    return HasWord.named("BLAS", word, values());
  }
}
