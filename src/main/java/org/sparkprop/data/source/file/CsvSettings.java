package org.sparkprop.data.source.file;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What Spark's source {@code csv} is told, as values.
 *
 * @param options in any case of letters
 * @param timeZone of the session
 */
@DefaultSerializer(JavaSerializer.class)
record CsvSettings(TreeMap<String, String> options, String timeZone) implements Serializable {
  /** How many columns Spark reads unless it is told otherwise. */
  private static final int MAX_COLUMNS = 20_480;

  static CsvSettings of(Map<String, String> options, String timeZone) {
    TreeMap<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(options);
    return new CsvSettings(all, timeZone);
  }

  /** These and one more; what the user said of it stays. */
  CsvSettings with(String option, String value) {
    TreeMap<String, String> more = new TreeMap<>(options);
    more.putIfAbsent(option, value);
    return new CsvSettings(more, timeZone);
  }

  /** These without one. */
  CsvSettings without(String option) {
    TreeMap<String, String> fewer = new TreeMap<>(options);
    fewer.remove(option);
    return new CsvSettings(fewer, timeZone);
  }

  /** As Spark understands them. */
  CSVOptions spark() {
    return new CSVOptions(
        scala.collection.immutable.Map$.MODULE$.from(CollectionConverters.asScala(options)),
        isSet("columnPruning"),
        timeZone);
  }

  /** The parser that Spark would use. */
  CsvParser parser() {
    return new CsvParser(spark().asParserSettings());
  }

  /** One for a record, however many cells it has; it does not mind quotes. */
  CsvParser parserOfAny(String record) {
    CsvParserSettings settings = spark().asParserSettings();
    long separators = record.chars().filter(unit -> unit == spark().delimiter().charAt(0)).count();
    settings.setMaxColumns(Math.toIntExact(separators + 2));
    return new CsvParser(settings);
  }

  CsvDialect dialect() {
    return CsvDialect.of(spark());
  }

  boolean isSet(String option) {
    return "true".equalsIgnoreCase(options.get(option));
  }

  boolean says(String option) {
    return options.containsKey(option);
  }

  /** The encoding that was given, null for UTF-8 unasked. */
  @Nullable String encoding() {
    return options.getOrDefault("encoding", options.get("charset"));
  }

  /** These, so that a row of so many cells can be read. */
  CsvSettings forColumns(int columns) {
    return columns < MAX_COLUMNS
        ? this
        : with("maxColumns", Integer.toString(Math.addExact(columns, 1)));
  }

  /** Whether rows that do not fit are left out, so that not each record is a row. */
  boolean dropsRows() {
    return "DROPMALFORMED".equalsIgnoreCase(options.get("mode"));
  }
}
