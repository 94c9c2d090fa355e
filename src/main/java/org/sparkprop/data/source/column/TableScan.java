package org.sparkprop.data.source.column;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructField;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.source.file.SecondLook;
import org.sparkprop.spark.InternalRows;
import org.sparkprop.spark.JobDescription;

/**
 * The pass over a table before any of its rows is packed: it counts the rows of each split, for
 * {@link RowNumbers}, and looks at the values of the columns.
 */
public final class TableScan {
  private final TreeMap<Place, Long> rows = new TreeMap<>();
  private final List<@Nullable ColumnProfile<?>> columns;
  private final SecondLook look;

  private TableScan(List<@Nullable ColumnProfile<?>> columns, SecondLook look) {
    this.columns = columns;
    this.look = look;
  }

  /** What one task has found. */
  @DefaultSerializer(JavaSerializer.class)
  private record Found(ArrayList<Place> lastRows, ArrayList<@Nullable ColumnProfile<?>> columns)
      implements Serializable {}

  /** Looks at some columns of a table. */
  static TableScan of(
      Dataset<Row> table,
      List<StructField> columns,
      List<@Nullable ColumnProfile<?>> profiles,
      String name,
      SecondLook look) {
    List<Column> places = RowNumbers.places(table);
    return of(
        placed(table, columns, places == null ? RowNumbers.partitions() : places),
        profiles,
        name,
        look);
  }

  /** These columns of the table as they are stored, and where each row lies. */
  public static Dataset<Row> placed(
      Dataset<Row> table, List<StructField> columns, List<Column> places) {
    Stream<Column> all = Stream.concat(columns.stream().map(ColumnRoles::column), places.stream());
    return InternalRows.asStored(table.select(all.toArray(Column[]::new)));
  }

  /**
   * Looks at all rows, in one Spark job.
   *
   * @param placed rows whose last columns are the {@link RowNumbers#PLACES}
   * @param profiles what to count of each of the columns before those; null for nothing
   * @param name what the user calls the rows
   * @param look at their files, which tells the lines of rows
   */
  static TableScan of(
      Dataset<Row> placed,
      List<@Nullable ColumnProfile<?>> profiles,
      String name,
      SecondLook look) {
    ColumnProfile<?>[] empty = profiles.toArray(new ColumnProfile<?>[0]);
    int width = placed.columns().length;
    JavaRDD<InternalRow> rows = placed.queryExecution().toRdd().toJavaRDD();
    TableScan scan = new TableScan(new ArrayList<>(profiles), look);
    JobDescription.during(
            placed.sparkSession().sparkContext(),
            "looking at " + name,
            () ->
                rows.mapPartitions(task -> List.of(look(task, empty, width)).iterator()).collect())
        .forEach(scan::add);
    return scan;
  }

  private static Found look(
      Iterator<InternalRow> rows, @Nullable ColumnProfile<?>[] empty, int width) {
    ColumnProfile<?>[] columns = new ColumnProfile<?>[empty.length];
    int[] at = new int[empty.length];
    int used = 0;
    for (int i = 0; i < empty.length; i++) {
      ColumnProfile<?> profile = empty[i];
      if (profile != null) {
        columns[i] = profile.empty();
        at[used++] = i;
      }
    }
    ArrayList<Place> lastRows = new ArrayList<>();
    Cursor cursor = new Cursor(width);
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      cursor.moveTo(row, lastRows::add);
      for (int i = 0; i < used; i++) {
        columns[at[i]].add(row, at[i], cursor);
      }
    }
    cursor.end(lastRows::add);
    return new Found(lastRows, new ArrayList<>(Arrays.asList(columns)));
  }

  private void add(Found found) {
    for (Place last : found.lastRows()) {
      rows.merge(last.ofSplit(), last.index() + 1, Long::sum);
    }
    for (int i = 0; i < found.columns().size(); i++) {
      ColumnProfile<?> more = found.columns().get(i);
      if (more != null) {
        columns.set(i, sum(columns.get(i), more));
      }
    }
  }

  @SuppressWarnings("unchecked") // both are of the column's own kind
  private static <P extends ColumnProfile<P>> ColumnProfile<?> sum(
      @Nullable ColumnProfile<?> known, ColumnProfile<?> more) {
    P sum = (P) Objects.requireNonNull(known);
    sum.add((P) more);
    return sum;
  }

  /** Rows of each split, by its first. */
  public NavigableMap<Place, Long> rowsOfSplits() {
    return rows;
  }

  /** Number of all rows. */
  long rows() {
    return rows.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How many profiles there are. */
  int columns() {
    return columns.size();
  }

  /** What was found of a column; null if nobody looked. */
  @Nullable ColumnProfile<?> column(int at) {
    return columns.get(at);
  }

  /** The number of a row in the whole table. */
  long numberOf(Place place) {
    long before = 0;
    for (Map.Entry<Place, Long> split : rows.entrySet()) {
      if (split.getKey().equals(place.ofSplit())) {
        break;
      }
      before += split.getValue();
    }
    return before + place.index();
  }

  /** Where the user finds a row: in its file, else by its number, from 0. */
  String words(Place place) {
    if (place.file().isEmpty()) {
      return "row " + numberOf(place);
    }
    long before = 0;
    for (Map.Entry<Place, Long> split : rows.entrySet()) {
      if (split.getKey().equals(place.ofSplit())) {
        break;
      }
      if (split.getKey().file().equals(place.file())) {
        before += split.getValue();
      }
    }
    return look.place(place.file(), before + place.index());
  }
}
