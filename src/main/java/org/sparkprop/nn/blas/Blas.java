package org.sparkprop.nn.blas;

import java.io.IOException;
import java.lang.System.Logger;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/**
 * All products of this JVM, by the BLAS that it has chosen. Matrices here are column-major, as BLAS
 * wants them; callers note their own row-major shapes beside each call.
 *
 * <p>Chosen once in each JVM: by {@link #use}, or at the first product as {@link BlasChoice#AUTO}.
 * A choice that was refused stays so: products then throw the same {@link BlasException}, and never
 * come from another BLAS.
 */
public final class Blas {
  private static final String LIBRARY_PATH = "dev.ludovic.netlib.blas.nativeLibPath";
  private static final String LIBRARY_NAME = "dev.ludovic.netlib.blas.nativeLib";
  private static final String ALLOW_NATIVE = "dev.ludovic.netlib.blas.allowNative";

  /** One thread a call, since Spark owns the cores; in the words of all that may be installed. */
  private static final Map<String, String> ONE_THREAD =
      Map.of(
          "OPENBLAS_NUM_THREADS", "1",
          "OMP_NUM_THREADS", "1",
          "MKL_NUM_THREADS", "1",
          "BLIS_NUM_THREADS", "1",
          "VECLIB_MAXIMUM_THREADS", "1");

  /** MKL gives other bits from run to run without it, as Java's arrays lie anywhere. */
  private static final String SAME_BITS = "MKL_CBWR";

  private static final String SAME_BITS_OF_ANY_ARRAY = "AUTO,STRICT";

  private static final Logger LOG = System.getLogger(Blas.class.getName());

  /** Held strongly: java.util.logging forgets the level of a logger that nobody holds. */
  private static final java.util.logging.Logger NETLIB_LOG =
      java.util.logging.Logger.getLogger("dev.ludovic.netlib.blas");

  private static volatile @Nullable Engine engine;
  private static @Nullable String refusal;

  private Blas() {}

  /**
   * What multiplies, with its name for the log, the report and the model folder.
   *
   * @param problem why it is not a faster one; null if it is, or was asked for
   * @param remedy the option of Java that may mend that; null if there is none
   */
  private record Engine(
      BlasChoice choice,
      String name,
      Sgemm netlib,
      @Nullable String problem,
      @Nullable String remedy) {
    Engine(BlasChoice choice, String name, Sgemm netlib) {
      this(choice, name, netlib, null, null);
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
    Level before = NETLIB_LOG.getLevel();
    NETLIB_LOG.setLevel(Level.SEVERE); // what it could warn of is said here
    try {
      engine = open(choice);
      refusal = null;
    } catch (IOException | LinkageError | RuntimeException failed) {
      String message =
          "Cannot use BLAS %s: %s (%s)"
              .formatted(choice.word(), lineOf(failed), hint(choice, failed));
      refusal = message;
      throw new BlasException(message, failed);
    } finally {
      NETLIB_LOG.setLevel(before);
    }
  }

  /** The implementation that this JVM uses, for the log, the report and the model folder. */
  public static String name() {
    return engine().name();
  }

  /**
   * Why {@link BlasChoice#AUTO} has come to a slow BLAS; null if it has not, or if another was
   * asked for.
   */
  public static @Nullable String problem() {
    return engine().problem();
  }

  /**
   * The option of Java that may mend {@link #problem}, such as {@code -Djava.io.tmpdir=FOLDER};
   * null if there is none. FOLDER stands for a folder whose files may be executed.
   */
  public static @Nullable String remedy() {
    return engine().remedy();
  }

  /**
   * C = alpha op(A) op(B) + beta C, with op(A) (m, k), op(B) (k, n) and C (m, n), column-major.
   *
   * @param transA "N" or "T"; likewise {@code transB}
   * @param lda distance between two columns of A as stored; likewise {@code ldb}, {@code ldc}
   */
  public static void sgemm(
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
    Engine chosen = engine();
    if (chosen.problem() != null) { // nobody has asked, and so nobody will say it
      LOG.log(Logger.Level.WARNING, chosen.problem());
    }
    return chosen;
  }

  private static Engine open(BlasChoice choice) throws IOException {
    return switch (choice) {
      case AUTO -> openBest();
      case OPENBLAS -> {
        OpenBlas.checkPlatform();
        yield openWithOneThread(Blas::openOpenBlas);
      }
      case SYSTEM -> openWithOneThread(folder -> openSystem());
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
      Engine java = openJava();
      String slower =
          java.name().contains("vector")
              ? "several times slower"
              : "many times slower without its module jdk.incubator.vector";
      String reason =
          "Cannot use native BLAS: %s; Java's is %s, and has other bits"
              .formatted(lineOf(none), slower);
      LOG.log(Logger.Level.DEBUG, reason, none);
      return new Engine(java.choice(), java.name(), java.netlib(), reason, remedyOf(none));
    }
  }

  /** What opens a native library. */
  private interface Opener {
    Engine open(NativeFolder folder) throws IOException;
  }

  private static Engine openWithOneThread(Opener opener) throws IOException {
    try (NativeFolder folder = NativeFolder.make()) {
      Libc.load(folder.path());
      Map<String, String> variables = new HashMap<>(ONE_THREAD);
      variables.put(
          SAME_BITS,
          Objects.requireNonNullElse(Environment.get(SAME_BITS), SAME_BITS_OF_ANY_ARRAY));
      return Environment.with(variables, () -> opener.open(folder));
    }
  }

  private static Engine openOpenBlas(NativeFolder folder) throws IOException {
    try (OpenBlas openBlas = OpenBlas.unpack(folder)) {
      String kernel = openBlas.load();
      Sgemm netlib = nativeNetlib(openBlas.library());
      if (!openBlas.isOpenElsewhere()) {
        throw new IOException("netlib has taken another library");
      }
      return new Engine(BlasChoice.OPENBLAS, "OpenBLAS (" + kernel + ")", netlib);
    }
  }

  private static Engine openSystem() throws IOException {
    String library = systemLibrary();
    try (SharedLibrary found = SharedLibrary.open(library)) {
      Sgemm netlib = nativeNetlib(library);
      String kernel = found.openBlasKernel();
      // What a name such as libblas.so.3 leads to is another one on another host.
      Object file = Objects.requireNonNullElse(found.fileOf("sgemm_"), library);
      String name = "system " + file + (kernel == null ? "" : " (OpenBLAS " + kernel + ")");
      return new Engine(BlasChoice.SYSTEM, name, netlib);
    }
  }

  private static Engine openJava() throws IOException {
    Sgemm netlib = NetlibLoader.open(Map.of(ALLOW_NATIVE, "false"), true);
    boolean vector = netlib.implementation().equals("VectorBLAS");
    String name = vector ? "vector, %d bits".formatted(vectorBits()) : "scalar";
    return new Engine(BlasChoice.JAVA, "netlib Java (" + name + ")", netlib);
  }

  /**
   * The widest vectors of this host: Java's BLAS takes them, and adds in another order for each.
   */
  private static int vectorBits() {
    try {
      // The module is an option of Java, and so cannot be named here.
      Class<?> shape = Class.forName("jdk.incubator.vector.VectorShape");
      Object widest = shape.getField("S_Max_BIT").get(null);
      return (int) shape.getMethod("vectorBitSize").invoke(widest);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
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
   * @throws IOException if netlib cannot use it
   */
  private static Sgemm nativeNetlib(String library) throws IOException {
    Map<String, String> properties = Map.of(ALLOW_NATIVE, "true", LIBRARY_PATH, library);
    Sgemm netlib = NetlibLoader.open(properties, false);
    NativeFolder.deleteNetlibsOfThisJvm();
    // Some libraries read how many threads they may have when they are first used.
    float[] one = new float[1];
    netlib.sgemm("N", "N", 1, 1, 1, 1f, one, 0, 1, one, 0, 1, 0f, new float[1], 0, 1);
    return netlib;
  }

  private static String hint(BlasChoice choice, Throwable failed) {
    String option = remedyOf(failed);
    String start =
        option == null
            ? ""
            : "%s%s, a folder whose files may be executed, or "
                .formatted(BlasException.START_JAVA, option);
    return switch (choice) {
      case AUTO -> "netlib's properties, such as -D%s, must name a BLAS".formatted(LIBRARY_PATH);
      case SYSTEM ->
          option == null ? "install one, or give --blas auto" : start + "give --blas auto";
      case OPENBLAS, JAVA -> start + "give --blas auto for the best that there is";
    };
  }

  private static @Nullable String remedyOf(Throwable failed) {
    return failed instanceof UnusableException unusable ? unusable.javaOption() : null;
  }

  private static String lineOf(Throwable failed) {
    String message = failed.getMessage() == null ? failed.toString() : failed.getMessage();
    return message.lines().findFirst().orElse("");
  }
}
