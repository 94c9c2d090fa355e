package org.sparkprop.nn;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.io.IOException;
import java.lang.System.Logger;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The only class that talks to netlib. Matrices here are column-major, as BLAS wants them; callers
 * note their own row-major shapes beside each call.
 *
 * <p>Chosen once in each JVM: by {@link #use}, or at the first product as {@link BlasChoice#AUTO}.
 * A choice that was refused stays so: products then throw the same {@link BlasException}, and never
 * come from another BLAS.
 */
public final class Blas {
  private static final String LIBRARY_PATH = "dev.ludovic.netlib.blas.nativeLibPath";
  private static final String LIBRARY_NAME = "dev.ludovic.netlib.blas.nativeLib";
  private static final String ALLOW_NATIVE = "dev.ludovic.netlib.blas.allowNative";

  /** What netlib unpacks into the folder for temporary files. */
  private static final Pattern FILE_OF_NETLIB = Pattern.compile("libnetlibblasjni\\d+\\.so");

  /** One thread a call, since Spark owns the cores; in the words of all that may be installed. */
  private static final Map<String, String> ONE_THREAD =
      Map.of(
          "OPENBLAS_NUM_THREADS", "1",
          "OMP_NUM_THREADS", "1",
          "MKL_NUM_THREADS", "1",
          "BLIS_NUM_THREADS", "1",
          "VECLIB_MAXIMUM_THREADS", "1");

  private static final Logger LOG = System.getLogger(Blas.class.getName());

  /** Held strongly: java.util.logging forgets the level of a logger that nobody holds. */
  private static final java.util.logging.Logger NETLIB_LOG =
      java.util.logging.Logger.getLogger("dev.ludovic.netlib.blas");

  private static volatile @Nullable Engine engine;
  private static @Nullable String refusal;

  private Blas() {}

  /** What multiplies, with its name for the log, the report and the model folder. */
  private record Engine(BlasChoice choice, String name, BLAS netlib, @Nullable String problem) {
    Engine(BlasChoice choice, String name, BLAS netlib) {
      this(choice, name, netlib, null);
    }

    Engine because(String problem) {
      return new Engine(choice, name, netlib, problem);
    }

    boolean satisfies(BlasChoice wanted) {
      return wanted == BlasChoice.AUTO || wanted == choice;
    }
  }

  /**
   * Chooses the BLAS of this JVM.
   *
   * @throws BlasException if it cannot be had, or another one is in use already
   */
  public static synchronized void use(BlasChoice choice) {
    Engine inUse = engine;
    if (inUse != null) {
      if (!inUse.satisfies(choice)) {
        throw new BlasException(
            "Cannot use BLAS %s: this JVM uses %s already".formatted(choice.word(), inUse.name()),
            null);
      }
      return;
    }
    NETLIB_LOG.setLevel(Level.SEVERE); // what it could warn of is said here
    try {
      engine = open(choice);
      refusal = null;
    } catch (IOException | LinkageError | RuntimeException failed) {
      String message =
          "Cannot use BLAS %s: %s (%s)".formatted(choice.word(), lineOf(failed), hint(choice));
      refusal = message;
      throw new BlasException(message, failed);
    }
  }

  /** The implementation that this JVM uses, for the log, the report and the model folder. */
  public static String name() {
    return engine().name();
  }

  /**
   * Why {@link BlasChoice#AUTO} has come to a slow BLAS, and what helps; null if it has not, or if
   * another was asked for.
   */
  public static @Nullable String problem() {
    return engine().problem();
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
    engine()
        .netlib()
        .sgemm(transA, transB, m, n, k, alpha, a, aAt, lda, b, bAt, ldb, beta, c, cAt, ldc);
  }

  private static Engine engine() {
    Engine inUse = engine;
    return inUse != null ? inUse : chosenNow();
  }

  private static synchronized Engine chosenNow() {
    if (refusal != null) {
      throw new BlasException(refusal, null);
    }
    use(BlasChoice.AUTO);
    return engine();
  }

  private static Engine open(BlasChoice choice) throws IOException {
    return switch (choice) {
      case AUTO -> openBest();
      case OPENBLAS -> Environment.with(ONE_THREAD, Blas::openOpenBlas);
      case SYSTEM -> Environment.with(ONE_THREAD, Blas::openSystem);
      case JAVA -> openJava();
    };
  }

  private static Engine openBest() throws IOException {
    if (!Boolean.parseBoolean(System.getProperty(ALLOW_NATIVE, "true"))) {
      return openJava();
    }
    if (System.getProperty(LIBRARY_PATH) != null || System.getProperty(LIBRARY_NAME) != null) {
      return open(BlasChoice.SYSTEM);
    }
    try {
      return open(isMac() ? BlasChoice.SYSTEM : BlasChoice.OPENBLAS);
    } catch (IOException | LinkageError | RuntimeException none) {
      String reason = "Cannot use native BLAS: %s; Java BLAS is slower".formatted(lineOf(none));
      LOG.log(Logger.Level.WARNING, reason, none);
      return openJava().because(reason);
    }
  }

  private static Engine openOpenBlas() throws IOException {
    try (OpenBlas openBlas = OpenBlas.unpack()) {
      String kernel = openBlas.load();
      BLAS netlib = nativeNetlib(openBlas.library());
      if (!openBlas.isOpenElsewhere()) {
        throw new IOException("netlib was given another library before");
      }
      return new Engine(BlasChoice.OPENBLAS, "OpenBLAS (" + kernel + ")", netlib);
    }
  }

  private static Engine openSystem() throws IOException {
    String library = systemLibrary();
    try (SharedLibrary found = SharedLibrary.open(library)) {
      BLAS netlib = nativeNetlib(library);
      String kernel = found.openBlasKernel();
      String name = "system " + library + (kernel == null ? "" : " (OpenBLAS " + kernel + ")");
      return new Engine(BlasChoice.SYSTEM, name, netlib);
    }
  }

  private static Engine openJava() {
    BLAS netlib = withProperties(Map.of(ALLOW_NATIVE, "false"), JavaBLAS::getInstance);
    boolean vector = netlib.getClass().getSimpleName().equals("VectorBLAS");
    String name = vector ? "netlib Java (vector)" : "netlib Java (scalar)";
    return new Engine(BlasChoice.JAVA, name, netlib);
  }

  /** The library that netlib would take: the one its properties name, else the system's own. */
  private static String systemLibrary() {
    String name =
        System.getProperty(
            LIBRARY_NAME,
            isMac()
                ? "/System/Library/Frameworks/Accelerate.framework/Accelerate"
                : "libblas.so.3");
    return System.getProperty(LIBRARY_PATH, name);
  }

  private static boolean isMac() {
    return System.getProperty("os.name").equals("Mac OS X");
  }

  /**
   * netlib on a native library, ready to multiply.
   *
   * @throws IOException if netlib cannot use it, or was set up without one before
   */
  private static BLAS nativeNetlib(String library) throws IOException {
    Map<String, String> properties = Map.of(ALLOW_NATIVE, "true", LIBRARY_PATH, library);
    BLAS netlib = withProperties(properties, BLAS::getInstance);
    SharedLibrary.deleteFiles(FILE_OF_NETLIB);
    if (!(netlib instanceof NativeBLAS)) {
      throw new IOException("netlib cannot use " + library);
    }
    // Some libraries read how many threads they may have when they are first used.
    netlib.sgemm("N", "N", 1, 1, 1, 1f, new float[1], 1, new float[1], 1, 0f, new float[1], 1);
    return netlib;
  }

  /** netlib reads its properties when it is first used, and once. */
  private static BLAS withProperties(Map<String, String> properties, Supplier<BLAS> netlib) {
    Map<String, @Nullable String> before = new HashMap<>();
    properties.forEach((name, value) -> before.put(name, System.setProperty(name, value)));
    try {
      return netlib.get();
    } finally {
      before.forEach(
          (name, value) -> {
            if (value == null) {
              System.clearProperty(name);
            } else {
              System.setProperty(name, value);
            }
          });
    }
  }

  private static String hint(BlasChoice choice) {
    return switch (choice) {
      case AUTO -> "netlib's properties, such as -D%s, must name a BLAS".formatted(LIBRARY_PATH);
      case SYSTEM -> "install one, or give --blas auto";
      case OPENBLAS, JAVA -> "give --blas auto for the best that there is";
    };
  }

  private static String lineOf(Throwable failed) {
    String message = failed.getMessage() == null ? failed.toString() : failed.getMessage();
    return message.lines().findFirst().orElse("");
  }
}
