package org.sparkprop.bench;

import java.util.Random;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkprop.base.RandomStream;
import org.sparkprop.base.RandomStream.Purpose;

/** Rows of bytes to measure with, four fifths of them zero as in scanned digits. */
final class GeneratedRows {
  private static final StructType SCHEMA =
      new StructType()
          .add("row", DataTypes.LongType)
          .add("features", DataTypes.BinaryType)
          .add("label", DataTypes.IntegerType);

  private GeneratedRows() {}

  /** So many rows of {@code width} features, with labels below {@code classes}. */
  static Dataset<Row> of(SparkSession spark, long rows, int width, int classes) {
    MapFunction<Long, Row> generate = number -> generate(number, width, classes);
    return spark.range(rows).as(Encoders.LONG()).map(generate, Encoders.row(SCHEMA));
  }

  private static Row generate(long number, int width, int classes) {
    Random random = RandomStream.of(1, Purpose.GENERATED_ROWS, number, 0);
    byte[] features = new byte[width];
    for (int i = 0; i < width; i++) {
      features[i] = (byte) (random.nextInt(5) == 0 ? random.nextInt(256) : 0);
    }
    return RowFactory.create(number, features, random.nextInt(classes));
  }
}
