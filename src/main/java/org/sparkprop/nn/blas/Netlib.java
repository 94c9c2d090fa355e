package org.sparkprop.nn.blas;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;

/**
 * The only class that talks to netlib. It lives beside a netlib of our own, in the class loader of
 * that one, and so may use nothing of ours but {@link Sgemm}.
 */
final class Netlib implements Sgemm {
  private final BLAS netlib;

  /**
   * Lets netlib choose.
   *
   * @param java whether that has to be one in Java
   */
  Netlib(boolean java) {
    netlib = java ? JavaBLAS.getInstance() : BLAS.getInstance();
  }

  @Override
  public void sgemm(
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
      int ldc) {
    netlib.sgemm(transA, transB, m, n, k, alpha, a, aAt, lda, b, bAt, ldb, beta, c, cAt, ldc);
  }

  @Override
  public String implementation() {
    return netlib.getClass().getSimpleName();
  }
}
