package org.sparkprop.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.nn.LearningTask;

class ReportTest {
  private static final Report.Facts FACTS =
      new Report.Facts("models/pets", "pets test", "some blas", List.of(), 2);

  /** Cats, of which some are taken for dogs; no row is a dog. */
  private static Report cats(int hits, int misses) {
    int rows = hits + misses;
    float[] logits = new float[2 * rows];
    for (int row = 0; row < rows; row++) {
      logits[2 * row + (row < hits ? 0 : 1)] = 1;
    }
    float[] weights = new float[rows];
    Arrays.fill(weights, 1);
    TallyRows cats =
        new TallyRows(LearningTask.CLASSIFICATION, 2, new double[rows], logits, logits, weights);
    return Report.of(cats.evaluate(cats.plan(false, true)), List.of("cat", "dog"), FACTS);
  }

  /** Three rows with the weights 1, 1 and 2, and two labels, of which none has the second. */
  private static Report tags(boolean weighted) {
    float[] output = {0.9f, 0.1f, 0.2f, 0.3f, 0.8f, 0.4f};
    double[] targets = {1, 0, 1, 0, 0, 0};
    TallyRows tags =
        new TallyRows(LearningTask.MULTI_LABEL, 2, targets, output, output, new float[] {1, 1, 2});
    return Report.of(tags.evaluate(tags.plan(weighted, true)), List.of("red", "new"), FACTS);
  }

  /** Four rows with errors of 1, −1, 3 and −3, of weight 3, 3, 1 and 1. */
  private static Report prices(int targets, boolean weighted) {
    float[] truth = {10, 20, 30, 40};
    float[] errors = {1, -1, 3, -3};
    float[] output = new float[4 * targets];
    double[] numbers = new double[4 * targets];
    for (int row = 0; row < 4; row++) {
      numbers[row * targets] = truth[row];
      output[row * targets] = truth[row] + errors[row];
    }
    TallyRows prices =
        new TallyRows(
            LearningTask.REGRESSION, targets, numbers, output, output, new float[] {3, 3, 1, 1});
    List<String> names = IntStream.range(0, targets).mapToObj(i -> "price " + i).toList();
    return Report.of(prices.evaluate(prices.plan(weighted, true)), names, FACTS);
  }

  private static JsonNode written(Report report, Path folder) throws IOException {
    report.write(folder.toString(), new Configuration());
    return new ObjectMapper().readTree(folder.resolve("report.json").toFile());
  }

  private static List<String> names(JsonNode json) {
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void theFileHasTheNamesOfTheContract(@TempDir Path folder) throws IOException {
    JsonNode json = written(cats(9, 1), folder);

    assertEquals(
        List.of(
            "task",
            "rows",
            "errors",
            "accuracy",
            "accuracy_interval",
            "balanced_accuracy",
            "balanced_accuracy_interval",
            "f1_macro",
            "f1_weighted",
            "mcc",
            "kappa",
            "top_5",
            "log_loss",
            "roc_auc",
            "roc_auc_error",
            "pr_auc",
            "pr_auc_error",
            "loss",
            "weighted",
            "labels",
            "confusion",
            "classes",
            "model",
            "data",
            "blas",
            "blas_of",
            "seconds"),
        names(json));
    assertEquals("classification", json.get("task").asText());
    assertEquals(10, json.get("rows").asInt());
    assertEquals(1, json.get("errors").asInt());
    assertEquals(0.9, json.get("accuracy").asDouble());
    assertEquals(0.9, json.get("balanced_accuracy").asDouble(), "of cats alone");
    assertEquals("[[9,1],[0,0]]", json.get("confusion").toString());
    JsonNode dog = json.get("classes").get(1);
    assertEquals(List.of("label", "rows", "precision", "recall", "f1"), names(dog));
    assertEquals("dog", dog.get("label").asText());
    assertTrue(dog.get("recall").isNull(), "no row is a dog");
    assertEquals(0.0, dog.get("precision").asDouble());
    assertEquals("pets test", json.get("data").asText());
    assertEquals(2, json.get("seconds").asDouble());
  }

  @Test
  void whatThereIsNothingToTakeOfIsNull(@TempDir Path folder) throws IOException {
    JsonNode json = written(cats(9, 1), folder);

    for (String absent : List.of("top_5", "roc_auc", "roc_auc_error", "pr_auc", "weighted")) {
      assertTrue(json.get(absent).isNull(), absent);
    }
    assertFalse(written(cats(0, 0), folder).toString().contains("NaN"));
    assertFalse(written(tags(true), folder).toString().contains("NaN"));
    assertFalse(written(prices(3, true), folder).toString().contains("NaN"));
  }

  @Test
  void aReportOfLabelsHasEachLabel(@TempDir Path folder) throws IOException {
    JsonNode json = written(tags(true), folder);

    assertEquals(
        List.of(
            "task",
            "rows",
            "errors",
            "accuracy",
            "subset_accuracy",
            "subset_accuracy_interval",
            "hamming_loss",
            "f1_micro",
            "f1_macro",
            "roc_auc",
            "roc_auc_error",
            "pr_auc",
            "pr_auc_error",
            "loss",
            "weighted",
            "labels",
            "model",
            "data",
            "blas",
            "blas_of",
            "seconds"),
        names(json));
    assertEquals("multi-label", json.get("task").asText());
    assertEquals(3, json.get("rows").asInt());
    assertEquals(2, json.get("errors").asInt(), "rows with a wrong cell");
    assertEquals(4 / 6.0, json.get("accuracy").asDouble(), 1e-15);
    assertEquals(1 / 3.0, json.get("subset_accuracy").asDouble(), 1e-15);
    assertEquals(1 / 4.0, json.get("weighted").get("subset_accuracy").asDouble(), 1e-15);
    JsonNode red = json.get("labels").get(0);
    assertEquals(
        List.of("label", "rows", "precision", "recall", "f1", "roc_auc", "pr_auc"), names(red));
    assertEquals("red", red.get("label").asText());
    assertEquals(2, red.get("rows").asInt());
    assertEquals(0.5, red.get("precision").asDouble());
    assertEquals(0.5, red.get("recall").asDouble());
    assertEquals(0.5, red.get("roc_auc").asDouble(), "0.9 is above 0.8, and 0.2 is not");
    assertEquals((1 + 2 / 3.0) / 2, red.get("pr_auc").asDouble(), 1e-15);
    JsonNode none = json.get("labels").get(1);
    assertEquals(0, none.get("rows").asInt());
    for (String absent : List.of("precision", "recall", "f1", "roc_auc", "pr_auc")) {
      assertTrue(none.get(absent).isNull(), absent);
    }
  }

  @Test
  void aReportOfNumbersHasEachTargetInItsUnit(@TempDir Path folder) throws IOException {
    JsonNode json = written(prices(2, true), folder);

    assertEquals(
        List.of(
            "task",
            "rows",
            "rmse",
            "mae",
            "r2",
            "loss",
            "weighted",
            "targets",
            "model",
            "data",
            "blas",
            "blas_of",
            "seconds"),
        names(json));
    assertEquals("regression", json.get("task").asText());
    JsonNode price = json.get("targets").get(0);
    assertEquals("price 0", price.get("target").asText());
    assertEquals(Math.sqrt(5), price.get("rmse").asDouble(), 1e-15);
    assertEquals(2, price.get("mae").asDouble());
    assertEquals(1 - 20 / 500.0, price.get("r2").asDouble(), 1e-15);
    assertEquals(0, json.get("targets").get(1).get("rmse").asDouble());
    assertTrue(json.get("targets").get(1).get("r2").isNull(), "the second is always 0");
    assertEquals(1, json.get("mae").asDouble(), "the mean over both");
    assertEquals(1 - 20 / 500.0, json.get("r2").asDouble(), 1e-15);
    assertEquals(1.5 / 2, json.get("weighted").get("mae").asDouble(), 1e-15);
  }

  @Test
  void anApplicationAsksForAMetricByItsConstantOrItsName() {
    ClassificationReport cats = (ClassificationReport) cats(9, 1);
    assertEquals(cats.accuracy(), cats.metric(Metric.ACCURACY));
    assertEquals(0.0, cats.metric(Metric.KAPPA));
    assertNull(cats.metric(Metric.RMSE), "not of this task");
    assertNull(cats.metric(Metric.TOP_5), "of two classes");
    assertEquals(
        List.of(Metric.ACCURACY, Metric.BALANCED_ACCURACY),
        List.copyOf(cats.figures().intervals().keySet()));
    assertEquals(2.0, ((RegressionReport) prices(1, false)).mae());
    assertEquals(
        ((MultiLabelReport) tags(false)).subsetAccuracy(),
        tags(false).metric(Metric.SUBSET_ACCURACY));
    assertEquals(cats(9, 1), cats, "the same figures make the same report");
  }

  @Test
  void aReportIsReplacedByTheNext(@TempDir Path folder) throws IOException {
    written(cats(9, 1), folder);

    assertEquals(0.1, written(cats(1, 9), folder).get("accuracy").asDouble());
    assertEquals(1, folder.toFile().list().length, "no drafts are left");
  }

  @Test
  void theConsoleShowsTheAccuracyWithItsIntervalAndTheMatrix() {
    String text = ReportText.of(cats(9, 1));

    List<String> lines = text.lines().toList();
    assertEquals(
        "10 rows of pets test: accuracy 90.00 % (95 % interval 59.58 % to 98.21 %), 1 errors, loss 4.5000",
        lines.get(0));
    assertTrue(
        lines
            .get(1)
            .startsWith(
                "balanced-accuracy 90.00 % (95 % interval 59.58 % to 98.21 %), f1-macro 0.4737, f1-weighted 0.9474, mcc 0.0000, kappa 0.0000, log-loss "),
        text);
    assertTrue(text.contains("rows are truth, columns are predictions"), text);
    assertTrue(text.lines().anyMatch(line -> line.matches(" +cat +9 +1 +10 +100.00 % .*")), text);
    assertTrue(text.lines().anyMatch(line -> line.matches(" +dog +· +· +0 +0.00 % +– .*")), text);
  }

  @Test
  void theConsoleShowsEachLabel() {
    String text = ReportText.of(tags(false));

    List<String> lines = text.lines().toList();
    assertEquals(
        "3 rows of pets test: accuracy 66.67 % of the cells, 33.33 % of the rows (95 % interval 6.15 % to 79.23 %), 2 errors, loss 0.5000",
        lines.get(0));
    assertEquals(
        "hamming-loss 0.3333, f1-micro 0.5000, f1-macro 0.5000, roc-auc 0.5000, pr-auc 0.8333",
        lines.get(1));
    assertTrue(
        text.lines().anyMatch(line -> line.matches(" +red +2 +50.00 % +50.00 % +50.00 % .*")),
        text);
    assertTrue(text.lines().anyMatch(line -> line.matches(" +new +0( +–){5} *")), text);
    assertFalse(text.contains("by weight"), text);
  }

  @Test
  void theConsoleShowsFiguresByWeightWhereRowsHaveWeights() {
    String text = ReportText.of(prices(1, true));

    assertEquals(
        List.of(
            "4 rows of pets test: RMSE 2.2361, MAE 2.0000, R² 0.9600, loss 1.5000",
            "by weight: loss 1.0000, rmse 1.7321, mae 1.5000, r2 0.9700"),
        text.lines().toList());
  }

  @Test
  void theConsoleHasATableOfSeveralTargets() {
    String text = ReportText.of(prices(2, false));

    assertTrue(
        text.lines().anyMatch(line -> line.matches(" +price 0 +2.2361 +2.0000 +0.9600 *")), text);
    assertTrue(text.lines().anyMatch(line -> line.matches(" +price 1 +0.0000 +0.0000 +– *")), text);
    assertTrue(ReportText.of(prices(21, false)).endsWith("21 targets: they are in the report"));
  }
}
