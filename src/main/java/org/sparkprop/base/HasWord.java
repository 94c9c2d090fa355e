package org.sparkprop.base;

import java.util.List;
import java.util.Locale;

/** A constant of an enum whose name is its word in options, files and messages. */
public interface HasWord {
  /** The name of the constant in Java. */
  String name();

  /** Its word: {@code leaky-relu} for {@code LEAKY_RELU}. */
  default String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The constant that a word names, in any case, with blanks and underscores for hyphens.
   *
   * @param what all of them are, for the refusal
   * @throws IllegalArgumentException if none is named so, with the words that there are
   */
  static <T extends HasWord> T named(String what, String word, T[] all) {
    return Nearest.named(what, word, List.of(all), HasWord::word);
  }
}
