package org.sparkprop.data.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkprop.base.Caller;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.source.column.ColumnRoles;
import org.sparkprop.data.source.column.ColumnSearch;
import org.sparkprop.data.source.column.TableFacts;
import org.sparkprop.data.source.column.TableOptions;
import org.sparkprop.data.source.column.TableReading;
import org.sparkprop.data.source.file.ReadFailure;
import org.sparkprop.data.source.file.SecondLook;

/**
 * A table that Spark reads, each part as {@link TableRows}. The features of the part that is read
 * first are those of all parts.
 */
final class TableSource implements RowSource {
  private final String word;
  private final Map<String, TableLocation> parts;
  private final Map<String, TableRows> opened = new HashMap<>();
  private TableOptions options;
  private TableFacts facts = TableFacts.NONE;
  private Consumer<String> progress = line -> {};

  TableSource(String word, TableOptions options, Map<String, TableLocation> parts) {
    this.word = word;
    this.options = options;
    this.parts = new TreeMap<>(parts);
  }

  /** A table of Spark's catalog. */
  static TableSource ofCatalog(String table, TableOptions options) {
    if (table.isBlank()) {
      throw new IllegalArgumentException(
          "Invalid data: %s (must name a table, such as %sdb.name)".formatted(CATALOG, CATALOG));
    }
    return new TableSource(
        CATALOG + table, options, Map.of(TRAIN, new TableLocation.Catalog(table)));
  }

  @Override
  public void prepare(SparkSession spark, Consumer<String> progress) {
    this.progress = progress;
  }

  @Override
  public boolean hasPart(SparkSession spark, String name) {
    return parts.containsKey(name);
  }

  @Override
  public String partToEvaluate(SparkSession spark) {
    boolean whole = parts.size() == 1 && parts.containsKey(TRAIN);
    return whole ? TRAIN : TEST;
  }

  @Override
  public Dataset<Row> rows(SparkSession spark, Part part) {
    TableLocation table = parts.get(part.name());
    if (table == null) {
      throw new InvalidInputException(
          "Cannot find part %s of %s (it has %s)"
              .formatted(part.name(), word, String.join(", ", parts.keySet())));
    }
    return part.cut(opened.computeIfAbsent(part.name(), name -> open(spark, name, table)).rows());
  }

  @Override
  public void readAs(TableReading reading) {
    options = options.withReading(reading);
  }

  @Override
  public TableFacts facts() {
    return facts;
  }

  /** The same columns somewhere else; only the one that held rows out is of no use there. */
  @Override
  public RowSource at(String word) {
    return RowSource.of(word, TableOptions.DEFAULT, options.withValidation(null));
  }

  /** Adds the file of the row and, where a feature is not a number, its column. */
  @Override
  public InvalidInputException locate(Part part, InvalidInputException refused) {
    TableRows table = opened.get(part.name());
    return table == null ? refused : table.locate(refused, word + " " + part);
  }

  @Override
  public String toString() {
    return word;
  }

  private ColumnRoles find(Dataset<Row> table, String part, String name, SecondLook look) {
    try {
      return new ColumnSearch(table, name, Caller.COMMAND_LINE, look).find(options);
    } catch (InvalidInputException refused) {
      String missing = refused.missing();
      if (missing == null) {
        throw refused;
      }
      List<String> labels = options.labels().isEmpty() ? List.of("label") : options.labels();
      boolean unlabelled = labels.contains(missing);
      boolean trained = !opened.isEmpty() && part.equals(TEST);
      throw new InvalidInputException(
          refused.getMessage()
              + look.hintOfNames()
              + (unlabelled && trained
                  ? "; rows without a label are not evaluated on: give --test-part none"
                  : ""),
          refused);
    }
  }

  private TableRows open(SparkSession spark, String part, TableLocation table) {
    String name = word + " " + part;
    Consumer<String> warnings = warning -> progress.accept("warning: " + warning);
    SecondLook look = SecondLook.NONE;
    try {
      TableLocation.Opened opened = table.open(spark, name, options, warnings);
      look = opened.look();
      Dataset<Row> all = opened.rows();
      if (all.columns().length == 0) {
        throw new InvalidInputException("Cannot read %s: it is empty".formatted(name));
      }
      progress.accept("table: %s, %s".formatted(name, table.how()));
      ColumnRoles columns = find(all, part, name, look);
      look.uses(all.schema(), columns.readNames());
      List<String> doubts = new ArrayList<>();
      TableRows rows =
          TableRows.of(all, columns, options, name, Caller.COMMAND_LINE, look, doubts::add);
      rows.description().forEach(progress);
      doubts.forEach(warnings);
      if (facts.equals(TableFacts.NONE)) {
        facts = rows.facts();
        options = options.after(facts);
      }
      return rows;
    } catch (Exception unreadable) {
      throw ReadFailure.refusal(name, unreadable, look);
    }
  }
}
