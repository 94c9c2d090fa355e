package org.sparkprop.nn.blas;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The C library of this process, called through JNA. JNA brings native code of its own, which a
 * host may forbid; then every call says why, and the same each time.
 */
final class Libc {
  private static final String FOLDER_OF_JNA = "jna.tmpdir";
  private static final String NATIVE_CODE_OF_JNA = "jna.boot.library.path";

  /** The JVM names a file that it cannot load, and so does the system's loader. */
  private static final Pattern TWICE = Pattern.compile("^(\\S+: )\\1");

  private static final List<String> FUNCTIONS =
      List.of("dlopen", "dlerror", "dlsym", "dladdr", "dlclose", "getenv", "setenv", "unsetenv");

  private static @Nullable NativeLibrary process;
  private static @Nullable String problem;

  /** Whether the problem is a version. */
  private static boolean isForeign;

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
        String why = line.strip().lines().findFirst().orElse("");
        String version = foreignVersion(failed, why);
        isForeign = version != null;
        problem =
            version != null
                ? version
                : "JNA cannot load its native code: " + TWICE.matcher(why).replaceFirst("$1");
      } finally {
        if (!isUsersChoice) {
          System.clearProperty(FOLDER_OF_JNA);
        }
      }
    }
    if (isForeign) { // no folder helps
      throw new IOException(problem);
    }
    throw isUsersChoice
        ? new UnusableException(problem, "-D" + FOLDER_OF_JNA + "=FOLDER")
        : NativeFolder.unusable(problem, null);
  }

  /** What to take away where JNA is not the version that we have brought; else null. */
  private static @Nullable String foreignVersion(Throwable failed, String why) {
    String path = System.getProperty(NATIVE_CODE_OF_JNA);
    if (path != null && why.contains("incompatible JNA native library")) {
      return "%s=%s leads to native code of another version of JNA: take that option of Java away"
          .formatted(NATIVE_CODE_OF_JNA, path);
    }
    if (failed instanceof IncompatibleClassChangeError) { // such as a method that is not there
      CodeSource source = NativeLibrary.class.getProtectionDomain().getCodeSource();
      return "another JNA comes first on the class path%s (%s): take it away there"
          .formatted(source == null ? "" : ", " + source.getLocation(), why);
    }
    return null;
  }

  private static NativeLibrary opened() {
    NativeLibrary library = NativeLibrary.getProcess();
    // What dlerror says is gone with the next dlsym. Looking a function up is one, and the JVM does
    // one when a native method is first called, such as JNA's that reads texts: so all that is done
    // before there is an error.
    FUNCTIONS.forEach(library::getFunction);
    Memory empty = new Memory(1); // which older versions of JNA cannot close, but free in the end
    empty.clear();
    empty.getString(0);
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
