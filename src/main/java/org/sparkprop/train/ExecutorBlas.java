package org.sparkprop.train;

import org.jspecify.annotations.Nullable;

/**
 * What an executor multiplies with.
 *
 * @param executor Spark's name for it
 * @param blas the name of its BLAS; empty if it has none
 * @param problem why it has not the BLAS that was asked for; null if it has
 */
public record ExecutorBlas(
    String executor, String host, int cores, String blas, @Nullable String problem) {
  @Override
  public String toString() {
    return "executor %s on %s".formatted(executor, host);
  }
}
