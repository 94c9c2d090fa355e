package org.sparkprop.data;

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
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;
import org.sparkprop.data.Preprocessing.FeatureType;

/**
 * What every row of a data set must look like.
 *
 * @param name what the user calls the rows, for messages
 * @param features how features are kept
 * @param width number of features
 * @param classes labels are whole numbers from 0 to below this
 */
public record RowFormat(String name, FeatureType features, int width, int classes)
    implements Serializable {
  private static final List<String> COLUMNS = List.of("row", "features", "label");

  /** Bytes that one row's features take in a shard. */
  int rowBytes() {
    return Math.toIntExact((long) width * features.bytes);
  }

  /** Bytes that a packed row takes in memory: its features and a label. */
  public int packedRowBytes() {
    return Math.addExact(rowBytes(), Integer.BYTES);
  }

  /** The columns we use, in the order in which {@link RowPacker} takes them. */
  JavaRDD<InternalRow> select(Dataset<Row> rows) {
    Dataset<Row> columns =
        rows.select(
            functions.col("row").cast("long"),
            functions
                .col("features")
                .cast(features == FeatureType.BYTE ? "binary" : "array<float>"),
            functions.col("label").cast("double"));
    // Spark's own rows: as a Row, an array of floats is a list of objects.
    return columns.queryExecution().toRdd().toJavaRDD();
  }

  /**
   * The number of rows, without Spark's plan for sums, which costs more than the counting.
   *
   * @param name what the user calls the rows
   */
  public static long count(Dataset<Row> rows, String name) {
    return JobDescription.during(
        rows.sparkSession().sparkContext(),
        "counting " + name,
        () -> rows.select(new Column[0]).queryExecution().toRdd().count());
  }

  /**
   * The format of these rows for a model of so many classes: their own type of features, and as
   * many as the first row has. The check of every row comes with packing.
   *
   * @param name what the user calls the rows, for messages
   * @throws InvalidInputException if there are no rows, or a column cannot be used
   */
  public static RowFormat of(Dataset<Row> rows, String name, int classes) {
    return new RowFormat(name, featureType(rows, name), firstWidth(rows, name), classes);
  }

  /** The same format for other rows. */
  public RowFormat named(String name) {
    return new RowFormat(name, features, width, classes);
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
    DataType label = schema.apply("label").dataType();
    if (!(label instanceof NumericType)) {
      throw new InvalidInputException(
          "Cannot use %s: column label is %s (must be a whole number)"
              .formatted(name, label.simpleString()));
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
