package org.sparkprop.nn;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The C library of this process, called through JNA. JNA brings native code of its own, which a
 * host may forbid; then every call says why, and the same each time.
 */
final class Libc {
  private static final String FOLDER_OF_JNA = "jna.tmpdir";

  private static final List<String> FUNCTIONS =
      List.of("dlopen", "dlerror", "dlsym", "dladdr", "dlclose", "getenv", "setenv", "unsetenv");

  private static @Nullable NativeLibrary process;
  private static @Nullable String problem;

  private Libc() {}

  /**
   * Loads JNA if nobody has yet.
   *
   * @param folder where it may unpack its native code, unless the user has said where
   * @throws IOException if this host forbids it
   */
  static synchronized void load(Path folder) throws IOException {
    if (process != null) {
      return;
    }
    boolean isUsersChoice = System.getProperty(FOLDER_OF_JNA) != null;
    if (problem == null) {
      if (!isUsersChoice) {
        System.setProperty(FOLDER_OF_JNA, folder.toString());
      }
      try {
        process = opened();
        return;
      } catch (VirtualMachineError noMemory) {
        throw noMemory;
      } catch (RuntimeException | Error failed) { // JNA throws Error itself at a foreign version
        String line = failed.getMessage() == null ? failed.toString() : failed.getMessage();
        problem = "JNA cannot load its native code: " + line.strip().lines().findFirst().orElse("");
      } finally {
        if (!isUsersChoice) {
          System.clearProperty(FOLDER_OF_JNA);
        }
      }
    }
    throw isUsersChoice
        ? new UnusableException(problem, "-D" + FOLDER_OF_JNA + "=FOLDER")
        : NativeFolder.unusable(problem, null);
  }

  private static NativeLibrary opened() {
    NativeLibrary library = NativeLibrary.getProcess();
    // What dlerror says is gone with the next dlsym. Looking a function up is one, and the JVM does
    // one when a native method is first called, such as JNA's that reads texts: so all that is done
    // before there is an error.
    FUNCTIONS.forEach(library::getFunction);
    try (Memory empty = new Memory(1)) {
      empty.clear();
      empty.getString(0);
    }
    return library;
  }

  /** A function by its name. Only once JNA is loaded. */
  static synchronized Function function(String name) {
    if (process == null) {
      throw new IllegalStateException("JNA is not loaded");
    }
    return process.getFunction(name);
  }
}
