package org.sparkprop.nn;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * OpenBLAS out of the application's jar: unpacked into a folder of this JVM's own, loaded, and
 * deleted again, since a loaded library needs its file no more.
 */
final class OpenBlas implements AutoCloseable {
  private static final Logger LOG = System.getLogger(OpenBlas.class.getName());
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
   * @throws IOException if there is none for it, or no room
   */
  static OpenBlas unpack() throws IOException {
    String platform = platform();
    OpenBlas openBlas = new OpenBlas(newFolder());
    openBlas.folder.toFile().deleteOnExit(); // the user may end the JVM before we are done
    try {
      for (String file : BESIDE) {
        openBlas.unpack(platform, file);
      }
      if (!openBlas.unpack(platform, LIBRARY)) {
        throw new IOException("the jar has no OpenBLAS for " + platform);
      }
      return openBlas;
    } catch (IOException | RuntimeException failed) {
      openBlas.close();
      throw failed;
    }
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
    letGo();
    SharedLibrary library = Environment.with(variables, () -> SharedLibrary.open(library()));
    loaded = library;
    return String.valueOf(library.openBlasKernel());
  }

  /** Lets go of the library, and says whether somebody else, as netlib should, has it open. */
  boolean isOpenElsewhere() {
    letGo();
    return SharedLibrary.isOpen(library());
  }

  /** Deletes the files; if that fails, they stay and nothing else does. */
  @Override
  public void close() {
    letGo();
    try {
      for (String file : BESIDE) {
        Files.deleteIfExists(folder.resolve(file));
      }
      Files.deleteIfExists(folder.resolve(LIBRARY));
      Files.deleteIfExists(folder);
    } catch (IOException stuck) {
      LOG.log(Logger.Level.WARNING, "Cannot delete " + folder, stuck);
    }
  }

  private void letGo() {
    if (loaded != null) {
      loaded.close();
      loaded = null;
    }
  }

  /** A folder that only this user can enter, under a name that no other JVM has. */
  private static Path newFolder() throws IOException {
    try {
      return Files.createTempDirectory("sparkprop-openblas");
    } catch (IOException failed) {
      String place = System.getProperty("java.io.tmpdir");
      throw new IOException("no folder can be made in " + place, failed);
    }
  }

  private boolean unpack(String platform, String file) throws IOException {
    String resource = "/org/bytedeco/openblas/%s/%s".formatted(platform, file);
    try (@Nullable InputStream packed = OpenBlas.class.getResourceAsStream(resource)) {
      if (packed == null) {
        return false;
      }
      folder.resolve(file).toFile().deleteOnExit();
      Files.copy(packed, folder.resolve(file));
      return true;
    }
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

  private static String cpuinfo() throws IOException {
    return Files.readString(Path.of("/proc/cpuinfo"));
  }
}
