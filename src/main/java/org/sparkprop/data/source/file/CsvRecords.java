package org.sparkprop.data.source.file;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.sparkprop.spark.CompressedFile;

/** The records of a CSV file, one after the other, each with the line of the file it begins in. */
final class CsvRecords implements Closeable {
  /** More than any value has; what is longer is a quote that nobody closed. */
  private static final int MAX_CHARACTERS = 1 << 24;

  private static final int END = -1;

  private final Reader text;
  private final CsvDialect dialect;
  private final CsvQuotes quotes;
  private final boolean whole;
  private final StringBuilder record = new StringBuilder();
  private long nextLine = 1;
  private long line;
  private boolean closed = true;
  private int ahead;

  /**
   * @param whole whether a value in quotes goes on over line breaks; else each line is a record, as
   *     for Spark without {@code multiLine}
   */
  CsvRecords(Reader text, CsvDialect dialect, boolean whole) throws IOException {
    this.text = text;
    this.dialect = dialect;
    this.quotes = new CsvQuotes(dialect, false);
    this.whole = whole;
    this.ahead = text.read();
    if (ahead == '\ufeff') { // the byte-order mark
      ahead = text.read();
    }
  }

  /** The records of a file that may be compressed. */
  static CsvRecords open(String path, Configuration hadoop, CsvDialect dialect, boolean whole)
      throws IOException {
    return new CsvRecords(
        new BufferedReader(
            new InputStreamReader(CompressedFile.open(new Path(path), hadoop), dialect.encoding()),
            1 << 16),
        dialect,
        whole);
  }

  /** The next record that is neither empty nor a comment; null after the last. */
  @Nullable String next() throws IOException {
    while (ahead != END) {
      line = nextLine;
      read();
      String found = record.toString();
      boolean comment = dialect.comment() >= 0 && found.indexOf(dialect.comment()) == 0;
      if (!comment && !(whole ? found.isEmpty() : found.isBlank())) {
        return found;
      }
    }
    return null;
  }

  /** Goes on to a record, from 0, of those that follow: the line it begins in, 0 for none. */
  long lineOf(long record) throws IOException {
    String found = next();
    for (long i = 0; i < record && found != null; i++) {
      found = next();
    }
    return found == null ? 0 : line;
  }

  /** The line in which the last record begins, from 1. */
  long line() {
    return line;
  }

  /** The line in which the last record ends. */
  long lastLine() {
    return nextLine - 1;
  }

  /** Whether the last record ends outside quotes. */
  boolean isClosed() {
    return closed;
  }

  private void read() throws IOException {
    record.setLength(0);
    int state = CsvQuotes.LINE_START;
    boolean lineEnded = false;
    while (ahead != END) {
      int unit = ahead;
      ahead = text.read();
      boolean ends = endsLine(unit);
      if (ends) {
        nextLine++;
        if (!whole || !CsvQuotes.isQuoted(state)) {
          dropLineEnd(unit);
          lineEnded = true;
          break;
        }
      }
      state = quotes.next(state, unit);
      if (record.length() < MAX_CHARACTERS) {
        record.append((char) unit);
      }
      if (ends && unit == '\r' && ahead == '\n' && dialect.lineSeparator() == null) {
        record.append((char) ahead); // one line break, not two
        ahead = text.read();
      }
    }
    if (!lineEnded) {
      nextLine++; // the last line of a file need not end
    }
    closed = !CsvQuotes.isQuoted(state) && record.length() < MAX_CHARACTERS;
  }

  private boolean endsLine(int unit) {
    String separator = dialect.lineSeparator();
    if (separator == null) {
      return unit == '\n' || unit == '\r';
    }
    int last = separator.length() - 1;
    return unit == separator.charAt(last)
        && (last == 0
            || (!record.isEmpty() && record.charAt(record.length() - 1) == separator.charAt(0)));
  }

  private void dropLineEnd(int unit) throws IOException {
    String separator = dialect.lineSeparator();
    if (separator != null) {
      record.setLength(record.length() - (separator.length() - 1));
    } else if (unit == '\r' && ahead == '\n') {
      ahead = text.read();
    }
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
