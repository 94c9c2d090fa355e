package org.sparkprop.data.source.file;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.HasWord;

/** A format of tables that a file's ending tells, compressed ({@code .csv.gz}) or not. */
public enum TableFormat implements HasWord {
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

  /**
   * A row that has not the cells of the header, or a quote that is not doubled, is refused; with
   * pruning Spark would not see the one, and unasked it takes the other for something else.
   */
  private static final Map<String, String> RFC_4180 =
      Map.of(
          "header", "true",
          "inferSchema", "true",
          "mode", "FAILFAST",
          "columnPruning", "false",
          "unescapedQuoteHandling", "RAISE_ERROR");

  private final String source;

  TableFormat(String source) {
    this.source = source;
  }

  /** The format that a file's name ends with, null if it ends with none. */
  public static @Nullable TableFormat ofFile(String name) {
    Matcher form = ENDING.matcher(name.toLowerCase(Locale.ROOT));
    return form.matches() ? named(form.group(1)) : null;
  }

  /** The format of this name, null for a source of Spark of which we know no more. */
  public static @Nullable TableFormat named(String word) {
    for (TableFormat format : values()) {
      if (format.word().equals(word)) {
        return format;
      }
    }
    return null;
  }

  /** The name of Spark's data source. */
  public String source() {
    return source;
  }

  /** What Spark is told unless the user says otherwise. */
  Map<String, String> options() {
    return switch (this) {
      case CSV -> RFC_4180;
      case TSV -> {
        Map<String, String> options = new HashMap<>(RFC_4180);
        options.put("sep", "\t");
        yield options;
      }
      case JSON, JSONL -> Map.of("mode", "FAILFAST");
      case PARQUET, ORC, AVRO -> Map.of();
    };
  }

  /** A glob for the names of its files, in small letters or capitals. */
  public String glob() {
    StringBuilder glob = new StringBuilder("*.");
    for (char letter : word().toCharArray()) {
      glob.append('[').append(letter).append(Character.toUpperCase(letter)).append(']');
    }
    return glob.append('{').append(COMPRESSED).append('}').toString();
  }
}
