package org.sparkprop.data;

import java.util.Collection;
import java.util.Comparator;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The nearest right word for a wrong one. */
public final class Nearest {
  private static final LevenshteinDistance EDITS = LevenshteinDistance.getDefaultInstance();

  private Nearest() {}

  /** {@code " (did you mean …?)"}, or nothing if no word is near. */
  public static String hint(String wrong, Collection<String> words) {
    int most = Math.min(wrong.length() - 1, Math.max(2, wrong.length() / 3));
    return words.stream()
        .filter(word -> EDITS.apply(wrong, word) <= most)
        .min(Comparator.comparingInt(word -> EDITS.apply(wrong, word)))
        .map(" (did you mean %s?)"::formatted)
        .orElse("");
  }
}
