package org.sparkprop.nn.blas;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A native library, opened as netlib opens it, so that both have the same one. */
final class SharedLibrary implements AutoCloseable {
  private static final int LAZY = 1;

  /** On Linux; macOS has another number. */
  private static final int ONLY_IF_LOADED = 4;

  /** Of the struct {@code Dl_info}, whose first is the name of the file. */
  private static final int FIELDS_OF_DL_INFO = 4;

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
    Pointer handle = call("dlopen").invokePointer(new Object[] {name, LAZY});
    if (handle == null) {
      throw new IOException(call("dlerror").invokeString(new Object[0], false));
    }
    return new SharedLibrary(handle);
  }

  /** Whether somebody has a library open, on Linux. */
  static boolean isOpen(String name) {
    Pointer handle = call("dlopen").invokePointer(new Object[] {name, LAZY | ONLY_IF_LOADED});
    if (handle == null) {
      return false;
    }
    new SharedLibrary(handle).close();
    return true;
  }

  /** The file that a function of the library is in, which may be one that it needs in turn. */
  @Nullable Path fileOf(String function) {
    Pointer symbol = symbol(function);
    if (symbol == null) {
      return null;
    }
    // Not closed: older versions of JNA, which a Spark distribution may have, free it in the end.
    Memory information = new Memory((long) FIELDS_OF_DL_INFO * Native.POINTER_SIZE);
    try {
      Pointer name =
          call("dladdr").invokeInt(new Object[] {symbol, information}) == 0
              ? null
              : information.getPointer(0);
      return name == null ? null : Path.of(name.getString(0)).toRealPath();
    } catch (IOException | InvalidPathException notAFile) { // as macOS has it
      return null;
    }
  }

  /**
   * The kernel that OpenBLAS has chosen for this host, such as {@code SkylakeX}; null if the
   * library is another.
   */
  @Nullable String openBlasKernel() {
    Pointer symbol = symbol("openblas_get_corename");
    return symbol == null ? null : Function.getFunction(symbol).invokeString(new Object[0], false);
  }

  /** Lets go of the library, which stays loaded while somebody else has it open. */
  @Override
  public void close() {
    call("dlclose").invokeInt(new Object[] {handle});
  }

  private @Nullable Pointer symbol(String name) {
    return call("dlsym").invokePointer(new Object[] {handle, name});
  }

  private static Function call(String name) {
    return Libc.function(name);
  }
}
