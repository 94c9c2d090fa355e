package org.sparkprop.cli;

import org.sparkprop.spark.Storage;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks of paths that need no file system. */
final class Paths {
  private Paths() {}

  /** Refuses what is not a Hadoop path, such as an empty word, as wrong usage. */
  static void check(CommandSpec spec, String option, String path) {
    try {
      if (!path.isBlank() && !Storage.path(path).toString().isEmpty()) {
        return;
      }
    } catch (IllegalArgumentException malformed) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid %s: \"%s\" (must be a path)".formatted(option, path),
          malformed);
    }
    throw new ParameterException(
        spec.commandLine(), "Invalid %s: \"%s\" (must be a path)".formatted(option, path));
  }
}
