package org.sparkprop.data;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;

/**
 * A table that Spark reads: a row has the number in its column {@code row} or, without one, that of
 * {@link RowNumbers}. The features of the part that is read first are those of all parts.
 */
final class TableSource implements RowSource {
  private final String word;
  private final Map<String, Table> parts;
  private final Map<String, Opened> opened = new HashMap<>();
  private TableOptions options;
  private Consumer<String> progress = line -> {};

  TableSource(String word, TableOptions options, Map<String, Table> parts) {
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
    return new TableSource(CATALOG + table, options, Map.of(TRAIN, new Table.Catalog(table)));
  }

  /**
   * A part that has been read.
   *
   * @param numbers null if the table brings its own
   */
  private record Opened(Dataset<Row> rows, TableColumns columns, @Nullable RowNumbers numbers) {}

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
    Table table = parts.get(part.name());
    if (table == null) {
      throw new InvalidInputException(
          "Cannot find part %s of %s (it has %s)"
              .formatted(part.name(), word, String.join(", ", parts.keySet())));
    }
    return part.cut(opened.computeIfAbsent(part.name(), name -> open(spark, name, table)).rows());
  }

  @Override
  public List<String> features() {
    return options.features();
  }

  /** The same columns somewhere else; only the one that held rows out is of no use there. */
  @Override
  public RowSource at(String word) {
    return RowSource.of(word, TableOptions.STANDARD, options.withValidation(null));
  }

  /** Adds the file of the row and, where a feature is not a number, its column. */
  @Override
  public InvalidInputException locate(Part part, InvalidInputException refused) {
    Opened table = opened.get(part.name());
    Long row = refused.row();
    String message = String.valueOf(refused.getMessage());
    if (table == null
        || row == null
        || !message.startsWith("Cannot use %s %s:".formatted(word, part))) {
      return refused;
    }
    Dataset<Row> found = table.rows().where(functions.col("row").equalTo(row));
    RowNumbers numbers = table.numbers();
    String place =
        Stream.of(
                table.columns().notFinite(found, message),
                numbers == null ? "" : numbers.place(row))
            .filter(words -> !words.isEmpty())
            .collect(Collectors.joining(" in "));
    return place.isEmpty() ? refused : refused.at(place);
  }

  @Override
  public String toString() {
    return word;
  }

  private Opened open(SparkSession spark, String part, Table table) {
    String name = word + " " + part;
    try {
      Dataset<Row> all = table.read(spark);
      if (all.columns().length == 0) {
        throw new InvalidInputException("Cannot read %s: it is empty".formatted(name));
      }
      TableColumns columns = new ColumnSearch(all.schema(), name).find(options);
      options = options.withFeatures(columns.featureNames());
      progress.accept(
          "table: %s, %s; %s".formatted(name, table.how(), columns.describe(all.schema())));
      return columns.row() == null ? number(all, columns, name) : numbered(all, columns);
    } catch (Exception unreadable) {
      throw ReadFailure.refusal(name, unreadable);
    }
  }

  private static Opened numbered(Dataset<Row> all, TableColumns columns) {
    Dataset<Row> stored = InternalRows.asStored(select(all, columns.read()));
    return new Opened(select(stored, columns.select()), columns, null);
  }

  private Opened number(Dataset<Row> all, TableColumns columns, String name) {
    List<Column> places = RowNumbers.places(all);
    if (places == null) {
      progress.accept(
          "warning: rows of %s are numbered as Spark gives them, and the bits depend on that order; a column row of whole numbers would not change"
              .formatted(name));
      places = RowNumbers.partitions();
    }
    Dataset<Row> stored = InternalRows.asStored(select(all, concat(columns.read(), places)));
    Dataset<Row> placed = select(stored, concat(columns.select(), RowNumbers.PLACES));
    RowNumbers numbers = RowNumbers.of(placed, name);
    return new Opened(numbers.rows(), columns, numbers);
  }

  private static Dataset<Row> select(Dataset<Row> rows, List<Column> columns) {
    return rows.select(columns.toArray(Column[]::new));
  }

  private static List<Column> concat(List<Column> first, List<Column> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
