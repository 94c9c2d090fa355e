package org.sparkprop.spark;

import java.io.Serializable;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.execution.LogicalRDD;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;
import org.jspecify.annotations.Nullable;

/** Datasets of Spark's own rows: as a {@link Row}, an array of floats is a list of objects. */
public final class InternalRows {
  /** How many rows there are, where somebody has counted them; for as long as they are used. */
  private static final Map<RDD<?>, Long> COUNTS = Collections.synchronizedMap(new WeakHashMap<>());

  private InternalRows() {}

  /** What a task makes of the rows of a partition. */
  public interface Mapping extends Serializable {
    /** Rows are filled again by Spark: one is what it was until the next is asked for. */
    Iterator<InternalRow> apply(Iterator<InternalRow> rows);
  }

  /**
   * A Dataset of what tasks make of these rows. Nothing runs, not even of what the rows are made
   * from, before somebody asks for the Dataset's own.
   *
   * @param schema of the rows that come out
   */
  public static Dataset<Row> map(Dataset<Row> rows, Mapping mapping, StructType schema) {
    return frame(rows.sparkSession(), new MappedRows(rows, mapping).toJavaRDD(), schema);
  }

  /** The same of rows that have been counted, which costs a pass over them. */
  public static Dataset<Row> frame(
      SparkSession spark, JavaRDD<InternalRow> rows, StructType schema, long count) {
    COUNTS.put(rows.rdd(), count);
    return frame(spark, rows, schema);
  }

  /** How many rows these are, if they are those of a {@link #frame} with a count; else null. */
  public static @Nullable Long knownCount(Dataset<Row> rows) {
    LogicalPlan plan = rows.queryExecution().analyzed();
    while (plan instanceof Project columns) {
      plan = columns.child();
    }
    return plan instanceof LogicalRDD counted ? COUNTS.get(counted.rdd()) : null;
  }

  /** A Dataset of these rows, which have values of the types of the schema. */
  public static Dataset<Row> frame(
      SparkSession spark, JavaRDD<InternalRow> rows, StructType schema) {
    // Spark's own sources make their Datasets so; Spark Connect, which cannot, has no RDDs either.
    return ((org.apache.spark.sql.classic.SparkSession) spark)
        .internalCreateDataFrame(rows.rdd(), schema, false);
  }

  /** The same rows with user-defined types, such as vectors, as the types they are stored as. */
  public static Dataset<Row> asStored(Dataset<Row> rows) {
    StructType stored = new StructType();
    for (StructField column : rows.schema().fields()) {
      stored =
          stored.add(
              column.name(), stored(column.dataType()), column.nullable(), column.metadata());
    }
    return stored.equals(rows.schema())
        ? rows
        : SteadyRows.like(
            rows, frame(rows.sparkSession(), rows.queryExecution().toRdd().toJavaRDD(), stored));
  }

  /** What values of a type are to Spark itself: those of a user-defined type are of another. */
  public static DataType stored(DataType type) {
    return type instanceof UserDefinedType<?> defined ? defined.sqlType() : type;
  }
}
