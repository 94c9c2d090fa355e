package org.sparkprop.nn;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A native library, opened as netlib opens it, so that both have the same one. */
final class SharedLibrary implements AutoCloseable {
  private static final Function OPEN = NativeLibrary.getProcess().getFunction("dlopen");
  private static final Function ERROR = NativeLibrary.getProcess().getFunction("dlerror");
  private static final Function SYMBOL = NativeLibrary.getProcess().getFunction("dlsym");
  private static final Function CLOSE = NativeLibrary.getProcess().getFunction("dlclose");
  private static final int LAZY = 1;

  /** On Linux; macOS has another number. */
  private static final int ONLY_IF_LOADED = 4;

  static {
    // What dlerror says is gone with the next dlsym, and the JVM does one when a native method is
    // first called: so JNA's method that reads texts is called before there is an error.
    try (Memory empty = new Memory(1)) {
      empty.clear();
      empty.getString(0);
    }
  }

  private final Pointer handle;

  private SharedLibrary(Pointer handle) {
    this.handle = handle;
  }

  /**
   * Loads a library; one that is loaded already is shared.
   *
   * @param name a path, or a file that the system's loader looks up
   * @throws IOException with what the loader says
   */
  static SharedLibrary open(String name) throws IOException {
    Pointer handle = OPEN.invokePointer(new Object[] {name, LAZY});
    if (handle == null) {
      throw new IOException(ERROR.invokeString(new Object[0], false));
    }
    return new SharedLibrary(handle);
  }

  /** Whether somebody has a library open, on Linux. */
  static boolean isOpen(String name) {
    Pointer handle = OPEN.invokePointer(new Object[] {name, LAZY | ONLY_IF_LOADED});
    if (handle == null) {
      return false;
    }
    new SharedLibrary(handle).close();
    return true;
  }

  /**
   * Deletes files out of which libraries are loaded in this JVM, which Linux needs no more. Their
   * owner does so when the JVM ends, but cannot if it is killed.
   */
  static void deleteFiles(Pattern fileName) throws IOException {
    Path mapped = Path.of("/proc/self/maps");
    if (Files.exists(mapped)) {
      for (String line : Files.readAllLines(mapped)) {
        Path file = Path.of(line.substring(line.lastIndexOf(' ') + 1));
        if (file.isAbsolute() && fileName.matcher(file.getFileName().toString()).matches()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /**
   * The kernel that OpenBLAS has chosen for this host, such as {@code SkylakeX}; null if the
   * library is another.
   */
  @Nullable String openBlasKernel() {
    Pointer symbol = SYMBOL.invokePointer(new Object[] {handle, "openblas_get_corename"});
    return symbol == null ? null : Function.getFunction(symbol).invokeString(new Object[0], false);
  }

  /** Lets go of the library, which stays loaded while somebody else has it open. */
  @Override
  public void close() {
    CLOSE.invokeInt(new Object[] {handle});
  }
}
