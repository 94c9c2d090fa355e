package org.sparkprop.data.source.file;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a file is whose name says that it is text, going by its first bytes. */
final class FileKind {
  /** Bytes that tell. */
  static final int BYTES = 512;

  /** What a file is that begins so, and what to do. */
  private static final Map<String, String> BY_BYTES =
      Map.ofEntries(
          Map.entry("1f8b", "gzip-compressed (let its name end with .gz)"),
          Map.entry("425a6839314159265359", "bzip2-compressed (let its name end with .bz2)"),
          Map.entry("28b52ffd", "zstd-compressed (let its name end with .zst)"),
          Map.entry("fd377a585a00", "xz-compressed (unpack it)"),
          Map.entry("377abcaf271c", "a 7z archive (unpack it)"),
          Map.entry("526172211a07", "a RAR archive (unpack it)"),
          Map.entry("50415231", "a Parquet file (give --format parquet)"),
          Map.entry("4f5243", "an ORC file (give --format orc)"),
          Map.entry("4f626a01", "an Avro file (give --format avro)"),
          Map.entry("d0cf11e0a1b11ae1", "an Excel workbook (save it as CSV)"),
          Map.entry("894844460d0a1a0a", "an HDF5 file (write it as CSV or Parquet)"),
          Map.entry("53514c69746520666f726d6174", "an SQLite database (write its table as CSV)"),
          Map.entry("255044462d", "a PDF document (must be a table)"));

  private FileKind() {}

  /**
   * What the file is, and what to do, as the end of a sentence.
   *
   * @param start its first bytes, unpacked where its name says how
   * @return null if it may well be text
   */
  static @Nullable String of(byte[] start) {
    String bytes = HexFormat.of().formatHex(start);
    for (Map.Entry<String, String> kind : BY_BYTES.entrySet()) {
      if (bytes.startsWith(kind.getKey())) {
        return kind.getValue();
      }
    }
    String text = new String(start, StandardCharsets.ISO_8859_1);
    if (text.startsWith("PK\u0003\u0004")) {
      return text.contains("[Content_Types].xml") || text.contains("xl/")
          ? "an Excel workbook (save it as CSV)"
          : "a zip archive (unpack it)";
    }
    String words = text.strip().toLowerCase(Locale.ROOT);
    if (words.startsWith("<!doctype html") || words.startsWith("<html")) {
      return "a web page (download the file itself)";
    }
    if (words.startsWith("version https://git-lfs")) {
      return "a pointer of Git LFS and not the file (get that with git lfs pull)";
    }
    return null;
  }

  /** The same of a file that is read as CSV: JSON is then another format, too. */
  static @Nullable String ofCsv(byte[] start) {
    String text = new String(start, StandardCharsets.ISO_8859_1).strip();
    if (text.matches("(?s)\\{\\s*\".*")) {
      boolean line = text.matches("(?s)\\{[^\r\n]*\\}\\s*([\r\n].*)?") || !text.contains("\n");
      return line
          ? "JSON (give --format json)"
          : "JSON (give --format json --read-option multiLine=true)";
    }
    return text.matches("(?s)\\[\\s*\\{\\s*\".*")
        ? "JSON (give --format json --read-option multiLine=true)"
        : of(start);
  }

  /** The encoding of two or more bytes a character that a file's first bytes tell, else null. */
  static @Nullable String wideEncoding(byte[] start) {
    if (start.length < 4) {
      return null;
    }
    boolean marked =
        (start[0] == (byte) 0xff && start[1] == (byte) 0xfe)
            || (start[0] == (byte) 0xfe && start[1] == (byte) 0xff);
    if (marked) {
      return "UTF-16";
    }
    if (start[0] == 0 && start[1] != 0 && start[2] == 0) {
      return "UTF-16BE";
    }
    return start[0] != 0 && start[1] == 0 && start[2] != 0 && start[3] == 0 ? "UTF-16LE" : null;
  }
}
