package org.sparkprop.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.TestSpark;
import org.sparkprop.data.Preprocessing.FeatureType;
import org.sparkprop.nn.LearningTask;

/** Against means and deviations by their definitions, in two passes over all rows. */
class RowStatisticsTest {
  private static final int ROWS = 300;
  private static final int WIDTH = 4;

  /** Of a float that a double is rounded to. */
  private static final double FLOAT = 1e-7;

  /**
   * A row whose features have different units; the third never changes, and the fourth has a mean
   * of 0, so that what is found is the rounding of the sums.
   */
  private static float[] floats(int row) {
    float pair = 1 + row / 2 % 7 / 3f;
    return new float[] {
      (float) Math.sin(row) * 1e-3f, 1e6f + row * row % 97, 0.1f, row % 2 == 0 ? pair : -pair
    };
  }

  private static byte[] bytes(int row) {
    return new byte[] {(byte) (row % 7 == 0 ? row * 31 : 0), (byte) (row * row), 0, 0};
  }

  private static double weight(int row) {
    return row % 5 / 2.0;
  }

  private static Shards pack(FeatureType type, boolean weighted, int partitions) {
    boolean isBytes = type == FeatureType.BYTE;
    DataType features =
        isBytes ? DataTypes.BinaryType : DataTypes.createArrayType(DataTypes.FloatType);
    StructType schema =
        new StructType()
            .add("row", DataTypes.LongType)
            .add("features", features)
            .add("label", DataTypes.FloatType);
    if (weighted) {
      schema = schema.add("weight", DataTypes.FloatType);
    }
    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      Object given = isBytes ? bytes(row) : floats(row);
      float label = (float) Math.cos(row);
      rows.add(
          weighted
              ? RowFactory.create((long) row, given, label, (float) weight(row))
              : RowFactory.create((long) row, given, label));
    }
    Dataset<Row> table = TestSpark.session().createDataFrame(rows, schema);
    RowFormat format =
        new RowFormat(
            "rows", type, WIDTH, new LabelFormat(LearningTask.REGRESSION, 1, false), weighted);
    return Shards.pack(table, format, ShardPlan.all(11, 1), Layout.of(11, 11, 0, 1, partitions));
  }

  private static double mean(ToDoubleFunction<Integer> value, boolean weighted) {
    double sum = 0;
    double all = 0;
    for (int row = 0; row < ROWS; row++) {
      double weight = weighted ? weight(row) : 1;
      sum += weight * value.applyAsDouble(row);
      all += weight;
    }
    return sum / all;
  }

  private static void check(
      Scaling found, int column, ToDoubleFunction<Integer> value, boolean weighted) {
    double mean = mean(value, weighted);
    double square = mean(row -> Math.pow(value.applyAsDouble(row) - mean, 2), weighted);
    assertEquals(mean, found.mean().get(column), FLOAT * Math.abs(mean));
    assertEquals(Math.sqrt(square), found.scale().get(column), FLOAT * Math.sqrt(square));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void numbersHaveAMeanAndADeviationEach(boolean weighted) {
    try (Shards shards = pack(FeatureType.FLOAT, weighted, 3)) {
      Scaling found =
          RowStatistics.standardFeatures(shards, Preprocessing.raw(FeatureType.FLOAT), WIDTH);

      check(found, 0, row -> floats(row)[0], weighted);
      check(found, 1, row -> floats(row)[1], weighted);
      assertEquals(0.1f, found.mean().get(2), "never changes");
      assertEquals(1, found.scale().get(2), "never changes");
      check(RowStatistics.standardTargets(shards, 1), 0, row -> (float) Math.cos(row), weighted);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bytesHaveOneMeanAndOneDeviation(boolean weighted) {
    try (Shards shards = pack(FeatureType.BYTE, weighted, 3)) {
      Scaling found =
          RowStatistics.standardFeatures(shards, Preprocessing.raw(FeatureType.BYTE), WIDTH);

      // The mean square over all features is the mean over rows of the mean of each row.
      double mean = mean(row -> sum(row) / WIDTH, weighted);
      double square = mean(row -> squares(row, mean) / WIDTH, weighted);
      assertEquals(1, found.size());
      assertEquals(mean / 255, found.mean().get(0), FLOAT);
      assertEquals(Math.sqrt(square) / 255, found.scale().get(0), FLOAT);
    }
  }

  private static double sum(int row) {
    double sum = 0;
    for (byte one : bytes(row)) {
      sum += Byte.toUnsignedInt(one);
    }
    return sum;
  }

  private static double squares(int row, double mean) {
    double sum = 0;
    for (byte one : bytes(row)) {
      sum += Math.pow(Byte.toUnsignedInt(one) - mean, 2);
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7, 50})
  void theBitsAreTheSameForAnyPartitions(int partitions) {
    Preprocessing raw = Preprocessing.raw(FeatureType.FLOAT);
    try (Shards one = pack(FeatureType.FLOAT, false, 1);
        Shards many = pack(FeatureType.FLOAT, false, partitions)) {
      assertEquals(
          RowStatistics.standardFeatures(one, raw, WIDTH),
          RowStatistics.standardFeatures(many, raw, WIDTH));
    }
  }

  @Test
  void standardFeaturesHaveMeanZeroAndDeviationOne() {
    try (Shards shards = pack(FeatureType.FLOAT, false, 2)) {
      Preprocessing raw = Preprocessing.raw(FeatureType.FLOAT);
      Preprocessing standard =
          raw.withFeatureScaling(RowStatistics.standardFeatures(shards, raw, WIDTH));

      Scaling again = RowStatistics.standardFeatures(shards, standard, WIDTH);

      assertEquals(0, again.mean().get(0), 1e-6);
      assertEquals(1, again.scale().get(0), 1e-6);
      // Floats near a million have steps of 1/16, so that their mean is rounded.
      assertTrue(Math.abs(again.mean().get(1)) < 1e-2);
      assertEquals(1, again.scale().get(1), 1e-6);
      assertEquals(0, again.mean().get(2), "never changes");
    }
  }
}
