package org.sparkprop.data.source.file;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.base.NameList;

/**
 * The first records of the CSV files of a table, which Spark does not compare: it takes the names
 * of one file for all, and drops the first line of each.
 */
final class CsvHeaders {
  /** What Excel takes for the name of the separator. */
  private static final Pattern FOR_EXCEL = Pattern.compile("\"?(?i:sep)=(.)\"?[,;\t]*");

  private static final List<String> SEPARATORS = List.of(";", "\t", "|", ",");

  private final List<CsvLook.File> files;
  private final CsvSettings settings;
  private final boolean named;

  /**
   * @param files in the order of their paths
   */
  CsvHeaders(List<CsvLook.File> files, CsvSettings settings) {
    this.files = files;
    this.settings = settings;
    this.named = settings.isSet("header");
  }

  /** The cells of the first file that has any, none if there is no such file. */
  static List<String> first(List<CsvLook.File> files) {
    for (CsvLook.File file : files) {
      if (file.header() != null) {
        return file.header();
      }
    }
    return List.of();
  }

  /** The most cells that a first record has. */
  int width() {
    return files.stream()
        .mapToInt(file -> file.header() == null ? 0 : file.header().size())
        .max()
        .orElse(0);
  }

  /**
   * Makes sure that the files go together.
   *
   * @throws InvalidInputException naming the first that does not
   */
  void check(Consumer<String> warnings) {
    for (CsvLook.File file : files) {
      if (file.unlike() != null) {
        throw refusal(file, file.unlike());
      }
    }
    List<CsvLook.File> some = files.stream().filter(file -> file.header() != null).toList();
    if (some.isEmpty()) {
      return;
    }
    CsvLook.File first = some.get(0);
    checkSeparator(first);
    if (named) {
      if (some.stream().allMatch(file -> file.second() == null)) {
        throw refusal(
            first,
            "it has a header, %s, and no rows (must have rows below it%s)"
                .formatted(
                    line(cells(first)),
                    CsvStart.isRow(cells(first))
                        ? "; where this is a row, give --read-option header=false"
                        : ""));
      }
      if (CsvStart.looksLikeRow(first, settings)) {
        warnings.accept(
            "the first line of %s, %s, is taken for the header and looks like a row: where it is one, give --read-option header=false"
                .formatted(first.path(), line(cells(first))));
      }
      for (CsvLook.File other : some.subList(1, some.size())) {
        checkSame(first, other);
      }
      warnOfTwins(first, warnings);
    }
  }

  private void checkSeparator(CsvLook.File file) {
    List<String> cells = cells(file);
    Matcher excel = FOR_EXCEL.matcher(String.valueOf(file.headerText()));
    if (excel.matches()) {
      boolean same = excel.group(1).equals(settings.dialect().separator());
      throw refusal(
          file,
          "its first line is %s, which is for Excel alone (remove the line%s)"
              .formatted(
                  file.headerText(), same ? "" : ", and give " + CsvStart.wayOut(excel.group(1))));
    }
    if (cells.size() != 1) {
      return;
    }
    String second = file.second();
    for (String separator : SEPARATORS) {
      if (cells.get(0).contains(separator) && (second == null || second.contains(separator))) {
        throw refusal(
            file,
            "it has one column, %s (give %s)"
                .formatted(cells.get(0).replace("\t", "\\t"), CsvStart.wayOut(separator)));
      }
    }
  }

  private static void checkSame(CsvLook.File first, CsvLook.File other) {
    List<String> wanted = cells(first);
    List<String> found = cells(other);
    if (wanted.equals(found)) {
      return;
    }
    String wants =
        " (must be the names of %s in their order: every file of a table needs the same header)"
            .formatted(first.path());
    Set<String> common = new HashSet<>(wanted);
    common.retainAll(found);
    if (common.isEmpty()) {
      throw refusal(other, "its first line is %s, no header%s".formatted(line(found), wants));
    }
    List<String> missing = new ArrayList<>(wanted);
    missing.removeAll(found);
    List<String> more = new ArrayList<>(found);
    more.removeAll(wanted);
    if (missing.size() == 1 && more.isEmpty()) {
      throw refusal(other, "it has no column %s%s".formatted(missing.get(0), wants));
    }
    if (missing.isEmpty() && more.size() == 1) {
      throw refusal(other, "it has one column more, %s%s".formatted(more.get(0), wants));
    }
    int at = 0;
    while (at < Math.min(wanted.size(), found.size()) && wanted.get(at).equals(found.get(at))) {
      at++;
    }
    throw refusal(
        other,
        "column %d of its header is %s, not %s%s"
            .formatted(at + 1, name(found, at), name(wanted, at), wants));
  }

  /** Spark numbers columns of one name, or of names that differ in capitals alone. */
  private static void warnOfTwins(CsvLook.File file, Consumer<String> warnings) {
    List<String> cells = cells(file);
    Set<String> met = new HashSet<>();
    for (int i = 0; i < cells.size(); i++) {
      if (!cells.get(i).isEmpty() && !met.add(cells.get(i).toLowerCase(Locale.ROOT))) {
        warnings.accept(
            "the header of %s names %s twice: its columns are called by name and place, such as %s%d"
                .formatted(file.path(), cells.get(i), cells.get(i), i));
        return;
      }
    }
  }

  /** A hint for names that were not found because blanks belong to them; else nothing. */
  static String hintOfBlanks(List<String> header) {
    for (String name : header) {
      if (!name.equals(name.strip()) && !name.isBlank()) {
        return "; the header has blanks around \"%s\": give --read-option ignoreLeadingWhiteSpace=true --read-option ignoreTrailingWhiteSpace=true"
            .formatted(name);
      }
    }
    return "";
  }

  private static List<String> cells(CsvLook.File file) {
    return file.header() == null ? List.of() : file.header();
  }

  private static String name(List<String> names, int at) {
    return at < names.size() ? names.get(at) : "missing";
  }

  private static String line(List<String> cells) {
    return "\"%s\"".formatted(NameList.shown(cells).replace(", ", ","));
  }

  private static InvalidInputException refusal(CsvLook.File file, String what) {
    return new InvalidInputException("Cannot read %s: %s".formatted(file.path(), what));
  }
}
