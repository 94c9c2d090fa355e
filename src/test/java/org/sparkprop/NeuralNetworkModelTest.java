package org.sparkprop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkException;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.eval.ClassificationReport;
import org.sparkprop.nn.LearningTask;

/** What a trained network says of rows. */
class NeuralNetworkModelTest {
  /**
   * Three classes in the plane, 1000 rows, with columns that are none of the network's business.
   */
  private static Dataset<Row> points() {
    return TestSpark.session()
        .range(0, 1000, 1, 3)
        .selectExpr("id as row", "id % 17 / 8.0 - 1 as x", "id % 23 / 11.0 - 1 as y")
        .selectExpr("*", "int(x > 0) + int(x > 0 and y > 0) as label")
        .selectExpr("*", "concat('name ', row) as name", "array(row, null) as more");
  }

  private static NeuralNetworkModel model(String layers) {
    return NeuralNetwork.layers(layers).features("x", "y").epochs(2).fit(points());
  }

  @Test
  void predictionsAreThoseOfTheConfusionMatrix() {
    NeuralNetworkModel model = model("8 relu, 3 softmax");

    ClassificationReport report = (ClassificationReport) model.evaluate(points());

    List<List<Long>> counted = new ArrayList<>();
    for (int truth = 0; truth < 3; truth++) {
      counted.add(new ArrayList<>(Collections.nCopies(3, 0L)));
    }
    for (Row row : model.transform(points()).select("label", "prediction").collectAsList()) {
      List<Long> ofTruth = counted.get(row.getInt(0));
      int predicted = (int) row.getDouble(1);
      ofTruth.set(predicted, ofTruth.get(predicted) + 1);
    }
    assertEquals(report.confusion(), counted);
  }

  @Test
  void rowsKeepTheirOrderAndTheirColumnsInAllPartitions() {
    Dataset<Row> given = points().repartition(4).sortWithinPartitions("name");

    Dataset<Row> predicted = model("3 softmax").transform(given);

    List<String> columns = new ArrayList<>(List.of(given.columns()));
    columns.addAll(List.of("prediction", "probability"));
    assertEquals(columns, List.of(predicted.columns()));
    assertEquals(
        given.collectAsList(), predicted.drop("prediction", "probability").collectAsList());
    assertEquals(4, predicted.rdd().getNumPartitions());
  }

  @Test
  void probabilitiesAreOneForEachClassAndAddUpToOne() {
    for (String layers : List.of("3 softmax", "4 tanh, 2 softmax", "1 sigmoid")) {
      Dataset<Row> rows = points().withColumn("label", functions.expr("int(x > 0)"));
      NeuralNetworkModel model =
          NeuralNetwork.layers(layers).features("x", "y").epochs(1).fit(rows);

      for (Row row : model.transform(rows.drop("label")).collectAsList()) {
        List<Float> probability = row.getList(row.fieldIndex("probability"));
        double sum = 0;
        for (float share : probability) {
          sum += share;
        }
        int predicted = (int) row.getDouble(row.fieldIndex("prediction"));
        assertEquals(model.labels().size(), probability.size());
        assertEquals(1, sum, 1e-6, "a few roundings of floats");
        assertEquals(Collections.max(probability), probability.get(predicted));
      }
    }
  }

  @Test
  void severalLabelsAreAnArrayOfZerosAndOnes() {
    NeuralNetworkModel model =
        NeuralNetwork.layers("2 sigmoid")
            .task(LearningTask.MULTI_LABEL)
            .features("x", "y")
            .label("left", "low")
            .learningRate(0.1)
            .epochs(20)
            .fit(points().selectExpr("*", "x < 0 as left", "y < 0 as low"));

    Row row = model.transform(points().where("x = -1 and y > 0.5")).head();

    assertEquals(List.of(1.0, 0.0), row.getList(row.fieldIndex("prediction")));
    List<Float> probability = row.getList(row.fieldIndex("probability"));
    assertTrue(probability.get(0) > 0.5 && probability.get(1) < 0.5, row.toString());
  }

  @Test
  void severalTargetsAreAnArrayOfNumbers() {
    NeuralNetworkModel model =
        NeuralNetwork.layers("2")
            .features("x", "y")
            .label("sum", "ten")
            .optimizer("lbfgs")
            .fit(points().selectExpr("*", "x + y as sum", "10 * x as ten"));

    Row row = model.transform(points().where("x = 0.5").drop("label")).head();

    List<Double> prediction = row.getList(row.fieldIndex("prediction"));
    double y = ((Number) row.getAs("y")).doubleValue();
    assertEquals(0.5 + y, prediction.get(0), 1e-3, "lbfgs gets that near");
    assertEquals(5, prediction.get(1), 1e-3);
    assertEquals(-1, List.of(model.transform(points()).columns()).indexOf("probability"));
  }

  /** With a shuffle before it: an adaptive plan would run that to be asked for its partitions. */
  @Test
  void nothingRunsBeforeTheRowsAreAskedFor() throws TimeoutException {
    NeuralNetworkModel model = model("3 softmax");
    SparkSession spark = TestSpark.session();
    AtomicInteger jobs = new AtomicInteger();
    SparkListener counter =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart job) {
            jobs.incrementAndGet();
          }
        };
    spark.sparkContext().addSparkListener(counter);
    try {
      Dataset<Row> predicted = model.transform(points().repartition(4));
      spark.sparkContext().listenerBus().waitUntilEmpty();
      assertEquals(0, jobs.get());
      assertEquals(1000, predicted.count());
    } finally {
      spark.sparkContext().removeSparkListener(counter);
    }
  }

  @Test
  void columnsThatCannotBeUsedAreRefusedAtOnce() {
    NeuralNetworkModel model = model("3 softmax");

    assertEquals(
        "Cannot use the rows: no column y (it has x)",
        Refusal.of(() -> model.transform(points().select("x"))));
    assertEquals(
        "Cannot use the rows: column y is string (a feature must be a number, a boolean or an array of numbers)",
        Refusal.of(() -> model.transform(points().selectExpr("x", "string(y) as y"))));
    assertEquals(
        "Cannot use the rows: there is a column prediction already (drop or rename it)",
        Refusal.of(() -> model.transform(points().selectExpr("*", "1 as Prediction"))));
  }

  @Test
  void aRowWithoutUsableFeaturesIsShown() {
    NeuralNetworkModel model = model("3 softmax");

    assertEquals(
        "Cannot use the rows: a row has null as feature 1 (expected a finite number): name = name 7, x = -0.125000, y = null",
        refusal(model.transform(points().selectExpr("name", "x", "if(row = 7, null, y) as y"))));
    assertEquals(
        "Cannot use the rows: a row has NaN as feature 0 (expected a finite number): x = NaN, y = 1.0",
        refusal(model.transform(points().selectExpr("double('NaN') as x", "1.0D as y"))));
    Dataset<Row> arrays = points().selectExpr("array(x, y) as features", "label", "row");
    NeuralNetworkModel ofArrays = NeuralNetwork.layers("3 softmax").epochs(1).fit(arrays);
    assertTrue(
        refusal(ofArrays.transform(points().selectExpr("array(x) as features", "name")))
            .startsWith("Cannot use the rows: a row has 1 features (expected 2): features = "));
  }

  private static String refusal(Dataset<Row> rows) {
    Throwable failed = assertThrows(SparkException.class, rows::collectAsList);
    while (failed.getCause() != null && !(failed instanceof InvalidInputException)) {
      failed = failed.getCause();
    }
    return String.valueOf(failed.getMessage());
  }
}
