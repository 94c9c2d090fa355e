package org.sparkprop.cli;

import org.sparkprop.base.Nearest;
import picocli.CommandLine.Model.CommandSpec;

/** The nearest right word for a wrong one. */
final class Suggestion {
  private Suggestion() {}

  /** {@code " (did you mean …?)"} for an option or a command, or nothing if no word is near. */
  static String forArgument(String wrong, CommandSpec command) {
    String word = wrong.replaceFirst("=.*", "");
    return word.startsWith("-")
        ? Nearest.hint(word, command.optionsMap().keySet())
        : Nearest.hint(word, command.subcommands().keySet());
  }

  /** The same for the name of an option in a file, without hyphens. */
  static String forName(String wrong, CommandSpec command) {
    return Nearest.hint(
        wrong,
        command.optionsMap().keySet().stream().map(name -> name.replaceFirst("^-+", "")).toList());
  }
}
