package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
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
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.InputFileName;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.Nondeterministic;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LeafNode;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Numbers the rows of a table from 0: file by file in the order of their paths, each from its start
 * to its end. Spark cuts files into splits, by its settings and the number of cores, and gives a
 * task several; within a split rows come in order. So the rows of each split are counted first, and
 * its first number is the count of all before it, by path and start.
 *
 * <p>Both passes run the same physical plan, so that they see the same splits and the same rows.
 */
final class RowNumbers {
  private static final String FILE = "_sparkprop_file";
  private static final String START = "_sparkprop_start";

  /** The columns that tell where a row lies, once a table has them. */
  static final List<Column> PLACES = List.of(functions.col(FILE), functions.col(START));

  private final String name;
  private final NavigableMap<Split, Span> spans;
  private final Dataset<Row> rows;

  private RowNumbers(String name, NavigableMap<Split, Span> spans, Dataset<Row> rows) {
    this.name = name;
    this.spans = spans;
    this.rows = rows;
  }

  /** A range of a file that a task reads, by where it starts. */
  @DefaultSerializer(JavaSerializer.class)
  private record Split(String file, long start) implements Serializable, Comparable<Split> {
    private static final Comparator<Split> ORDER =
        Comparator.comparing(Split::file).thenComparingLong(Split::start);

    @Override
    public int compareTo(Split other) {
      return ORDER.compare(this, other);
    }
  }

  /** The numbers of the rows of a split: {@code rows} from {@code first} on. */
  @DefaultSerializer(JavaSerializer.class)
  private record Span(long first, long rows) implements Serializable {}

  /** Rows of a split. */
  @DefaultSerializer(JavaSerializer.class)
  private record Count(Split split, long rows) implements Serializable {}

  /**
   * Columns that tell where a row of this table lies; null if Spark does not know, or the rows of a
   * file may be in another order by now.
   */
  static @Nullable List<Column> places(Dataset<Row> table) {
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

  /** Whether Spark knows nothing in the plan of this table that may change from pass to pass. */
  static boolean areTheSameEachTime(Dataset<Row> table) {
    return areTheSame(table.queryExecution().analyzed());
  }

  private static boolean areTheSame(LogicalPlan plan) {
    return CollectionConverters.asJava(plan.expressions()).stream()
            .allMatch(RowNumbers::followsTheRow)
        && CollectionConverters.asJava(plan.children()).stream().allMatch(RowNumbers::areTheSame);
  }

  /** Whether an expression is the same for a row wherever it is read. */
  private static boolean followsTheRow(Expression expression) {
    if (expression.deterministic() || expression instanceof InputFileName) {
      return true;
    }
    List<Expression> children = CollectionConverters.asJava(expression.children());
    return !(expression instanceof Nondeterministic)
        && children.stream().anyMatch(child -> !child.deterministic())
        && children.stream().allMatch(RowNumbers::followsTheRow);
  }

  /** The same for a table without files: its rows are numbered partition by partition. */
  static List<Column> partitions() {
    return List.of(
        functions.lit("").as(FILE), functions.spark_partition_id().cast("long").as(START));
  }

  /**
   * Counts the rows, in one Spark job.
   *
   * @param name what the user calls the rows, for messages
   * @param placed rows whose last columns are the {@link #PLACES}
   */
  static RowNumbers of(Dataset<Row> placed, String name) {
    int width = placed.columns().length;
    JavaRDD<InternalRow> rows = placed.queryExecution().toRdd().toJavaRDD();
    List<Count> counts = rows.mapPartitions(partition -> count(partition, width)).collect();
    TreeMap<Split, Long> ordered = new TreeMap<>();
    counts.forEach(count -> ordered.merge(count.split(), count.rows(), Long::sum));
    TreeMap<Split, Span> spans = new TreeMap<>();
    long first = 0;
    for (Map.Entry<Split, Long> split : ordered.entrySet()) {
      spans.put(split.getKey(), new Span(first, split.getValue()));
      first += split.getValue();
    }
    Broadcast<HashMap<Split, Span>> known =
        JavaSparkContext.fromSparkContext(placed.sparkSession().sparkContext())
            .broadcast(new HashMap<>(spans));
    JavaRDD<InternalRow> numbered =
        rows.mapPartitions(partition -> new Numbered(partition, known.value(), width, name));
    StructType schema = new StructType().add("row", DataTypes.LongType, false);
    for (StructField column : placed.schema().fields()) {
      schema = schema.add(column);
    }
    return new RowNumbers(
        name,
        spans,
        InternalRows.frame(placed.sparkSession(), numbered, schema, first).drop(FILE, START));
  }

  /** The rows with their number, in the column {@code row}. */
  Dataset<Row> rows() {
    return rows;
  }

  /** Where the user finds a row: its file, and its number in it from 0. */
  String place(long row) {
    long before = 0;
    String file = "";
    for (Map.Entry<Split, Span> split : spans.entrySet()) {
      if (!split.getKey().file().equals(file)) {
        file = split.getKey().file();
        before = split.getValue().first();
      }
      if (row < split.getValue().first() + split.getValue().rows()) {
        break;
      }
    }
    return file.isEmpty() ? name : "row %d of %s".formatted(row - before, file);
  }

  private static Iterator<Count> count(Iterator<InternalRow> rows, int width) {
    List<Count> counts = new ArrayList<>();
    Place place = new Place(width);
    long count = 0;
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      if (!place.isThatOf(row)) {
        if (count > 0) {
          counts.add(new Count(place.split(), count));
        }
        place.moveTo(row);
        count = 0;
      }
      count++;
    }
    if (count > 0) {
      counts.add(new Count(place.split(), count));
    }
    return counts.iterator();
  }

  /** The split that the rows of a task come from, from its first row to its last. */
  private static final class Place {
    private final int fileAt;
    private final int startAt;
    private UTF8String file = UTF8String.EMPTY_UTF8;
    private long start = -1;

    Place(int width) {
      this.fileAt = width - 2;
      this.startAt = width - 1;
    }

    boolean isThatOf(InternalRow row) {
      return row.getLong(startAt) == start && row.getUTF8String(fileAt).equals(file);
    }

    void moveTo(InternalRow row) {
      file = row.getUTF8String(fileAt).clone(); // Spark fills the same row again
      start = row.getLong(startAt);
    }

    Split split() {
      return new Split(file.toString(), start);
    }
  }

  /** The rows of a task, each with its number before its columns. */
  private static final class Numbered implements Iterator<InternalRow> {
    private final Iterator<InternalRow> rows;
    private final Map<Split, Span> spans;
    private final String name;
    private final Place place;
    private final GenericInternalRow number = new GenericInternalRow(1);
    private final JoinedRow joined = new JoinedRow();
    private long next;
    private long end;

    Numbered(Iterator<InternalRow> rows, Map<Split, Span> spans, int width, String name) {
      this.rows = rows;
      this.spans = spans;
      this.name = name;
      this.place = new Place(width);
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public InternalRow next() {
      InternalRow row = rows.next();
      if (!place.isThatOf(row)) {
        place.moveTo(row);
        Span span = spans.getOrDefault(place.split(), new Span(0, 0));
        next = span.first();
        end = span.first() + span.rows();
      }
      if (next == end) {
        throw new InvalidInputException(
            "Cannot read %s: it has changed since its rows were counted (%s)"
                .formatted(name, place.split().file()));
      }
      number.setLong(0, next++);
      return joined.apply(number, row);
    }
  }
}
