package org.sparkprop.data.source.column;

import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether a column of text has numbers alone in one whole file, and none in another: then it is
 * those files that differ, and not a name or a code that is left out.
 */
final class TextsOfFiles implements Serializable {
  /** Files that are looked at, the first by name. */
  private static final int MAX_FILES = 1000;

  /** Texts of a file that tell what it has. */
  private static final int ENOUGH = 2;

  private final TreeMap<String, Texts> files = new TreeMap<>();
  private transient @Nullable Texts current;
  private transient int split;

  /** What one file has. */
  private static final class Texts implements Serializable {
    private long numbers;
    private long others;
    private Place.@Nullable Finding first;

    void add(Texts more) {
      numbers += more.numbers;
      others += more.others;
      first = Place.Finding.first(first, more.first);
    }

    boolean areNumbers() {
      return numbers >= ENOUGH && others == 0;
    }

    boolean areOthers() {
      return others >= ENOUGH && numbers == 0;
    }
  }

  /**
   * Counts a text that stands for something.
   *
   * @param number whether it is a number as we read them
   */
  void add(String text, boolean number, Cursor cursor) {
    Texts texts = current;
    if (texts == null || split != cursor.split()) {
      split = cursor.split();
      texts = files.computeIfAbsent(cursor.place().file(), file -> new Texts());
      current = texts;
      keepFirst();
    }
    if (number) {
      texts.numbers++;
      return;
    }
    texts.others++;
    if (texts.first == null) {
      texts.first = new Place.Finding(cursor.place(), text);
    }
  }

  void add(TextsOfFiles other) {
    other.files.forEach((file, more) -> files.computeIfAbsent(file, name -> new Texts()).add(more));
    keepFirst();
  }

  private void keepFirst() {
    while (files.size() > MAX_FILES) {
      files.pollLastEntry();
    }
  }

  /** How the files differ; nothing if they do not. */
  Optional<String> difference(TableScan scan) {
    Optional<Map.Entry<String, Texts>> numbers = firstOf(Texts::areNumbers);
    Optional<Texts> others = firstOf(Texts::areOthers).map(Map.Entry::getValue);
    if (numbers.isEmpty() || others.isEmpty()) {
      return Optional.empty();
    }
    Place.Finding first = others.get().first;
    return first == null
        ? Optional.empty()
        : Optional.of(
            "numbers alone in %s, and none in %s (\"%s\" in %s)"
                .formatted(
                    numbers.get().getKey(),
                    first.place().file(),
                    first.text(),
                    scan.words(first.place())));
  }

  private Optional<Map.Entry<String, Texts>> firstOf(Predicate<Texts> wanted) {
    return files.entrySet().stream().filter(file -> wanted.test(file.getValue())).findFirst();
  }
}
