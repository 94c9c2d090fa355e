package org.sparkprop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkprop.eval.RegressionReport;

/** The columns of an application's table. */
class ColumnsTest {
  private static final String VECTOR =
      "struct<type:tinyint,size:int,indices:array<int>,values:array<double>>";

  @TempDir Path folder;

  private final SparkSession spark = TestSpark.session();

  private Dataset<Row> table(String sql) {
    return spark.sql(sql).coalesce(1);
  }

  private static NeuralNetwork network() {
    return NeuralNetwork.layers("2 softmax").epochs(1);
  }

  private static double rmse(NeuralNetworkModel model, Dataset<Row> rows) {
    return Objects.requireNonNull(((RegressionReport) model.evaluate(rows)).rmse());
  }

  @Test
  void arraysWhoseLengthsAddUpAreRefused() {
    Dataset<Row> rows =
        table(
            "select array(1d,2d) a, array(3d) b, 0 label union all select array(1d), array(2d,3d), 1");

    assertEquals(
        "Cannot use the rows: row 1 has 1 number in column a (row 0 has 2)",
        Refusal.of(() -> network().features("a", "b").fit(rows)));
    assertEquals(
        "Cannot use the rows: row 1 has 1 number in column a (row 0 has 2)",
        Refusal.of(
            () -> NeuralNetwork.layers("3").features("label").label("a", "b").epochs(1).fit(rows)));
    Dataset<Row> right = table("select array(1d,2d) a, array(3d) b, int(id) label from range(2)");
    NeuralNetworkModel model = network().features("a", "b").fit(right);
    assertEquals(
        "Cannot use the rows: row 0 has 1 number in column a (the model takes 2)",
        Refusal.of(() -> model.evaluate(rows.where("label = 1"))));
    assertTrue(
        String.valueOf(
                org.junit.jupiter.api.Assertions.assertThrows(
                        Exception.class, () -> model.transform(rows).collectAsList())
                    .getMessage())
            .contains("a row has 1 number in column a (the model takes 2): a = "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(0,3,array(0,7),array(1d,2d)) | a sparse vector of 3 numbers with index 7 (expected 0 to 2)",
        "(0,3,array(-1),array(1d)) | a sparse vector of 3 numbers with index -1 (expected 0 to 2)",
        "(0,3,array(1,1),array(1d,2d)) | a sparse vector of 3 numbers with index 1 twice",
        "(0,3,array(2,0,2),array(1d,2d,3d)) | a sparse vector of 3 numbers with index 2 twice",
        "(0,3,array(0,1),array(1d)) | a sparse vector of 2 indices and 1 values (expected one for each)",
        "(0,4,array(0),array(1d)) | 4 numbers",
        "(0,null,array(0),array(1d)) | a sparse vector without size",
        "(1,null,null,null) | a vector without values",
        "null | null",
      })
  void malformedVectorsAreNamedRows(String vector, String problem) {
    Dataset<Row> rows =
        table(
            "select cast((1,null,null,array(1d,2d,3d)) as %s) v, 0 label union all select cast(%s as %s), 1"
                .formatted(VECTOR, vector, VECTOR));

    String message = Refusal.of(() -> network().features("v").fit(rows));

    assertEquals(
        "Cannot use the rows: row 1 has %s in column v%s"
            .formatted(problem, problem.equals("4 numbers") ? " (row 0 has 3)" : ""),
        message);
    NeuralNetworkModel model = network().features("v").fit(rows.where("label = 0"));
    String predicted =
        String.valueOf(
            org.junit.jupiter.api.Assertions.assertThrows(
                    Exception.class, () -> model.transform(rows).collectAsList())
                .getMessage());
    assertTrue(predicted.contains(problem.equals("4 numbers") ? "4 features" : problem), predicted);
  }

  @Test
  void denseAndSparseVectorsGiveTheSameParameters() {
    String dense =
        "select id row, cast((1,null,null,array(double(id % 2),0d,0d,double(id % 5))) as VECTOR) features, id % 2 label from range(64)"
            .replace("VECTOR", VECTOR);
    String sparse =
        "select id row, cast((0,4,array(3,0),array(double(id % 5),double(id % 2))) as VECTOR) features, id % 2 label from range(64)"
            .replace("VECTOR", VECTOR);
    assertArrayEquals(
        network().fit(spark.sql(dense)).parameters(),
        network().fit(spark.sql(sparse)).parameters());
  }

  @Test
  void columnsOfOneNameMatterOnlyIfTheyAreUsed() {
    Dataset<Row> a = spark.range(20).selectExpr("id", "id % 7 x", "int(id % 2) label");
    Dataset<Row> b = spark.range(20).selectExpr("id", "id % 3 y");
    Dataset<Row> joined = a.join(b, a.col("id").equalTo(b.col("id")));

    NeuralNetworkModel model = network().features("x", "y").fit(joined);

    assertEquals(20, model.transform(joined).collectAsList().size());
    assertEquals(20, model.evaluate(joined).rows());
    assertEquals(
        "Cannot use the rows: there are two columns id (rename one of them, or leave both out with ignore(\"id\"))",
        Refusal.of(() -> network().fit(joined)));
    assertEquals(List.of("x", "y"), network().ignore("id").fit(joined).columns());
  }

  @Test
  void columnsThatDifferInCapitalsAreToldApartWhereSparkDoes() {
    String sql =
        "select id %% 7 a, id %% 5 A, int(id %% 2) label from range(20)".replace("%%", "%");
    assertEquals(
        "Cannot use the rows: columns a and A differ in capitals alone (start with spark.sql.caseSensitive=true to tell them apart, or rename one)",
        Refusal.of(() -> network().fit(spark.sql(sql))));
    spark.conf().set("spark.sql.caseSensitive", "true");
    try {
      NeuralNetworkModel model = network().features("a", "A").fit(spark.sql(sql));
      assertEquals(20, model.evaluate(spark.sql(sql)).rows());
      assertEquals(20, model.transform(spark.sql(sql)).collectAsList().size());
    } finally {
      spark.conf().unset("spark.sql.caseSensitive");
    }
  }

  @Test
  void whatFitAcceptsEvaluateAcceptsToo() {
    Dataset<Row> rows =
        spark
            .range(20)
            .selectExpr(
                "id % 3 as `a.b`",
                "id % 5 as `c``d`",
                "id % 7 as ` lead`",
                "id % 11 as `distance, km`",
                "id % 2 as `price, USD`");
    NeuralNetworkModel model =
        network().features("a.b", "c`d", " lead", "distance, km").label("price, USD").fit(rows);
    model.save(folder.resolve("m").toString());

    NeuralNetworkModel loaded = NeuralNetworkModel.load(spark, folder.resolve("m").toString());

    assertEquals(20, loaded.evaluate(rows).rows());
    assertEquals(20, loaded.transform(rows).collectAsList().size());
  }

  @Test
  void aFieldOfAStructIsNoColumn() {
    Dataset<Row> rows = table("select named_struct('x', 1d) s, 0 label");

    assertEquals(
        "Cannot use the rows: no column s.x (s is a struct, and a field of it is no column; make it a column of its own)",
        Refusal.of(() -> network().features("s.x").fit(rows)));
  }

  @Test
  void predictionsAreInTheTargetsOwnDigits() {
    Dataset<Row> rows = table("select double(id % 50) x, 1700000000 + id % 50 y from range(200)");
    NeuralNetworkModel model =
        NeuralNetwork.layers("1").label("y").optimizer("lbfgs").epochs(20).fit(rows);
    model.save(folder.resolve("m").toString());
    NeuralNetworkModel loaded = NeuralNetworkModel.load(spark, folder.resolve("m").toString());

    for (Row row : loaded.transform(rows).takeAsList(60)) {
      assertEquals(1700000000 + row.getDouble(0), row.<Double>getAs("prediction"), 0.05);
    }
    assertTrue(rmse(loaded, rows) < 0.05);
    NeuralNetworkModel further =
        NeuralNetwork.layers("1").label("y").initFrom(loaded).epochs(1).fit(rows);
    assertTrue(rmse(further, rows) < 5, "goes on from there");
  }

  @Test
  void aTextThatIsAlmostNumbersIsRefusedInTheWordsOfTheLibrary() {
    Dataset<Row> rows =
        table("select if(id = 3, 'NA', string(id)) age, id % 3 x, id % 2 label from range(20)");

    assertEquals(
        "Cannot use the rows: column age is text where a person sees numbers: \"NA\" in row 3 is no number as we read them (such as 1234.5); correct it, or go without with ignore(\"age\")",
        Refusal.of(() -> network().fit(rows)));
    NeuralNetworkModel model = network().ignore("age").fit(rows);
    assertEquals(List.of("left out: age (ignored)"), model.notes());
  }
}
