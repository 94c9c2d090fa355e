package org.sparkprop.nn.blas;

/**
 * The one product that networks need, of a BLAS that this JVM may have beside others. For {@link
 * Blas} alone, and public since its implementation lives in a class loader of its own.
 */
public interface Sgemm {
  /**
   * C = alpha op(A) op(B) + beta C, with op(A) (m, k), op(B) (k, n) and C (m, n), column-major.
   *
   * @param transA "N" or "T"; likewise {@code transB}
   * @param lda distance between two columns of A as stored; likewise {@code ldb}, {@code ldc}
   */
  void sgemm(
      String transA,
      String transB,
      int m,
      int n,
      int k,
      float alpha,
      float[] a,
      int aAt,
      int lda,
      float[] b,
      int bAt,
      int ldb,
      float beta,
      float[] c,
      int cAt,
      int ldc);

  /** The simple name of the class that multiplies. */
  String implementation();
}
