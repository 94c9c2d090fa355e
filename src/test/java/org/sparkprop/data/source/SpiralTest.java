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

class SpiralTest {
  private final SparkSession spark = TestSpark.session();

  private List<Row> rows(String data, String part) {
    return RowSource.of(data).rows(spark, Part.parse(part)).orderBy("row").collectAsList();
  }

  @Test
  void pointsLieOnTheirCircleNearTheirAngle() {
    List<Row> rows = rows("spiral(50)", "train");

    assertEquals(150, rows.size());
    double squares = 0;
    for (int i = 0; i < rows.size(); i++) {
      int label = i / 50;
      double radius = (i % 50) / 49.0;
      double x = (Float) rows.get(i).getList(1).get(0);
      double y = (Float) rows.get(i).getList(1).get(1);
      assertEquals(label, rows.get(i).getInt(2));
      assertEquals(radius, Math.hypot(x, y), 1e-6);
      // What the angle has beyond 4 (c + radius) is noise, 0.2 times a normal number.
      double away = Math.atan2(x, y) - 2.5 * 4 * (label + radius);
      double noise = Math.IEEEremainder(away, 2 * Math.PI) / 2.5;
      squares += radius == 0 ? 0 : noise * noise;
    }
    // 147 squares of N(0, 0.2): the mean has a standard deviation of 12 %; this is four of them.
    assertEquals(0.04, squares / 147, 0.04 * 0.48);
  }

  @Test
  void rowsAreTheSameEachTimeAndTestRowsAreOthers() {
    assertEquals(rows("spiral", "train"), rows("spiral", "train"));
    assertNotEquals(rows("spiral", "train"), rows("spiral", "test"));
    assertEquals(300, rows("spiral", "test").size());
  }

  @ParameterizedTest
  @CsvSource({
    "spiral(0), Invalid spiral: 0 points a class (must be 1 to 100000)",
    "spiral(-5), Invalid spiral: -5 points a class (must be 1 to 100000)",
    "'spiral(many)', 'Invalid spiral: spiral(many) (must be spiral or, with the points a class, spiral(1000))'",
    "'', 'Invalid data: \"\" (must be mnist, spiral, friedman, imbalance, a table or a folder of IDX files)'",
  })
  void wordsThatMakeNoSenseAreRefused(String word, String message) {
    String refused = Refusal.of(() -> RowSource.of(word));
    assertEquals(message, refused);
  }

  @Test
  void anUnknownPartIsRefused() {
    String refused = Refusal.of(() -> rows("spiral", "dev"));
    assertEquals("Cannot find part dev of spiral(100) (it has train and test)", refused);
  }
}
