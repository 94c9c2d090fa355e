package org.sparkprop.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sparkprop.Refusal;
import org.sparkprop.nn.LearningTask;

class MetricTest {
  @Test
  void everyMetricHasAWordThatNamesIt() {
    for (Metric metric : Metric.values()) {
      assertEquals(metric, Metric.of(metric.word()));
      assertEquals(metric, Metric.of(metric.field()));
    }
    assertEquals("balanced-accuracy", Metric.BALANCED_ACCURACY.word());
    assertEquals("top_5", Metric.TOP_5.field());
    assertEquals(Metric.F1_MACRO, Metric.of(" F1 "));
  }

  @Test
  void anotherWordIsRefusedWithThoseThatThereAre() {
    assertEquals(
        "Invalid metric: auc (must be one of loss, accuracy, balanced-accuracy, subset-accuracy, hamming-loss, f1-micro, f1-macro, f1-weighted, mcc, kappa, top-5, log-loss, roc-auc, pr-auc, rmse, mae, r2; did you mean roc-auc?)",
        Refusal.of(() -> Metric.of("auc")));
  }

  @Test
  void aMetricOfAnotherTaskIsRefusedWithThoseOfTheTask() {
    assertEquals(
        "Invalid monitor: accuracy with --task regression (must be one of loss, rmse, mae, r2)",
        Refusal.of(() -> Metric.ACCURACY.checkCompatible("monitor", LearningTask.REGRESSION)));
    assertEquals(
        "Invalid target: r2 with --task multi-label (must be one of loss, accuracy, subset-accuracy, hamming-loss, f1-micro, f1-macro, roc-auc, pr-auc)",
        Refusal.of(() -> Metric.R2.checkCompatible("target", LearningTask.MULTI_LABEL)));
    Metric.LOSS.checkCompatible("monitor", LearningTask.REGRESSION);
  }

  @Test
  void lossesAndErrorsAreBetterWhereTheyAreLower() {
    List<Metric> lower =
        Arrays.stream(Metric.values()).filter(metric -> !metric.higherIsBetter()).toList();

    assertEquals(
        List.of(Metric.LOSS, Metric.HAMMING_LOSS, Metric.LOG_LOSS, Metric.RMSE, Metric.MAE), lower);
  }

  /** A line of the table names each, and which way is better. */
  @Test
  void theGuideHasEveryMetric() throws IOException {
    List<String> page = Files.readAllLines(Path.of("src/site/markdown/metrics.md"));
    for (Metric metric : Metric.values()) {
      String line =
          page.stream().filter(l -> l.startsWith("| `" + metric.word() + "`")).findAny().orElse("");
      assertTrue(
          line.contains(metric.higherIsBetter() ? "| higher |" : "| lower |"), metric + line);
    }
  }

  @Test
  void onlyAreasTakeTheOrderOfTheRows() {
    assertTrue(Metric.ROC_AUC.needsRanking() && Metric.PR_AUC.needsRanking());
    assertFalse(Metric.LOG_LOSS.needsRanking());
  }
}
