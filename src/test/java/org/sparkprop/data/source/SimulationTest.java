package org.sparkprop.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkprop.Refusal;
import org.sparkprop.TestSpark;

/** Samples are as their laws say, within four standard deviations of what is estimated. */
class SimulationTest {
  private static final int ROWS = 20_000;

  private final SparkSession spark = TestSpark.session();

  private List<Row> rows(String data, String part) {
    return RowSource.of(data).rows(spark, Part.parse(part)).orderBy("row").collectAsList();
  }

  private static double feature(Row row, int feature) {
    return row.<Float>getList(1).get(feature);
  }

  @Test
  void friedmansNoiseIsStandardNormalAndItsCeilingIsAsDocumented() {
    List<Row> rows = rows("friedman(" + ROWS + ")", "train");
    double noises = 0;
    double noiseSquares = 0;
    double labels = 0;
    double labelSquares = 0;
    double[] means = new double[10];
    for (Row row : rows) {
      double signal =
          10 * Math.sin(Math.PI * feature(row, 0) * feature(row, 1))
              + 20 * Math.pow(feature(row, 2) - 0.5, 2)
              + 10 * feature(row, 3)
              + 5 * feature(row, 4);
      double noise = row.getDouble(2) - signal;
      noises += noise / ROWS;
      noiseSquares += noise * noise / ROWS;
      labels += row.getDouble(2) / ROWS;
      labelSquares += Math.pow(row.getDouble(2), 2) / ROWS;
      for (int i = 0; i < 10; i++) {
        means[i] += feature(row, i) / ROWS;
      }
    }

    assertEquals(ROWS, rows.size());
    assertEquals(0, noises, 4 / Math.sqrt(ROWS));
    assertEquals(1, noiseSquares, 4 * Math.sqrt(2.0 / ROWS));
    for (double mean : means) {
      assertEquals(0.5, mean, 4 * Math.sqrt(1 / 12.0 / ROWS));
    }
    // Numeric integration (SciPy's dblquad) gives a mean of 14.4133 and a variance of 23.8265 + 1.
    assertEquals(14.4133, labels, 4 * Math.sqrt(24.8265 / ROWS));
    assertEquals(0.9597, 1 - noiseSquares / (labelSquares - labels * labels), 0.0025);
  }

  @Test
  void theBestRuleForTheImbalancedClassesErrsAsDocumented() {
    List<Row> rows = rows("imbalance(" + ROWS + ")", "test");
    int[] counts = new int[2];
    int[] found = new int[2];
    int[] foundEvenly = new int[2];
    for (Row row : rows) {
      double along = 0;
      for (int i = 0; i < 10; i++) {
        along += feature(row, i) / Math.sqrt(10);
      }
      int label = (int) row.getDouble(2);
      counts[label]++;
      // The likelihood ratio of the classes is exp(3 along − 9/2); the rare one is 1 of 100.
      found[label] += (along > 1.5 + Math.log(99) / 3 ? 1 : 0) == label ? 1 : 0;
      foundEvenly[label] += (along > 1.5 ? 1 : 0) == label ? 1 : 0;
    }

    assertEquals(ROWS / 100, counts[1]);
    assertEquals(ROWS - ROWS / 100, counts[0]);
    double errors = 1 - (double) (found[0] + found[1]) / ROWS;
    assertEquals(0.00633, errors, 4 * Math.sqrt(0.00633 / ROWS));
    assertEquals(0.487, (double) found[1] / counts[1], 4 * Math.sqrt(0.25 / counts[1]));
    assertEquals(0.9332, (double) foundEvenly[0] / counts[0], 4 * Math.sqrt(0.0623 / counts[0]));
    assertEquals(0.9332, (double) foundEvenly[1] / counts[1], 4 * Math.sqrt(0.0623 / counts[1]));
  }

  @Test
  void aRowDependsOnItsNumberAlone() {
    List<Row> rows = rows("friedman(300)", "train");

    assertEquals(rows.subList(100, 103), rows("friedman(5000)", "train[100:103]"));
    assertEquals(List.of(), rows("friedman(300)", "train[300:]"));
    assertNotEquals(rows.get(0), rows("friedman(300)", "test").get(0));
    assertNotEquals(feature(rows.get(0), 0), feature(rows("imbalance(300)", "train").get(0), 0));
    assertEquals(10_000, RowSource.of("imbalance").rows(spark, Part.parse("test")).count());
  }

  @ParameterizedTest
  @CsvSource({
    "friedman(0), Invalid friedman: 0 rows (must be 1 to 1000000000)",
    "imbalance(-5), Invalid imbalance: -5 rows (must be 1 to 1000000000)",
    "'friedman(many)', 'Invalid friedman: friedman(many) (must be friedman or, with the rows of a part, friedman(1000))'",
  })
  void wordsThatMakeNoSenseAreRefused(String word, String message) {
    assertEquals(message, Refusal.of(() -> RowSource.of(word)));
  }

  @Test
  void anUnknownPartIsRefused() {
    assertEquals(
        "Cannot find part dev of friedman(10000) (it has train and test)",
        Refusal.of(() -> rows("friedman", "dev")));
  }
}
