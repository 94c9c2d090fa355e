package org.sparkprop.data.source.file;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.apache.spark.sql.execution.datasources.orc.OrcOptions;
import org.apache.spark.sql.execution.datasources.parquet.ParquetOptions;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.base.Nearest;
import scala.jdk.javaapi.CollectionConverters;

/** What Spark's source of a format is told: our standard, and over it what the user says. */
public final class ReadOptions {
  private static final List<String> OF_ALL_FILES =
      List.of(
          "pathGlobFilter",
          "recursiveFileLookup",
          "modifiedBefore",
          "modifiedAfter",
          "basePath",
          "ignoreCorruptFiles",
          "ignoreMissingFiles",
          "ignoreInvalidPartitionPaths");

  private ReadOptions() {}

  /**
   * The options of a format that we know.
   *
   * @param word what the user calls the data, for messages
   * @throws InvalidInputException if the format has no option of such a name
   */
  public static Map<String, String> of(TableFormat format, Map<String, String> given, String word) {
    for (String option : given.keySet()) {
      refuseUnknown(format, option, word);
    }
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER); // as Spark has it
    options.putAll(format.options());
    options.putAll(given);
    if (format.source().equals("csv")) {
      Map<String, String> said = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      said.putAll(given);
      if (said.containsKey("delimiter") && !said.containsKey("sep")) {
        options.remove("sep"); // of the two names of one option Spark prefers this
      }
      String quote = said.getOrDefault("quote", "\"");
      if (!quote.isEmpty()) {
        options.putIfAbsent("escape", quote); // RFC 4180: a quote is escaped by a quote
      }
    }
    return options;
  }

  private static void refuseUnknown(TableFormat format, String option, String word) {
    Set<String> known = new HashSet<>(OF_ALL_FILES);
    known.addAll(
        CollectionConverters.asJava(
            switch (format) {
              case CSV, TSV -> CSVOptions.getAllOptions();
              case JSON, JSONL -> JSONOptions.getAllOptions();
              case PARQUET -> ParquetOptions.getAllOptions();
              case ORC -> OrcOptions.getAllOptions();
              case AVRO -> org.apache.spark.sql.avro.AvroOptions.getAllOptions();
            }));
    boolean ofFileSystem = option.contains("."); // such as fs.s3a.endpoint
    boolean there = known.stream().anyMatch(name -> name.equalsIgnoreCase(option));
    if (!ofFileSystem && !there) {
      String hint = Nearest.hint(option, known);
      throw new InvalidInputException(
          "Cannot read %s: Spark's source %s has no option %s%s"
              .formatted(
                  word,
                  format.source(),
                  option,
                  hint.isEmpty()
                      ? " (it has %s)"
                          .formatted(
                              String.join(
                                  ", ",
                                  known.stream().sorted(String.CASE_INSENSITIVE_ORDER).toList()))
                      : hint));
    }
  }
}
