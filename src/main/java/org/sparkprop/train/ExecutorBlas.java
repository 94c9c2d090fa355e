package org.sparkprop.train;

import org.sparkprop.model.BlasOfJvm;

/**
 * What an executor multiplies with.
 *
 * @param executor Spark's name for it
 * @param blas the name of its BLAS; empty if it was refused the one that was asked for
 * @param problem why that is so, or why it has a slow one; empty if all is well
 */
public record ExecutorBlas(String executor, String host, int cores, String blas, String problem) {
  /** Whether its tasks will fail when they multiply. */
  public boolean isRefused() {
    return blas.isEmpty();
  }

  @Override
  public String toString() {
    return BlasOfJvm.executor(executor, host);
  }
}
