package org.sparkprop.nn;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * OpenBLAS out of the application's jar: unpacked into a folder of this JVM's own, loaded, and
 * deleted again, since a loaded library needs its file no more.
 */
final class OpenBlas implements AutoCloseable {
  private static final Logger LOG = System.getLogger(OpenBlas.class.getName());
  private static final String LIBRARY = "libopenblas.so.0";

  /** What the library finds beside itself; a platform need not have all of them. */
  private static final List<String> BESIDE =
      List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5");

  private final Path folder;

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
    OpenBlas openBlas = new OpenBlas(Files.createTempDirectory("sparkprop-openblas"));
    try {
      for (String file : BESIDE) {
        openBlas.unpack(platform, file);
      }
      if (!openBlas.unpack(platform, LIBRARY)) {
        throw new IOException("the jar has no OpenBLAS for " + platform);
      }
      return openBlas;
    } catch (IOException failed) {
      openBlas.close();
      throw failed;
    }
  }

  /** Where the library lies until it is closed. */
  String library() {
    return folder.resolve(LIBRARY).toString();
  }

  /**
   * Loads the library, with one thread a call, since Spark owns the cores.
   *
   * @return the name of the kernel that it has chosen for this host, such as {@code SkylakeX}
   * @throws UnsatisfiedLinkError if this host cannot load it
   */
  String load() {
    // The library reads its environment when it is loaded, and Java cannot change its own.
    Object[] oneThread = {"OPENBLAS_NUM_THREADS", "1", 1};
    NativeLibrary.getInstance("c").getFunction("setenv").invokeInt(oneThread);
    NativeLibrary library = NativeLibrary.getInstance(library());
    return library.getFunction("openblas_get_corename").invokeString(new Object[0], false);
  }

  /** Deletes the files; if that fails, they stay and nothing else does. */
  @Override
  public void close() {
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

  private boolean unpack(String platform, String file) throws IOException {
    String resource = "/org/bytedeco/openblas/%s/%s".formatted(platform, file);
    try (@Nullable InputStream packed = OpenBlas.class.getResourceAsStream(resource)) {
      if (packed == null) {
        return false;
      }
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
}
