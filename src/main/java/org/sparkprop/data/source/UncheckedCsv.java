package org.sparkprop.data.source;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.csv.CSVFileFormat;
import org.sparkprop.base.Caller;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Tells CSV that somebody else lets Spark read, an application or the catalog, without what makes
 * Spark refuse rows that do not fit.
 */
final class UncheckedCsv {
  /** What Spark must be told; unasked it takes the other. */
  private static final Map<String, String> WANTED = new LinkedHashMap<>();

  static {
    WANTED.put("mode", "FAILFAST");
    WANTED.put("columnPruning", "false");
    WANTED.put("unescapedQuoteHandling", "RAISE_ERROR");
    WANTED.put("escape", "\"");
  }

  private UncheckedCsv() {}

  /** A sentence, if there are such files behind the table. */
  static Optional<String> warning(Dataset<Row> table, String name, Caller caller) {
    for (LogicalPlan leaf :
        CollectionConverters.asJava(table.queryExecution().analyzed().collectLeaves())) {
      if (leaf instanceof LogicalRelation relation
          && relation.relation() instanceof HadoopFsRelation files
          && files.fileFormat() instanceof CSVFileFormat) {
        Map<String, String> missing =
            missing(CollectionConverters.asJava(files.options()), isPruned(table));
        if (!missing.isEmpty()) {
          return Optional.of(sentence(missing, name, caller));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isPruned(Dataset<Row> table) {
    return Boolean.parseBoolean(
        table.sparkSession().conf().get("spark.sql.csv.parser.columnPruning.enabled", "true"));
  }

  private static Map<String, String> missing(Map<String, String> options, boolean pruned) {
    Map<String, String> told = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    told.putAll(options);
    boolean leavesOut =
        "DROPMALFORMED".equals(told.getOrDefault("mode", "").toUpperCase(Locale.ROOT));
    Map<String, String> missing = new LinkedHashMap<>(WANTED);
    missing
        .entrySet()
        .removeIf(
            wanted ->
                switch (wanted.getKey()) {
                  case "mode" -> leavesOut || wanted.getValue().equalsIgnoreCase(told.get("mode"));
                  case "columnPruning" ->
                      !pruned || wanted.getValue().equalsIgnoreCase(told.get("columnPruning"));
                  case "unescapedQuoteHandling" ->
                      wanted.getValue().equalsIgnoreCase(told.get(wanted.getKey()));
                  default -> told.containsKey("escape"); // whoever says it knows
                });
    return missing;
  }

  private static String sentence(Map<String, String> missing, String name, Caller caller) {
    return switch (caller) {
      case COMMAND_LINE ->
          "%s is CSV that Spark reads unchecked: a row with too many cells, or with quotes that shift them, is not seen; create the table with OPTIONS (%s), or name its files"
              .formatted(
                  name,
                  missing.entrySet().stream()
                      .map(option -> "%s '%s'".formatted(option.getKey(), option.getValue()))
                      .collect(Collectors.joining(", ")));
      case LIBRARY ->
          "%s come from CSV that Spark reads unchecked: a row with too many cells, or with quotes that shift them, is not seen; read it with %s"
              .formatted(
                  name,
                  missing.entrySet().stream()
                      .map(
                          option ->
                              "option(\"%s\", \"%s\")"
                                  .formatted(
                                      option.getKey(), option.getValue().replace("\"", "\\\"")))
                      .collect(Collectors.joining(", ")));
    };
  }
}
