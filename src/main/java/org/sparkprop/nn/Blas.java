package org.sparkprop.nn;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.io.IOException;
import java.lang.System.Logger;
import java.util.logging.Level;

/**
 * The only class that talks to netlib. Matrices here are column-major, as BLAS wants them; callers
 * note their own row-major shapes beside each call.
 *
 * <p>Chosen once in each JVM: OpenBLAS from the application's jar where there is one for the host,
 * else netlib's BLAS in Java. netlib's own system properties {@value #NATIVE_LIBRARY} and {@value
 * #ALLOW_NATIVE} win, if they are set.
 */
public final class Blas {
  private static final String NATIVE_LIBRARY = "dev.ludovic.netlib.blas.nativeLibPath";
  private static final String ALLOW_NATIVE = "dev.ludovic.netlib.blas.allowNative";

  private static final Logger LOG = System.getLogger(Blas.class.getName());

  /** Held strongly: java.util.logging forgets the level of a logger that nobody holds. */
  private static final java.util.logging.Logger NETLIB_LOG =
      java.util.logging.Logger.getLogger("dev.ludovic.netlib.blas.InstanceBuilder");

  private static String name = "";
  private static final BLAS NETLIB = choose(); // and names it

  private Blas() {}

  /** The implementation that this JVM uses, for the log, the report and the model folder. */
  public static String name() {
    return name;
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
    String library = System.getProperty(NATIVE_LIBRARY);
    if (library != null) {
      return named("native " + library);
    }
    if (Boolean.parseBoolean(System.getProperty(ALLOW_NATIVE, "true"))) {
      try (OpenBlas openBlas = OpenBlas.unpack()) {
        String kernel = openBlas.load();
        System.setProperty(NATIVE_LIBRARY, openBlas.library());
        return named("OpenBLAS (" + kernel + ")");
      } catch (IOException | LinkageError | RuntimeException failed) {
        // netlib must not look for a library where there is none: it would say so on every host.
        System.setProperty(ALLOW_NATIVE, "false");
        LOG.log(Logger.Level.WARNING, "Cannot load OpenBLAS; Java BLAS is slower", failed);
      } finally {
        System.clearProperty(NATIVE_LIBRARY); // the file is gone again
      }
    }
    return named("native");
  }

  /** netlib's instance under its name, which for a native one is {@code ifNative}. */
  private static BLAS named(String ifNative) {
    BLAS netlib = BLAS.getInstance();
    boolean vector = netlib.getClass().getSimpleName().equals("VectorBLAS");
    String inJava = vector ? "netlib Java (vector)" : "netlib Java (scalar)";
    name = netlib instanceof NativeBLAS ? ifNative : inJava;
    return netlib;
  }
}
