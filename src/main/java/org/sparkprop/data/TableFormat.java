package org.sparkprop.data;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A format of tables that a file's ending tells, compressed ({@code .csv.gz}) or not. */
enum TableFormat {
  PARQUET("parquet"),
  CSV("csv"),
  TSV("csv"),
  JSON("json"),
  JSONL("json"),
  ORC("orc"),
  AVRO("avro");

  private static final String COMPRESSED = ",.gz,.bz2,.zst,.lz4,.snappy,.deflate";
  private static final Pattern ENDING =
      Pattern.compile(
          ".+\\.(%s)(%s)"
              .formatted(
                  Arrays.stream(values()).map(TableFormat::word).collect(Collectors.joining("|")),
                  COMPRESSED.replace(".", "\\.").replace(',', '|')));

  private final String source;

  TableFormat(String source) {
    this.source = source;
  }

  /** The format that a file's name ends with, null if it ends with none. */
  static @Nullable TableFormat ofFile(String name) {
    Matcher form = ENDING.matcher(name.toLowerCase(Locale.ROOT));
    return form.matches() ? named(form.group(1)) : null;
  }

  /** The format of this name, null for a source of Spark of which we know no more. */
  static @Nullable TableFormat named(String word) {
    for (TableFormat format : values()) {
      if (format.word().equals(word)) {
        return format;
      }
    }
    return null;
  }

  /** The ending, and the word for it in options. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The name of Spark's data source. */
  String source() {
    return source;
  }

  /** What Spark is told unless the user says otherwise. */
  Map<String, String> options() {
    return switch (this) {
      case CSV -> Map.of("header", "true", "inferSchema", "true");
      case TSV -> Map.of("header", "true", "inferSchema", "true", "sep", "\t");
      case PARQUET, JSON, JSONL, ORC, AVRO -> Map.of();
    };
  }

  /** A glob for the names of its files, in small letters or capitals. */
  String glob() {
    StringBuilder glob = new StringBuilder("*.");
    for (char letter : word().toCharArray()) {
      glob.append('[').append(letter).append(Character.toUpperCase(letter)).append(']');
    }
    return glob.append('{').append(COMPRESSED).append('}').toString();
  }
}
