package org.sparkprop.data.source.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** What the first lines of a CSV file may be where they are no header and rows. */
final class CsvStart {
  private static final int RECORDS = 30;
  private static final int MAX_TEXT = 60;
  private static final List<String> COMMENTS = List.of("#", "%", "//", "!", "*");
  private static final List<String> SEPARATORS =
      List.of(",", ";", "\t", "|", ":", "#", "~", "^", "!", "\u0001", " ");

  private final List<String> records = new ArrayList<>();
  private final List<Long> lines = new ArrayList<>();
  private final CsvSettings settings;

  private CsvStart(CsvSettings settings) {
    this.settings = settings;
  }

  /** A hint for columns that are not in a file; empty for none. */
  static String hint(CsvLook.File file, CsvSettings settings, Configuration hadoop) {
    CsvStart start = new CsvStart(settings);
    try (CsvRecords records =
        CsvRecords.open(file.path(), hadoop, settings.dialect(), settings.isSet("multiLine"))) {
      String record = records.next();
      while (record != null && start.records.size() < RECORDS) {
        start.records.add(record);
        start.lines.add(records.line());
        record = records.next();
      }
    } catch (IOException unreadable) {
      return "";
    }
    return start.records.size() < 2 ? "" : start.hint();
  }

  private String hint() {
    String comment = comment();
    if (comment != null) {
      return "; its first line seems to be a comment: give --read-option comment=" + comment;
    }
    String separator = settings.dialect().separator();
    String found = separator(separator);
    int header = header(found);
    if (header > 0) {
      return "; line %d of it looks like the header, \"%s\": remove the lines above it%s"
          .formatted(
              lines.get(header),
              shown(records.get(header)),
              found.equals(separator) ? "" : ", and give " + wayOut(found));
    }
    if (!found.equals(separator)) {
      return "; its cells seem to have another separator: give " + wayOut(found);
    }
    List<String> first = cells(records.get(0), separator);
    return settings.isSet("header")
            && isRow(first)
            && kinds(first).equals(kinds(cells(records.get(1), separator)))
        ? "; its first line looks like a row and not like a header: give --read-option header=false, and call the columns _c0 to _c%d"
            .formatted(first.size() - 1)
        : "";
  }

  /** What begins lines of comment above the header; null if there are none. */
  private @Nullable String comment() {
    for (String mark : COMMENTS) {
      int rest = 0;
      while (rest < records.size() && records.get(rest).startsWith(mark)) {
        rest++;
      }
      boolean header =
          rest == 1
              && count(records.get(0)) == count(records.get(1))
              && isRow(cells(records.get(1), settings.dialect().separator())); // a name with a mark
      if (rest > 0 && rest < records.size() && !header) {
        return mark.substring(0, 1);
      }
    }
    return null;
  }

  private int count(String record) {
    return cells(record, settings.dialect().separator()).size();
  }

  /** The separator of the last records: the one that was given, if they have it. */
  private String separator(String given) {
    String last = records.get(records.size() - 1);
    String before = records.get(records.size() - 2);
    if (last.contains(given)) {
      return given;
    }
    for (String other : SEPARATORS) {
      int cells = last.contains("  ") && other.equals(" ") ? 0 : cells(last, other).size();
      if (cells > 1 && cells(before, other).size() == cells) {
        return other;
      }
    }
    return given;
  }

  /** The first record with as many names as the last has cells; 0 if none is below the first. */
  private int header(String separator) {
    int width = cells(records.get(records.size() - 1), separator).size();
    for (int i = 0; width > 1 && i < records.size() - 1; i++) {
      List<String> cells = cells(records.get(i), separator);
      if (cells.size() == width && cells.stream().noneMatch(String::isBlank)) {
        return i;
      }
      if (cells.stream().filter(cell -> !cell.isBlank()).count() * 2 > width
          && cells.size() >= width) {
        return 0; // next to all names are there
      }
    }
    return 0;
  }

  private static List<String> cells(String record, String separator) {
    return Arrays.asList(record.split(java.util.regex.Pattern.quote(separator), -1));
  }

  /** Whether a first line has numbers where names should be. */
  static boolean isRow(List<String> cells) {
    return cells.stream().anyMatch(cell -> TextNumber.of(cell.strip()) == TextNumber.PLAIN);
  }

  /** Whether the first line has numbers, in no order that names have, as the second has them. */
  static boolean looksLikeRow(CsvLook.File file, CsvSettings settings) {
    List<String> first = file.header();
    String second = file.second();
    if (first == null || second == null) {
      return false;
    }
    List<String> cells = cells(second, settings.dialect().separator());
    double previous = Double.NEGATIVE_INFINITY;
    boolean inOrder = true;
    for (String cell : first) {
      String text = cell.strip();
      if (TextNumber.of(text) == TextNumber.PLAIN
          && Character.isDigit(text.charAt(text.length() - 1))) {
        double number = Double.parseDouble(text);
        inOrder &= number > previous;
        previous = number;
      }
    }
    return !inOrder && kinds(first).equals(kinds(cells));
  }

  private static List<Boolean> kinds(List<String> cells) {
    return cells.stream().map(cell -> TextNumber.of(cell.strip()) == TextNumber.PLAIN).toList();
  }

  /** The option that names a separator, as a shell takes it. */
  static String wayOut(String separator) {
    return "--read-option \"sep=%s\""
        .formatted(
            switch (separator) {
              case "\t" -> "\\t";
              case "\u0001" -> "\\u0001";
              default -> separator;
            });
  }

  private static String shown(String record) {
    String line = record.replaceAll("[\\r\\n]+", " ");
    return line.length() <= MAX_TEXT ? line : line.substring(0, MAX_TEXT) + "…";
  }
}
