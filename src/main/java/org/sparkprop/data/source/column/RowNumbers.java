package org.sparkprop.data.source.column;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LeafNode;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Range;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.source.file.SecondLook;
import org.sparkprop.spark.InternalRows;
import org.sparkprop.spark.SteadyRows;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Numbers the rows of a table from 0: file by file in the order of their paths, each from its start
 * to its end. Spark cuts files into splits, by its settings and the number of cores, and gives a
 * task several; within a split rows come in order. So the rows of each split are counted first, and
 * its first number is the count of all before it, by path and start. A {@link TableScan} counts.
 */
public final class RowNumbers {
  private static final String FILE = "_sparkprop_file";
  private static final String START = "_sparkprop_start";

  /** The columns that tell where a row lies, once a table has them. */
  public static final List<Column> PLACES = List.of(functions.col(FILE), functions.col(START));

  private final String name;
  private final NavigableMap<Place, Span> spans;
  private final Dataset<Row> rows;

  private RowNumbers(String name, NavigableMap<Place, Span> spans, Dataset<Row> rows) {
    this.name = name;
    this.spans = spans;
    this.rows = rows;
  }

  /** The numbers of the rows of a split: {@code rows} from {@code first} on. */
  @DefaultSerializer(JavaSerializer.class)
  private record Span(long first, long rows) implements Serializable {}

  /**
   * Columns that tell where a row of this table lies; null if Spark does not know, or the rows of a
   * file may be in another order by now.
   */
  public static @Nullable List<Column> places(Dataset<Row> table) {
    if (!keepsOrder(table.queryExecution().analyzed())) {
      return null;
    }
    try {
      Column metadata = table.metadataColumn("_metadata");
      return List.of(
          metadata.getField("file_path").as(FILE), metadata.getField("file_block_start").as(START));
    } catch (Exception unresolved) { // Spark's AnalysisException, which Scala does not declare
      return null;
    }
  }

  /**
   * Whether this plan only picks rows and columns, so that rows of a file stay as they lie: and the
   * same ones however Spark cuts the file, as those of {@code rand()} are not.
   */
  private static boolean keepsOrder(LogicalPlan plan) {
    boolean picks =
        plan instanceof LeafNode
            || plan instanceof Project
            || plan instanceof Filter
            || plan instanceof SubqueryAlias
            || plan instanceof View;
    return picks
        && areTheSame(plan)
        && CollectionConverters.asJava(plan.children()).stream().allMatch(RowNumbers::keepsOrder);
  }

  /** Whether the rows of each partition come in the same order each time, which Spark cut. */
  public static boolean keepsPartitions(Dataset<Row> table) {
    LogicalPlan plan = table.queryExecution().analyzed();
    return keepsOrder(plan)
        && CollectionConverters.asJava(plan.collectLeaves()).stream()
            .allMatch(leaf -> leaf instanceof LocalRelation || leaf instanceof Range);
  }

  /** Whether Spark knows nothing in the plan of this table that may change from pass to pass. */
  public static boolean areTheSameEachTime(Dataset<Row> table) {
    return areTheSame(table.queryExecution().analyzed());
  }

  private static boolean areTheSame(LogicalPlan plan) {
    return SteadyRows.expressionsAreTheSame(plan)
        && CollectionConverters.asJava(plan.children()).stream().allMatch(RowNumbers::areTheSame);
  }

  /** The same for a table without files: its rows are numbered partition by partition. */
  public static List<Column> partitions() {
    return List.of(
        functions.lit("").as(FILE), functions.spark_partition_id().cast("long").as(START));
  }

  /**
   * Gives each row its number.
   *
   * @param placed rows whose last columns are the {@link #PLACES}
   * @param counts rows of each split, by its first
   * @param name what the user calls the rows, for messages
   */
  public static RowNumbers of(Dataset<Row> placed, NavigableMap<Place, Long> counts, String name) {
    return of(placed, counts, name, "row");
  }

  /**
   * The same in a column of another name than {@code row}.
   *
   * @param column its name
   */
  public static RowNumbers of(
      Dataset<Row> placed, NavigableMap<Place, Long> counts, String name, String column) {
    int width = placed.columns().length;
    JavaRDD<InternalRow> rows = placed.queryExecution().toRdd().toJavaRDD();
    TreeMap<Place, Span> spans = new TreeMap<>();
    long first = 0;
    for (Map.Entry<Place, Long> split : counts.entrySet()) {
      spans.put(split.getKey(), new Span(first, split.getValue()));
      first += split.getValue();
    }
    Broadcast<HashMap<Place, Span>> known =
        JavaSparkContext.fromSparkContext(placed.sparkSession().sparkContext())
            .broadcast(new HashMap<>(spans));
    JavaRDD<InternalRow> numbered =
        rows.mapPartitions(partition -> new Numbered(partition, known.value(), width, name));
    StructType schema = new StructType().add(column, DataTypes.LongType, false);
    for (StructField field : placed.schema().fields()) {
      schema = schema.add(field);
    }
    Dataset<Row> frame = InternalRows.frame(placed.sparkSession(), numbered, schema, first);
    return new RowNumbers(
        name, spans, SteadyRows.steady(frame, isSteady(placed)).drop(FILE, START));
  }

  /** Whether rows have the same numbers each time: of others, the order may be another. */
  private static boolean isSteady(Dataset<Row> placed) {
    return keepsOrder(placed.queryExecution().analyzed()) && SteadyRows.are(placed);
  }

  /** The rows with their number in the first column. */
  public Dataset<Row> rows() {
    return rows;
  }

  /** Where the user finds a row: its file, and its line or its number in it. */
  public String place(long row, SecondLook look) {
    long before = 0;
    String file = "";
    for (Map.Entry<Place, Span> split : spans.entrySet()) {
      if (!split.getKey().file().equals(file)) {
        file = split.getKey().file();
        before = split.getValue().first();
      }
      if (row < split.getValue().first() + split.getValue().rows()) {
        break;
      }
    }
    return file.isEmpty() ? name : look.place(file, row - before);
  }

  /** The rows of a task, each with its number before its columns. */
  private static final class Numbered implements Iterator<InternalRow> {
    private final Iterator<InternalRow> rows;
    private final Map<Place, Span> spans;
    private final String name;
    private final Cursor cursor;
    private final GenericInternalRow number = new GenericInternalRow(1);
    private final JoinedRow joined = new JoinedRow();
    private long next;
    private long end;

    Numbered(Iterator<InternalRow> rows, Map<Place, Span> spans, int width, String name) {
      this.rows = rows;
      this.spans = spans;
      this.name = name;
      this.cursor = new Cursor(width);
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public InternalRow next() {
      InternalRow row = rows.next();
      int split = cursor.split();
      cursor.moveTo(row, last -> {});
      if (split != cursor.split()) {
        Span span = spans.getOrDefault(cursor.place(), new Span(0, 0));
        next = span.first();
        end = span.first() + span.rows();
      }
      if (next == end) {
        String file = cursor.place().file();
        throw new InvalidInputException(
            "Cannot read %s: it has changed since its rows were counted%s"
                .formatted(name, file.isEmpty() ? "" : " (" + file + ")"));
      }
      number.setLong(0, next++);
      return joined.apply(number, row);
    }
  }
}
