package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.Preprocessing.FeatureType;
import org.sparkprop.spark.InternalRows;
import org.sparkprop.spark.JobDescription;

/**
 * What every row of a data set must look like.
 *
 * @param name what the user calls the rows, for messages
 * @param features how features are kept
 * @param width number of features
 * @param weighted whether each row has a weight
 */
@DefaultSerializer(JavaSerializer.class)
public record RowFormat(
    String name, FeatureType features, int width, LabelFormat labels, boolean weighted)
    implements Serializable {
  /** The column that has the weights, where there is one. */
  public static final String WEIGHT = "weight";

  /** The Boolean column of rows held out, where a {@link HoldOut} asks for it. */
  public static final String VALIDATION = "validation";

  private static final List<String> COLUMNS = List.of("row", "features", "label");

  /** Bytes that one row's features take in a shard. */
  int rowBytes() {
    return Math.toIntExact((long) width * features.bytes);
  }

  /** Bytes that a packed row takes in memory: features, label and weight. */
  public long packedRowBytes() {
    return rowBytes() + labels.bytes() + (weighted ? Float.BYTES : 0);
  }

  /**
   * The columns we use, in the order in which {@link RowPacker} takes them.
   *
   * @param flagged whether rows say if they are held out
   */
  JavaRDD<InternalRow> select(Dataset<Row> rows, boolean flagged) {
    Column label = functions.col("label");
    if (labels.isClass()) {
      label = label.cast("double");
    } else if (LabelFormat.isArray(rows.schema().apply("label").dataType())) {
      label = label.cast("array<float>");
    } else {
      label = functions.array(label.cast("float"));
    }
    Column absent = functions.lit(null);
    Dataset<Row> columns =
        rows.select(
            functions.col("row").cast("long"),
            functions
                .col("features")
                .cast(features == FeatureType.BYTE ? "binary" : "array<float>"),
            label,
            (weighted ? functions.col(WEIGHT) : absent).cast("double"),
            (flagged ? functions.col(VALIDATION) : absent).cast("boolean"));
    // Spark's own rows: as a Row, an array of floats is a list of objects.
    return columns.queryExecution().toRdd().toJavaRDD();
  }

  /**
   * The number of rows: as they were numbered, or counted without Spark's plan for sums, which
   * costs more than the counting.
   *
   * @param name what the user calls the rows
   */
  public static long count(Dataset<Row> rows, String name) {
    Long known = InternalRows.knownCount(rows);
    if (known != null) {
      return known;
    }
    return JobDescription.during(
        rows.sparkSession().sparkContext(),
        "counting " + name,
        () -> rows.select(new Column[0]).queryExecution().toRdd().count());
  }

  /**
   * Refuses rows that are not as many when they are packed as they were when they were counted: who
   * knows which they are.
   */
  public void checkCount(long counted, long packed) {
    if (counted != packed) {
      throw new InvalidInputException(
          "Cannot read %s: it has changed since its rows were counted (it had %,d, then %,d; write them to files that stay as they are, and start from those)"
              .formatted(name, counted, packed));
    }
  }

  /**
   * The format of these rows for such labels: their own type of features, and as many as the first
   * row has; weighted if there is a column {@value #WEIGHT}. The check of every row comes with
   * packing.
   *
   * @param name what the user calls the rows, for messages
   * @throws InvalidInputException if there are no rows, or a column cannot be used
   */
  public static RowFormat of(Dataset<Row> rows, String name, LabelFormat labels) {
    FeatureType features = featureType(rows, name);
    checkLabel(rows, name, labels);
    return new RowFormat(name, features, firstWidth(rows, name), labels, hasWeights(rows, name));
  }

  /** The same format under another name. */
  public RowFormat named(String name) {
    return new RowFormat(name, features, width, labels, weighted);
  }

  /**
   * This format for rows which may have weights or not.
   *
   * @throws InvalidInputException if a column of theirs cannot be used
   */
  public RowFormat withRows(Dataset<Row> rows) {
    FeatureType found = featureType(rows, name);
    if (found != features) {
      throw new InvalidInputException(
          "Cannot use %s: its features are of type %s (the model takes %s)"
              .formatted(name, found.word(), features.word()));
    }
    checkLabel(rows, name, labels);
    return new RowFormat(name, features, width, labels, hasWeights(rows, name));
  }

  private static boolean hasWeights(Dataset<Row> rows, String name) {
    if (!Arrays.asList(rows.schema().fieldNames()).contains(WEIGHT)) {
      return false;
    }
    DataType weight = rows.schema().apply(WEIGHT).dataType();
    if (!(weight instanceof NumericType)) {
      throw new InvalidInputException(
          "Cannot use %s: column %s is %s (must be a number)"
              .formatted(name, WEIGHT, weight.simpleString()));
    }
    return true;
  }

  /** Makes sure that these rows say which of them are held out. */
  static void checkFlag(Dataset<Row> rows, String name) {
    boolean there = Arrays.asList(rows.schema().fieldNames()).contains(VALIDATION);
    if (!there || !(rows.schema().apply(VALIDATION).dataType() instanceof BooleanType)) {
      throw new InvalidInputException(
          "Cannot use %s: column %s is %s (must be boolean)"
              .formatted(
                  name,
                  VALIDATION,
                  there ? rows.schema().apply(VALIDATION).dataType().simpleString() : "missing"));
    }
  }

  private static void checkLabel(Dataset<Row> rows, String name, LabelFormat labels) {
    DataType label = rows.schema().apply("label").dataType();
    String wanted = labels.refusal(label);
    if (wanted != null) {
      throw new InvalidInputException(
          "Cannot use %s: column label is %s (must be %s for %s)"
              .formatted(name, label.simpleString(), wanted, labels.task().word()));
    }
  }

  /**
   * How the features of these rows are kept: a binary column as bytes, numbers as floats.
   *
   * @throws InvalidInputException if a column is missing or of a type that we cannot use
   */
  public static FeatureType featureType(Dataset<Row> rows, String name) {
    StructType schema = rows.schema();
    for (String column : COLUMNS) {
      if (!Arrays.asList(schema.fieldNames()).contains(column)) {
        throw new InvalidInputException(
            "Cannot use %s: no column %s (it has %s)"
                .formatted(name, column, String.join(", ", schema.fieldNames())));
      }
    }
    DataType row = schema.apply("row").dataType();
    if (!(row instanceof IntegralType)) {
      throw new InvalidInputException(
          "Cannot use %s: column row is %s (must be a whole number)"
              .formatted(name, row.simpleString()));
    }
    DataType features = schema.apply("features").dataType();
    if (features instanceof BinaryType) {
      return FeatureType.BYTE;
    }
    if (features instanceof ArrayType array && array.elementType() instanceof NumericType) {
      return FeatureType.FLOAT;
    }
    throw new InvalidInputException(
        "Cannot use %s: column features is %s (must be binary or an array of numbers)"
            .formatted(name, features.simpleString()));
  }

  static int firstWidth(Dataset<Row> rows, String name) {
    List<Row> first =
        JobDescription.during(
            rows.sparkSession().sparkContext(),
            "reading " + name,
            () -> rows.select("features").takeAsList(1));
    if (first.isEmpty()) {
      throw new InvalidInputException("Cannot use %s: it has no rows".formatted(name));
    }
    Row row = first.get(0);
    int width =
        row.isNullAt(0)
            ? 0
            : row.get(0) instanceof byte[] bytes ? bytes.length : row.getList(0).size();
    if (width == 0) {
      throw new InvalidInputException(
          "Cannot use %s: its first row has no features (must be at least one)".formatted(name));
    }
    return width;
  }
}
