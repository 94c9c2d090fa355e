package org.sparkprop.base;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The nearest right word for a wrong one. */
public final class Nearest {
  private static final LevenshteinDistance EDITS = LevenshteinDistance.getDefaultInstance();

  private Nearest() {}

  /**
   * That of {@code all} which a word names, in any case, with blanks and underscores for hyphens.
   *
   * @throws IllegalArgumentException if none is named so, with the words that there are
   */
  public static <T> T named(String what, String word, List<T> all, Function<T, String> wordOf) {
    String wanted = word.trim().toLowerCase(Locale.ROOT).replaceAll("[\\s_-]+", "-");
    for (T one : all) {
      if (wordOf.apply(one).equals(wanted)) {
        return one;
      }
    }
    throw refusal(what, word, all.stream().map(wordOf).toList());
  }

  /** {@code " (did you mean …?)"}, or nothing if no word is near. */
  public static String hint(String wrong, Collection<String> words) {
    return to(wrong, words).map(" (did you mean %s?)"::formatted).orElse("");
  }

  /** The refusal of a word that is none of {@code words}, with these and the nearest. */
  public static IllegalArgumentException refusal(
      String what, String wrong, Collection<String> words) {
    return refusal(what, wrong, "one of " + String.join(", ", words), words);
  }

  /**
   * The same where more can be said of what it must be.
   *
   * @param bound what follows {@code must be}
   * @param words those without their numbers, as {@code step} of {@code step(30, 0.1)}
   */
  public static IllegalArgumentException refusal(
      String what, String wrong, String bound, Collection<String> words) {
    String word = wrong.replaceFirst("\\(.*", "").trim().toLowerCase(Locale.ROOT);
    String hint = to(word, words).map("; did you mean %s?"::formatted).orElse("");
    return new IllegalArgumentException(
        "Invalid %s: %s (must be %s%s)".formatted(what, wrong.trim(), bound, hint));
  }

  /** None if the word itself is right, and only its numbers are wrong. */
  private static Optional<String> to(String wrong, Collection<String> words) {
    if (wrong.length() > 2) {
      Optional<String> longer =
          words.stream().filter(word -> word.endsWith("-" + wrong)).findFirst();
      if (longer.isPresent()) {
        return longer; // roc-auc for auc, though mcc has fewer other letters
      }
    }
    int most = Math.min(wrong.length() - 1, Math.max(2, wrong.length() / 3));
    return words.stream()
        // What differs in length by more is no candidate; a damaged file may have a word of
        // megabytes.
        .filter(word -> Math.abs(wrong.length() - word.length()) <= most)
        .filter(word -> !word.equals(wrong) && EDITS.apply(wrong, word) <= most)
        .min(Comparator.comparingInt(word -> EDITS.apply(wrong, word)));
  }
}
