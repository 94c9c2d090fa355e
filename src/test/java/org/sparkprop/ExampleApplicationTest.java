package org.sparkprop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application of the README: it runs, and it is the one that stands there. */
class ExampleApplicationTest {
  private static final String FENCE = "```java\n";

  @TempDir Path scratch;

  @Test
  void theExampleLearnsStopsSavesLoadsAndPredicts() {
    SparkSession spark = TestSpark.session();
    String table = scratch.resolve("points").toString();
    spark
        .range(0, 600, 1, 3)
        .selectExpr("id % 20 / 10 - 1 as x", "id % 31 / 15.5 - 1 as y")
        .selectExpr("x", "y", "int(x + y > 0) as label")
        .write()
        .parquet(table);
    String folder = scratch.resolve("model").toString();

    Dataset<Row> predicted = ExampleApplication.run(spark, table, folder);

    long right = predicted.where("prediction = label").count();
    assertTrue(right > 0.9 * 600, "right: " + right);
    NeuralNetworkModel model = NeuralNetworkModel.load(spark, folder);
    assertEquals("stopped by a listener", model.ending());
    assertTrue(model.history().size() < 100, "epochs: " + model.history().size());
  }

  @Test
  void theReadmeShowsTheExampleAsItIs() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String source =
        Files.readString(Path.of("src/test/java/org/sparkprop/ExampleApplication.java"));

    String shown = between(readme, FENCE, "```");

    String marked = between(source, "// README: from here\n", "  // README: to here");
    assertEquals(marked.stripTrailing() + "\n}\n", shown);
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start) + start.length();
    assertTrue(from >= start.length(), "no " + start);
    return text.substring(from, text.indexOf(end, from));
  }
}
