package org.sparkprop.nn;

import dev.ludovic.netlib.blas.BLAS;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The only class that talks to netlib. Matrices here are column-major, as BLAS wants them; callers
 * note their own row-major shapes beside each call.
 *
 * <p>netlib's Java BLAS is used unless its system property {@value #NATIVE_LIBRARY} names a native
 * library: when netlib looks for one where there is none, it writes to the standard error stream of
 * every executor.
 */
public final class Blas {
  static final String NATIVE_LIBRARY = "dev.ludovic.netlib.blas.nativeLibPath";
  private static final String ALLOW_NATIVE = "dev.ludovic.netlib.blas.allowNative";

  /** Held strongly: java.util.logging forgets the level of a logger that nobody holds. */
  private static final Logger NETLIB_LOG =
      Logger.getLogger("dev.ludovic.netlib.blas.InstanceBuilder");

  private static final BLAS NETLIB = choose();

  private Blas() {}

  /** The implementation that this JVM uses, for the log, the report and the model folder. */
  public static String name() {
    return switch (NETLIB.getClass().getSimpleName()) {
      case "JNIBLAS" -> "native " + System.getProperty(NATIVE_LIBRARY);
      case "VectorBLAS" -> "netlib Java (vector)";
      default -> "netlib Java (scalar)";
    };
  }

  /**
   * C = alpha op(A) op(B) + beta C, with op(A) (m, k), op(B) (k, n) and C (m, n), column-major.
   *
   * @param transA "N" or "T"; likewise {@code transB}
   * @param lda distance between two columns of A as stored; likewise {@code ldb}, {@code ldc}
   */
  static void sgemm(
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
    NETLIB.sgemm(transA, transB, m, n, k, alpha, a, aAt, lda, b, bAt, ldb, beta, c, cAt, ldc);
  }

  private static BLAS choose() {
    NETLIB_LOG.setLevel(Level.WARNING);
    if (System.getProperty(NATIVE_LIBRARY) == null && System.getProperty(ALLOW_NATIVE) == null) {
      System.setProperty(ALLOW_NATIVE, "false");
    }
    return BLAS.getInstance();
  }
}
