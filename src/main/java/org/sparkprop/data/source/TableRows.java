package org.sparkprop.data.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.Caller;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.source.column.ColumnKind;
import org.sparkprop.data.source.column.ColumnRoles;
import org.sparkprop.data.source.column.ColumnSearch;
import org.sparkprop.data.source.column.LabelHint;
import org.sparkprop.data.source.column.RowNumbers;
import org.sparkprop.data.source.column.TableFacts;
import org.sparkprop.data.source.column.TableOptions;
import org.sparkprop.data.source.column.TableProfile;
import org.sparkprop.data.source.column.TableScan;
import org.sparkprop.data.source.file.ReadFailure;
import org.sparkprop.data.source.file.SecondLook;
import org.sparkprop.spark.InternalRows;
import org.sparkprop.spark.SteadyRows;

/**
 * A table in the columns that {@link RowSource#rows} has: its own columns are found, and a row has
 * the number in its column {@code row} or, without one, that of {@link RowNumbers}. A {@link
 * TableScan} looks at all rows first, and a {@link TableProfile} says what follows from it.
 */
public final class TableRows {
  private final Dataset<Row> rows;
  private final TableProfile profile;

  /** Where the user finds a row, by its number; empty where nobody knows. */
  private final LongFunction<String> places;

  /** The rows by their number, with the columns of the table as they are. */
  private final Supplier<Dataset<Row>> untouched;

  private TableRows(
      Dataset<Row> rows,
      TableProfile profile,
      LongFunction<String> places,
      Supplier<Dataset<Row>> untouched) {
    this.rows = rows;
    this.profile = profile;
    this.places = places;
    this.untouched = untouched;
  }

  /** The same for the table of an application. */
  public static TableRows of(
      Dataset<Row> table, TableOptions options, String name, Consumer<String> warnings) {
    return of(table, options, name, Caller.LIBRARY, warnings);
  }

  /**
   * Finds the columns and looks at all rows, in one Spark job.
   *
   * @param name what the user calls the table, for messages
   * @param caller who reads them
   * @param warnings told what is doubtful
   * @throws InvalidInputException if a column is not there, or the table cannot be read
   */
  public static TableRows of(
      Dataset<Row> table,
      TableOptions options,
      String name,
      Caller caller,
      Consumer<String> warnings) {
    try {
      ColumnRoles columns = new ColumnSearch(table, name, caller, SecondLook.NONE).find(options);
      return of(table, columns, options, name, caller, SecondLook.NONE, warnings);
    } catch (Exception unreadable) { // Spark's checked exceptions, which Scala does not declare
      throw ReadFailure.refusal(name, unreadable);
    }
  }

  static TableRows of(
      Dataset<Row> table,
      ColumnRoles columns,
      TableOptions options,
      String name,
      Caller caller,
      SecondLook look,
      Consumer<String> warnings) {
    if (!RowNumbers.areTheSameEachTime(table)) {
      warnings.accept(
          "rows of %s depend on how Spark cuts them, or on chance: should some be lost and read again as others, the run ends; write them to files, and start from those"
              .formatted(name));
    }
    List<Column> places = RowNumbers.places(table);
    List<Column> placed = places == null ? RowNumbers.partitions() : places;
    List<StructField> looked =
        Stream.concat(columns.fields(), columns.texts().stream()).distinct().toList();
    Dataset<Row> seen = TableScan.placed(table, looked, placed);
    TableProfile profile =
        TableProfile.of(seen, looked, columns, options, name, caller, look)
            .withRowNumber(
                table.sparkSession().sparkContext(), () -> repeatedNumber(table, columns));
    if (look == SecondLook.NONE) {
      UncheckedCsv.warning(table, name, caller).ifPresent(profile::doubt);
    }
    profile.warnings().forEach(warnings);
    ColumnRoles used = profile.columns();
    StructField row = used.row();
    if (row != null) {
      Dataset<Row> stored = InternalRows.asStored(select(table, used.read()));
      return new TableRows(
          select(stored, profile.select()),
          profile,
          number ->
              places == null
                  ? ""
                  : placeOf(
                      number, row, TableScan.placed(table, List.of(row), placed), profile, look),
          () -> {
            List<Column> own = used.fields().map(ColumnRoles::column).toList();
            Column number = ColumnRoles.column(row).cast("long").as(NUMBER);
            return select(stored, concat(List.of(number), own));
          });
    }
    if (places == null) {
      warnings.accept(
          "numbering %s in the order in which Spark gives the rows, on which the bits depend; a column row of whole numbers would not change"
              .formatted(name));
    }
    // Files are cut alike whatever is read of them; other plans may change with their columns.
    Dataset<Row> again =
        places == null
            ? SteadyRows.steady(
                InternalRows.frame(
                    table.sparkSession(), seen.queryExecution().toRdd().toJavaRDD(), seen.schema()),
                RowNumbers.keepsPartitions(table))
            : TableScan.placed(table, used.fields().toList(), placed);
    RowNumbers numbers =
        RowNumbers.of(
            select(again, concat(profile.select(), RowNumbers.PLACES)),
            profile.scan().rowsOfSplits(),
            name);
    return new TableRows(
        numbers.rows(),
        profile,
        number -> numbers.place(number, look),
        () -> RowNumbers.of(again, profile.scan().rowsOfSplits(), name, NUMBER).rows());
  }

  /**
   * Where a row lies that brings its own number.
   *
   * @param placed all rows, with their column {@code row}
   */
  private static String placeOf(
      long number, StructField row, Dataset<Row> placed, TableProfile profile, SecondLook look) {
    RowNumbers byFile = RowNumbers.of(placed, profile.scan().rowsOfSplits(), "", NUMBER);
    List<Row> found =
        byFile.rows().where(ColumnRoles.column(row).equalTo(number)).select(NUMBER).takeAsList(1);
    return found.isEmpty() ? "" : byFile.place(found.get(0).getLong(0), look);
  }

  /** In {@link #untouched}, the number of the row. */
  private static final String NUMBER = "_sparkprop_row";

  /** A number that several rows have in the column row; null if there is none. */
  private static @Nullable Long repeatedNumber(Dataset<Row> table, ColumnRoles columns) {
    Column row = ColumnRoles.column(Objects.requireNonNull(columns.row()));
    Row first =
        table
            .select(row.cast("long").as("row"))
            .groupBy("row")
            .count()
            .where("count > 1")
            .agg(functions.min("row"))
            .head();
    return first.isNullAt(0) ? null : first.getLong(0);
  }

  /** The rows, with the columns {@code row}, {@code features}, {@code label} and what else. */
  public Dataset<Row> rows() {
    return rows;
  }

  /** What each column is taken for, a line for each idea. */
  public List<String> description() {
    return profile.description();
  }

  /** What is to be remembered of the table. */
  public TableFacts facts() {
    return profile.facts();
  }

  /**
   * Adds to the refusal of a row its file and, where a feature is not a number, its column; and
   * what the labels of all rows are like, where one is refused.
   *
   * @param name what the refusal calls these rows
   */
  public InvalidInputException locate(InvalidInputException refused, String name) {
    Long row = refused.row();
    String message = String.valueOf(refused.getMessage());
    if (row == null || !message.startsWith("Cannot use %s:".formatted(name))) {
      return refused;
    }
    String place =
        Stream.of(notFinite(row, message), places.apply(row))
            .filter(words -> !words.isEmpty() && !words.equals(name))
            .collect(Collectors.joining(" in "));
    String hint =
        message.contains(" has label ") ? LabelHint.of(untouched.get(), profile.columns()) : "";
    String more =
        Stream.of(place, hint).filter(words -> !words.isEmpty()).collect(Collectors.joining("; "));
    return more.isEmpty() ? refused : refused.at(more);
  }

  /** The column of the number of a row that is not finite, if that is what a message is about. */
  private String notFinite(long row, String message) {
    boolean target = message.contains(" has target ");
    if (!target && !message.contains(" as feature ")) {
      return "";
    }
    List<Row> packed =
        rows.where(functions.col("row").equalTo(row))
            .select(target ? "label" : "features")
            .takeAsList(1);
    if (packed.isEmpty()) {
      return "";
    }
    int wrong = firstNotFinite(packed.get(0));
    StructField column = wrong < 0 ? null : profile.columnOf(wrong, target);
    if (column == null) {
      return "";
    }
    String where = "column " + column.name();
    if (!ColumnKind.of(column.dataType()).isScalar()) {
      return where;
    }
    List<Row> own =
        untouched
            .get()
            .where(functions.col(NUMBER).equalTo(row))
            .select(ColumnRoles.column(column).cast("double"))
            .takeAsList(1);
    boolean tooLarge =
        !own.isEmpty() && !own.get(0).isNullAt(0) && Double.isFinite(own.get(0).getDouble(0));
    return tooLarge
        ? "%s is too large for a float, in %s".formatted(own.get(0).getDouble(0), where)
        : where;
  }

  private static int firstNotFinite(Row packed) {
    if (packed.isNullAt(0)) {
      return -1;
    }
    if (!(packed.get(0) instanceof scala.collection.Seq)) {
      return packed.get(0) instanceof Double value && !Float.isFinite(value.floatValue()) ? 0 : -1;
    }
    List<Float> values = packed.getList(0);
    for (int i = 0; i < values.size(); i++) {
      Float value = values.get(i);
      if (value == null || !Float.isFinite(value)) {
        return i;
      }
    }
    return -1;
  }

  private static Dataset<Row> select(Dataset<Row> rows, List<Column> columns) {
    return rows.select(columns.toArray(Column[]::new));
  }

  private static List<Column> concat(List<Column> first, List<Column> second) {
    return new ArrayList<>(Stream.concat(first.stream(), second.stream()).toList());
  }
}
