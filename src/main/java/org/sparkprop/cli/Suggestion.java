package org.sparkprop.cli;

import java.util.Collection;
import java.util.Comparator;
import org.apache.commons.text.similarity.LevenshteinDistance;
import picocli.CommandLine.Model.CommandSpec;

/** The nearest right word for a wrong one. */
final class Suggestion {
  private static final LevenshteinDistance EDITS = LevenshteinDistance.getDefaultInstance();

  private Suggestion() {}

  /** {@code " (did you mean …?)"} for an option or a command, or nothing if no word is near. */
  static String forArgument(String wrong, CommandSpec command) {
    String word = wrong.replaceFirst("=.*", "");
    return word.startsWith("-")
        ? nearest(word, command.optionsMap().keySet())
        : nearest(word, command.subcommands().keySet());
  }

  /** The same for the name of an option in a file, without hyphens. */
  static String forName(String wrong, CommandSpec command) {
    return nearest(
        wrong,
        command.optionsMap().keySet().stream().map(name -> name.replaceFirst("^-+", "")).toList());
  }

  private static String nearest(String wrong, Collection<String> words) {
    int most = Math.max(2, wrong.length() / 3);
    return words.stream()
        .filter(word -> EDITS.apply(wrong, word) <= most)
        .min(Comparator.comparingInt(word -> EDITS.apply(wrong, word)))
        .map(" (did you mean %s?)"::formatted)
        .orElse("");
  }
}
