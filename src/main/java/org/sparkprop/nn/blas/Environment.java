package org.sparkprop.nn.blas;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Variables of this process while a library is loaded, which reads them then; Java cannot change
 * its own. Afterwards they are as before, since processes that this one starts would inherit them.
 */
final class Environment {
  private Environment() {}

  /** What loads a library. */
  interface Loader<T> {
    T load() throws IOException;
  }

  /** Loads a library under these variables. */
  static <T> T with(Map<String, String> variables, Loader<T> loader) throws IOException {
    Map<String, @Nullable String> before = new LinkedHashMap<>();
    variables.forEach((name, value) -> before.put(name, get(name)));
    try {
      variables.forEach(Environment::set);
      return loader.load();
    } finally {
      before.forEach(Environment::set);
    }
  }

  /** The value of a variable as a library would see it now, null if it is not set. */
  static @Nullable String get(String name) {
    return Libc.function("getenv").invokeString(new Object[] {name}, false);
  }

  private static void set(String name, @Nullable String value) {
    if (value == null) {
      Libc.function("unsetenv").invokeInt(new Object[] {name});
    } else {
      Libc.function("setenv").invokeInt(new Object[] {name, value, 1});
    }
  }
}
