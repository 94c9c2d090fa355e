package org.sparkprop.nn.blas;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** OpenBLAS out of the application's jar: unpacked, and loaded as is best for this host. */
final class OpenBlas implements AutoCloseable {
  private static final String LIBRARY = "libopenblas.so.0";
  private static final String CORE_TYPE = "OPENBLAS_CORETYPE";

  /** What the library finds beside itself; a platform need not have all of them. */
  private static final List<String> BESIDE =
      List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5");

  private final Path folder;
  private @Nullable SharedLibrary loaded;

  private OpenBlas(Path folder) {
    this.folder = folder;
  }

  /**
   * Unpacks the library for this platform.
   *
   * @param folder where to, which the caller deletes
   * @throws IOException if there is none for it, or no room
   */
  static OpenBlas unpack(NativeFolder folder) throws IOException {
    String platform = platform();
    OpenBlas openBlas = new OpenBlas(folder.path());
    for (String file : BESIDE) {
      openBlas.unpack(platform, file);
    }
    if (!openBlas.unpack(platform, LIBRARY)) {
      throw new IOException("the jar has no OpenBLAS for " + platform);
    }
    return openBlas;
  }

  /** Where the library lies until it is closed. */
  String library() {
    return folder.resolve(LIBRARY).toString();
  }

  /**
   * Loads the library with its best kernel for this host; {@value #CORE_TYPE} wins, if the user has
   * set it.
   *
   * @return the name of the kernel
   * @throws IOException if this host cannot load it
   */
  String load() throws IOException {
    String kernel = load(Map.of());
    if (Environment.get(CORE_TYPE) == null && Avx512.isMissedBy(kernel, cpuinfo())) {
      return load(Map.of(CORE_TYPE, Avx512.CORE_TYPE));
    }
    return kernel;
  }

  /** Loads the library, anew if need be, with variables that it reads when it is loaded. */
  String load(Map<String, String> variables) throws IOException {
    close();
    SharedLibrary library;
    try {
      library = Environment.with(variables, () -> SharedLibrary.open(library()));
    } catch (IOException forbidden) { // such as "failed to map segment from shared object"
      throw NativeFolder.unusable(lineOf(forbidden), forbidden);
    }
    loaded = library;
    return String.valueOf(library.openBlasKernel());
  }

  /** Lets go of the library, and says whether somebody else, as netlib should, has it open. */
  boolean isOpenElsewhere() {
    close();
    return SharedLibrary.isOpen(library());
  }

  /** Lets go of the library, which stays while somebody else has it open. */
  @Override
  public void close() {
    if (loaded != null) {
      loaded.close();
      loaded = null;
    }
  }

  private boolean unpack(String platform, String file) throws IOException {
    String resource = "/org/bytedeco/openblas/%s/%s".formatted(platform, file);
    try (@Nullable InputStream packed = OpenBlas.class.getResourceAsStream(resource)) {
      if (packed == null) {
        return false;
      }
      folder.resolve(file).toFile().deleteOnExit(); // the user may end the JVM before we are done
      Files.copy(packed, folder.resolve(file));
      return true;
    } catch (IOException full) {
      throw NativeFolder.unusable("%s: %s".formatted(folder, full.getMessage()), full);
    }
  }

  /**
   * Refuses a platform before anything is done for it.
   *
   * @throws IOException if the jar has no library for it
   */
  static void checkPlatform() throws IOException {
    platform();
  }

  private static String platform() throws IOException {
    String system = System.getProperty("os.name");
    String processor = System.getProperty("os.arch");
    if (system.equals("Linux") && processor.equals("amd64")) {
      return "linux-x86_64";
    }
    if (system.equals("Linux") && processor.equals("aarch64")) {
      return "linux-arm64";
    }
    throw new IOException("there is no OpenBLAS for %s on %s".formatted(system, processor));
  }

  private static String lineOf(IOException failed) {
    return String.valueOf(failed.getMessage());
  }

  private static String cpuinfo() throws IOException {
    return Files.readString(Path.of("/proc/cpuinfo"));
  }
}
