package org.sparkprop.data.source.file;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.sparkprop.spark.CompressedFile;

/**
 * Looks at a range of a CSV file for line breaks within quotes, at which Spark's reader of lines
 * would cut a row in two: a byte a step, about as fast as a disk gives them.
 *
 * <p>A range begins after the first line break in it and ends with the first one after its end, and
 * is taken to begin outside quotes. If no range of a file meets a line break in quotes, then that
 * holds for each, one after the other, and there is none in the file. Else the first range that
 * meets one is right about it.
 */
final class CsvScan {
  private static final int BUFFER = 1 << 18;
  private static final int CARRIAGE_RETURN = '\r';

  private final CsvDialect dialect;
  private final CsvQuotes quotes;
  private int state = CsvQuotes.LINE_START;
  private boolean brokenValue;
  private int outside;
  private LineEnd first = LineEnd.NONE;
  private int previous = -1;
  private boolean previousQuoted;
  private final SuffixScan suffixes;

  private CsvScan(CsvDialect dialect, boolean bytes) {
    this.dialect = dialect;
    this.quotes = new CsvQuotes(dialect, bytes);
    this.suffixes = new SuffixScan(dialect, bytes);
  }

  /** How lines end. */
  enum LineEnd {
    NONE(0),
    LF(1),
    CRLF(2),
    CR(4);

    private final int bit;

    LineEnd(int bit) {
      this.bit = bit;
    }

    boolean isIn(int bits) {
      return (bits & bit) != 0;
    }
  }

  /**
   * What a range of a file looks like.
   *
   * @param brokenValue whether a line break lies within quotes
   * @param unclosed whether the file ends within quotes
   * @param lineEnds bits of the {@link LineEnd}s outside quotes
   * @param first line end of all, within quotes or not
   * @param suffixes whether a cell may be a number with a letter behind it that Java has for types
   */
  @DefaultSerializer(JavaSerializer.class)
  record Range(boolean brokenValue, boolean unclosed, int lineEnds, LineEnd first, boolean suffixes)
      implements Serializable {}

  /**
   * Scans a range.
   *
   * @param start first byte; 0 for a file that cannot be cut
   * @param end the byte after the last; {@link Long#MAX_VALUE} for the end of the file
   */
  static Range of(Path file, Configuration hadoop, CsvDialect dialect, long start, long end)
      throws IOException {
    boolean bytes = dialect.canBeScannedAsBytes();
    CsvScan scan = new CsvScan(dialect, bytes);
    if (!bytes) {
      try (Reader text =
          new InputStreamReader(CompressedFile.open(file, hadoop), dialect.encoding())) {
        scan.characters(text);
      }
    } else if (start == 0) {
      try (InputStream in = CompressedFile.open(file, hadoop)) {
        scan.bytes(in, 0, end, false);
      }
    } else {
      try (FSDataInputStream in = file.getFileSystem(hadoop).open(file)) {
        in.seek(start - 1);
        scan.bytes(in, start - 1, end, true);
      }
    }
    return scan.found(end);
  }

  private Range found(long end) {
    endLineOfPrevious(-1);
    boolean atEnd = end == Long.MAX_VALUE;
    return new Range(
        brokenValue, atEnd && CsvQuotes.isQuoted(state), outside, first, suffixes.found());
  }

  private void characters(Reader text) throws IOException {
    char[] buffer = new char[BUFFER];
    for (int read = text.read(buffer); read >= 0; read = text.read(buffer)) {
      for (int i = 0; i < read; i++) {
        if (buffer[i] != '\ufeff') {
          take(buffer[i]);
        }
      }
    }
  }

  private void bytes(InputStream in, long from, long end, boolean skipLine) throws IOException {
    byte[] buffer = new byte[BUFFER];
    boolean skipping = skipLine;
    long at = from;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      int i = at == 0 ? byteOrderMark(buffer, read) : 0;
      if (skipping) {
        while (i < read && skipping) {
          skipping = !quotes.isBreak(buffer[i] & 0xff);
          if (!skipping && at + i >= end - 1) {
            return; // no line begins in this range
          }
          i++;
        }
      }
      for (; i < read; i++) {
        int unit = buffer[i] & 0xff;
        take(unit);
        if (at + i >= end - 1 && quotes.isBreak(unit)) {
          return;
        }
      }
      at += read;
    }
  }

  private void take(int unit) {
    if (previous != -1 || quotes.isBreak(unit)) {
      lineEnd(unit);
    }
    state = quotes.next(state, unit);
    suffixes.take(unit);
  }

  /** Sees a unit that is a line break, or follows one. */
  private void lineEnd(int unit) {
    boolean pair = previous == CARRIAGE_RETURN && unit == '\n';
    if (pair) {
      note(LineEnd.CRLF, previousQuoted);
      previous = -1;
      return;
    }
    endLineOfPrevious(unit);
    if (quotes.isBreak(unit)) {
      boolean quoted = CsvQuotes.isQuoted(state);
      brokenValue |= quoted;
      if (unit == CARRIAGE_RETURN && dialect.lineSeparator() == null) {
        previous = unit;
        previousQuoted = quoted;
      } else {
        note(LineEnd.LF, quoted);
      }
    }
  }

  private void endLineOfPrevious(int next) {
    if (previous == CARRIAGE_RETURN && next != '\n') {
      note(LineEnd.CR, previousQuoted);
    }
    previous = -1;
  }

  private void note(LineEnd end, boolean quoted) {
    if (first == LineEnd.NONE) {
      first = end;
    }
    if (!quoted) {
      outside |= end.bit;
    }
  }

  private static int byteOrderMark(byte[] start, int read) {
    boolean mark =
        read >= 3 && start[0] == (byte) 0xef && start[1] == (byte) 0xbb && start[2] == (byte) 0xbf;
    return mark ? 3 : 0;
  }
}
