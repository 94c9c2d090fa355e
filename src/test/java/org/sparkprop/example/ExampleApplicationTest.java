package org.sparkprop.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.NeuralNetwork;
import org.sparkprop.NeuralNetworkModel;
import org.sparkprop.TestSpark;

/** The applications of the README: they run, and they are the ones that stand there. */
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
  void theExampleOfPredictionsAddsThemToAFile() throws IOException {
    SparkSession spark = TestSpark.session();
    Path table = scratch.resolve("points.csv");
    Files.writeString(table, "x,y,label\n0.5,0.5,1\n-0.5,-0.5,0\n1,0,1\n");
    String folder = scratch.resolve("model").toString();
    String output = scratch.resolve("predictions").toString();
    Dataset<Row> rows =
        spark.read().option("header", true).option("inferSchema", true).csv(table.toString());
    NeuralNetwork.layers("2 softmax").learningRate(0.1).epochs(50).fit(rows).save(folder);

    Predict.main(new String[] {folder, table.toString(), output});

    Dataset<Row> predicted = spark.read().json(output);
    assertEquals(
        List.of("label", "prediction", "probability", "x", "y"),
        List.of(predicted.columns()),
        "the columns of the file and those of the model");
    assertEquals(3, predicted.where("prediction = label").count());
  }

  @Test
  void theReadmeShowsTheExamplesAsTheyAre() throws IOException {
    String readme = Files.readString(Path.of("README.md"));

    assertEquals(List.of(source("Predict"), source("ExampleApplication")), examples(readme));
  }

  /** What stands between the marks of an example, without what only this project needs. */
  private static String source(String name) throws IOException {
    Path file = Path.of("src/test/java/org/sparkprop/example/" + name + ".java");
    String source = Files.readString(file);
    return between(source, 0, "// README: from here\n", "  // README: to here").stripTrailing()
        + "\n}\n";
  }

  private static List<String> examples(String readme) {
    List<String> examples = new ArrayList<>();
    for (int at = readme.indexOf(FENCE); at >= 0; at = readme.indexOf(FENCE, at + 1)) {
      examples.add(between(readme, at, FENCE, "```"));
    }
    return examples;
  }

  private static String between(String text, int at, String start, String end) {
    int from = text.indexOf(start, at) + start.length();
    assertTrue(from >= start.length(), "no " + start);
    return text.substring(from, text.indexOf(end, from));
  }
}
