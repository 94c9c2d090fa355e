package org.sparkprop.data;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;

/**
 * A table in the columns that {@link RowSource#rows} has: its own columns are found, and a row has
 * the number in its column {@code row} or, without one, that of {@link RowNumbers}.
 */
public final class TableRows {
  private final Dataset<Row> rows;
  private final TableColumns columns;

  /** Null if the table brings its own. */
  private final @Nullable RowNumbers numbers;

  private TableRows(Dataset<Row> rows, TableColumns columns, @Nullable RowNumbers numbers) {
    this.rows = rows;
    this.columns = columns;
    this.numbers = numbers;
  }

  /**
   * Finds the columns and, if they have no numbers, counts the rows, in one Spark job.
   *
   * @param name what the user calls the table, for messages
   * @param warnings told if the numbers depend on how Spark cuts the table
   * @throws InvalidInputException if a column is not there, or the table cannot be read
   */
  public static TableRows of(
      Dataset<Row> table, TableOptions options, String name, Consumer<String> warnings) {
    try {
      TableColumns columns = new ColumnSearch(table.schema(), name).find(options);
      return of(table, columns, name, warnings);
    } catch (Exception unreadable) { // Spark's checked exceptions, which Scala does not declare
      throw ReadFailure.refusal(name, unreadable);
    }
  }

  static TableRows of(
      Dataset<Row> table, TableColumns columns, String name, Consumer<String> warnings) {
    if (!RowNumbers.areTheSameEachTime(table)) {
      warnings.accept(
          "rows of %s depend on how Spark cuts them, or on chance: should some be lost and read again as others, the run ends; write them to files, and start from those"
              .formatted(name));
    }
    return columns.row() == null
        ? number(table, columns, name, warnings)
        : numbered(table, columns);
  }

  private static TableRows numbered(Dataset<Row> table, TableColumns columns) {
    Dataset<Row> stored = InternalRows.asStored(select(table, columns.read()));
    return new TableRows(select(stored, columns.select()), columns, null);
  }

  private static TableRows number(
      Dataset<Row> table, TableColumns columns, String name, Consumer<String> warnings) {
    List<Column> places = RowNumbers.places(table);
    if (places == null) {
      warnings.accept(
          "numbering %s in the order in which Spark gives the rows, on which the bits depend; a column row of whole numbers would not change"
              .formatted(name));
      places = RowNumbers.partitions();
    }
    Dataset<Row> stored = InternalRows.asStored(select(table, concat(columns.read(), places)));
    Dataset<Row> placed = select(stored, concat(columns.select(), RowNumbers.PLACES));
    RowNumbers numbers = RowNumbers.of(placed, name);
    return new TableRows(numbers.rows(), columns, numbers);
  }

  /** The rows, with the columns {@code row}, {@code features}, {@code label} and what else. */
  public Dataset<Row> rows() {
    return rows;
  }

  /** What is to be remembered of the table. */
  public TableFacts facts() {
    return new TableFacts(columns.featureNames(), List.of(), Offsets.NONE, List.of());
  }

  /**
   * Adds to the refusal of a row its file and, where a feature is not a number, its column.
   *
   * @param name what the refusal calls these rows
   */
  public InvalidInputException locate(InvalidInputException refused, String name) {
    Long row = refused.row();
    String message = String.valueOf(refused.getMessage());
    if (row == null || !message.startsWith("Cannot use %s:".formatted(name))) {
      return refused;
    }
    Dataset<Row> found = rows.where(functions.col("row").equalTo(row));
    String place =
        Stream.of(columns.notFinite(found, message), numbers == null ? "" : numbers.place(row))
            .filter(words -> !words.isEmpty() && !words.equals(name))
            .collect(Collectors.joining(" in "));
    return place.isEmpty() ? refused : refused.at(place);
  }

  private static Dataset<Row> select(Dataset<Row> rows, List<Column> columns) {
    return rows.select(columns.toArray(Column[]::new));
  }

  private static List<Column> concat(List<Column> first, List<Column> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
