package org.sparkprop.data.source.file;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.jspecify.annotations.Nullable;

/**
 * How the records of CSV files are told apart.
 *
 * @param quote a character, -1 for none; so are {@code escape} and {@code comment}
 * @param lineSeparator null for any of LF, CR LF and CR
 * @param blanksBeforeQuotes whether a quote opens a value after blanks, too
 */
@DefaultSerializer(JavaSerializer.class)
record CsvDialect(
    String separator,
    int quote,
    int escape,
    int comment,
    @Nullable String lineSeparator,
    String charset,
    boolean blanksBeforeQuotes)
    implements Serializable {

  static CsvDialect of(CSVOptions options) {
    return new CsvDialect(
        options.delimiter(),
        options.quote() == 0 ? -1 : options.quote(),
        options.escape() == 0 ? -1 : options.escape(),
        options.isCommentSet() ? options.comment() : -1,
        options.lineSeparator().isEmpty() ? null : options.lineSeparator().get(),
        options.charset(),
        options.ignoreLeadingWhiteSpaceInRead());
  }

  Charset encoding() {
    return Charset.forName(charset);
  }

  /** Whether a line break is one byte, by which Spark can cut a file into lines and splits. */
  boolean hasLinesOfBytes() {
    byte[] lineFeed = "\n".getBytes(encoding());
    return lineFeed.length == 1 && lineFeed[0] == '\n';
  }

  /** Whether a byte is a quote, a separator or a line break only where the character is one. */
  boolean canBeScannedAsBytes() {
    String name = encoding().name().toUpperCase(Locale.ROOT);
    boolean bytes =
        name.equals("UTF-8")
            || name.equals("US-ASCII")
            || name.startsWith("ISO-8859-")
            || name.startsWith("WINDOWS-125");
    return bytes && isAscii(quote) && isAscii(escape) && isAscii(comment);
  }

  /** The separator as the units that are scanned. */
  int[] separatorUnits(boolean bytes) {
    if (!bytes) {
      return separator.chars().toArray();
    }
    byte[] encoded = separator.getBytes(encoding());
    int[] units = new int[encoded.length];
    for (int i = 0; i < encoded.length; i++) {
      units[i] = encoded[i] & 0xff;
    }
    return units;
  }

  /** The last character of a line, where one was given. */
  int lineEnd() {
    return lineSeparator == null
        ? '\n'
        : lineSeparator.getBytes(StandardCharsets.ISO_8859_1)[lineSeparator.length() - 1] & 0xff;
  }

  private static boolean isAscii(int character) {
    return character < 0x80;
  }
}
