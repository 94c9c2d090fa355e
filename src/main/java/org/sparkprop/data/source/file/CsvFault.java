package org.sparkprop.data.source.file;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.catalyst.csv.UnivocityParser;
import org.apache.spark.sql.catalyst.util.BadRecordException;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first record of a CSV file that Spark refuses, by asking Spark's own parser record by
 * record, and says in which line of the file it stands and why.
 */
final class CsvFault {
  private static final int MAX_TEXT = 60;
  private static final String NEVER_CLOSED =
      "opens a quote that is never closed (must be closed by a quote before a separator or the line's end)";

  private final CsvSettings settings;
  private final CsvDialect dialect;
  private final List<String> header;
  private final @Nullable StructType schema;
  private final @Nullable UnivocityParser parser;

  /**
   * @param header the names of the columns; empty if the files have none
   * @param schema of the files; null if Spark did not get so far
   * @param used the columns whose values count
   */
  CsvFault(
      CsvSettings settings, List<String> header, @Nullable StructType schema, Set<String> used) {
    this.settings = settings;
    this.dialect = settings.dialect();
    this.header = header;
    this.schema = schema;
    this.parser = schema == null ? null : parser(schema, used);
  }

  private UnivocityParser parser(StructType schema, Set<String> used) {
    StructField[] required =
        Arrays.stream(schema.fields())
            .filter(field -> used.contains(field.name()))
            .toArray(StructField[]::new);
    return new UnivocityParser(schema, new StructType(required), settings.spark());
  }

  /** The refusal of a file, null if nothing is found that Spark would refuse. */
  @Nullable String in(String path, Configuration hadoop) throws IOException {
    boolean whole = settings.isSet("multiLine");
    try (CsvRecords records = CsvRecords.open(path, hadoop, dialect, whole)) {
      CsvParser cells = settings.forColumns(header.size()).parser();
      int width = schema == null ? header.size() : schema.size();
      boolean first = true;
      for (String record = records.next(); record != null; record = records.next()) {
        boolean isHeader = first && settings.isSet("header");
        first = false;
        String fault = records.isClosed() ? fault(record, cells, width, isHeader) : NEVER_CLOSED;
        if (fault != null) {
          return "Cannot read %s: line %d %s".formatted(path, records.line(), fault);
        }
        if (width == 0) {
          width = cells.parseLine(record).length;
        }
      }
      return null;
    }
  }

  /**
   * The same for a file of which it is known that a value goes on over a line break: the first
   * record that does, unless another is malformed before.
   *
   * @param brokenValue what is to be said of that record
   */
  String inOrBroken(String path, Configuration hadoop, String brokenValue) throws IOException {
    try (CsvRecords records = CsvRecords.open(path, hadoop, dialect, true)) {
      for (String record = records.next(); record != null; record = records.next()) {
        String fault = records.isClosed() ? quotesOf(record) : NEVER_CLOSED;
        if (fault == null && records.lastLine() > records.line()) {
          fault = brokenValue;
        }
        if (fault != null) {
          return "Cannot read %s: line %d %s".formatted(path, records.line(), fault);
        }
      }
      return "Cannot read %s: %s".formatted(path, brokenValue);
    }
  }

  private @Nullable String quotesOf(String record) {
    try {
      settings.parserOfAny(record).parseLine(record);
      return null;
    } catch (TextParsingException malformed) {
      return malformed(malformed, record);
    }
  }

  private @Nullable String fault(String record, CsvParser parser, int width, boolean isHeader) {
    String[] cells;
    try {
      cells = parser.parseLine(record);
    } catch (TextParsingException malformed) {
      return malformed(malformed, record);
    }
    if (cells == null || isHeader) {
      return null;
    }
    if (width > 0 && cells.length != width) {
      return "has %s, %s (expected %d%s; correct the line, quote values that have a %s in them, or leave such lines out with --read-option mode=DROPMALFORMED)"
          .formatted(
              count(cells.length),
              quoted(record),
              width,
              header.isEmpty() ? ", as the first line" : ", as the header",
              separator());
    }
    if (this.parser == null || isRead(this.parser, record)) {
      return null;
    }
    if (header.equals(Arrays.asList(cells))) {
      return "repeats the header (must be a row; remove the line)";
    }
    return wrongValue(this.parser, cells);
  }

  private static boolean isRead(UnivocityParser parser, String record) {
    try {
      parser.parse().apply(record);
      return true;
    } catch (Exception refused) { // BadRecordException is checked, undeclared
      if (refused instanceof BadRecordException || refused instanceof RuntimeException) {
        return false;
      }
      throw refused;
    }
  }

  private @Nullable String wrongValue(UnivocityParser parser, String[] cells) {
    StructField[] fields = schema == null ? new StructField[0] : schema.fields();
    for (int i = 0; i < Math.min(fields.length, cells.length); i++) {
      StructField field = fields[i];
      try {
        parser.makeConverter(field.name(), field.dataType(), true).apply(cells[i]);
      } catch (RuntimeException wrong) {
        return "has %s in column %s (expected %s, as in the rows that its type was inferred from; correct the value, or leave out --read-option samplingRatio)"
            .formatted(quoted(cells[i]), field.name(), field.dataType().simpleString());
      }
    }
    return null;
  }

  private String malformed(TextParsingException malformed, String record) {
    if (String.valueOf(malformed.getMessage()).contains("maximum number of columns")
        || malformed.getCause() instanceof ArrayIndexOutOfBoundsException) {
      return "has more cells than the %,d that are read, %s (correct the line, or give --read-option maxColumns=N)"
          .formatted(Math.max(header.size(), 1), quoted(record));
    }
    return "has a quote within a quoted value, %s (must be doubled, \"\"; where a backslash escapes it, give --read-option 'escape=\\')"
        .formatted(quoted(record));
  }

  private String separator() {
    return switch (dialect.separator()) {
      case "," -> "comma";
      case ";" -> "semicolon";
      case "\t" -> "tab";
      default -> dialect.separator();
    };
  }

  private static String count(int cells) {
    return cells == 1 ? "1 cell" : cells + " cells";
  }

  /** A text for a message: one line, not all if it is long. */
  private static String quoted(@Nullable String text) {
    String line = String.valueOf(text).replaceAll("[\\r\\n]+", "\u23ce");
    return "\"%s\"".formatted(line.length() <= MAX_TEXT ? line : line.substring(0, MAX_TEXT) + "…");
  }
}
