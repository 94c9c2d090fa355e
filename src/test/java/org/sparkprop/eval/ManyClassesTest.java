package org.sparkprop.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Refusal;
import org.sparkprop.nn.Activation;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.LearningTask;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;

/** Evaluation where there are very many classes, or where figures have no value. */
class ManyClassesTest {
  private static Network network(int classes) {
    LayerSpec last = new LayerSpec(classes, Activation.SOFTMAX);
    return new Network(Topology.of(1, List.of(last)), Loss.SOFTMAX_CROSS_ENTROPY);
  }

  @ParameterizedTest
  @ValueSource(ints = {10_000, 16_384, 50_000, 200_000})
  void aTallyTakesLittleMemoryHoweverManyClassesThereAre(int classes) {
    TallyPlan plan = TallyPlan.of(network(classes), false, true, 20_000);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    Tally tally = plan.newTally(1024);

    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(bytes < 32e6, bytes + " bytes");
    assertEquals(0, tally.evaluation(network(classes)).rows());
  }

  @Test
  void rowsAreNotRankedByMoreClassesThanThatMakesSenseOf() {
    assertTrue(TallyPlan.canRank(LearningTask.CLASSIFICATION, 16_384));
    assertFalse(TallyPlan.canRank(LearningTask.MULTI_LABEL, 16_385));
    assertNull(TallyPlan.of(network(16_385), false, true, 10).resolution());
    assertEquals(
        "Invalid monitor: roc-auc with 20,000 classes (must be <= 16,384)",
        Refusal.of(
            () ->
                Metric.ROC_AUC.checkCompatible(
                    "monitor",
                    LearningTask.CLASSIFICATION,
                    new LayerSpec(20_000, Activation.SOFTMAX))));
  }

  @Test
  void metricsThatANetworkNeverHasAreRefused() {
    LayerSpec five = new LayerSpec(5, Activation.TANH);
    assertEquals(
        "Invalid monitor: top-5 with 5 classes (there must be more than 5)",
        Refusal.of(
            () -> Metric.TOP_5.checkCompatible("monitor", LearningTask.CLASSIFICATION, five)));
    assertEquals(
        "Invalid target: log-loss with a tanh last layer (it must give probabilities: softmax, or one sigmoid)",
        Refusal.of(
            () -> Metric.LOG_LOSS.checkCompatible("target", LearningTask.CLASSIFICATION, five)));
    Metric.TOP_5.checkCompatible(
        "monitor", LearningTask.CLASSIFICATION, new LayerSpec(6, Activation.TANH));
    Metric.LOG_LOSS.checkCompatible(
        "monitor", LearningTask.CLASSIFICATION, new LayerSpec(1, Activation.SIGMOID));
  }

  /** Scores of rows that are ranked some at a time are those of all at once. */
  @Test
  void areasAreTheSameHoweverManyRowsAreRankedAtATime() {
    Random random = new Random(3);
    float[] scores = new float[100];
    boolean[] positive = new boolean[100];
    for (int row = 0; row < 100; row++) {
      scores[row] = random.nextInt(30);
      positive[row] = random.nextInt(10) < scores[row] / 3;
    }
    ClassFigures all = ranked(scores, positive, 100);
    for (int atATime : new int[] {1, 7, 99}) {
      ClassFigures some = ranked(scores, positive, atATime);
      assertEquals(all.rankings(), some.rankings());
    }
  }

  private static ClassFigures ranked(float[] scores, boolean[] positive, int atATime) {
    ClassFigures figures = new ClassFigures(2);
    ScoreBuffer buffer = new ScoreBuffer(new ScoreResolution(0), 1, scores.length, atATime);
    for (int row = 0; row < scores.length; row++) {
      if (buffer.isFull()) {
        buffer.rank(new Twice<ClassFigures>(figures, null));
      }
      buffer.add(0, scores[row], positive[row]);
      buffer.endRow(1);
    }
    buffer.rank(new Twice<ClassFigures>(figures, null));
    return figures;
  }

  /** The report has no matrix of so many classes, and nobody is sent to look for one. */
  @Test
  void theConsoleSaysWhatIsInTheReport() {
    assertTrue(
        text(1001)
            .endsWith(
                "1,001 classes, too many for a confusion matrix: the figures of each are in the report"));
    assertTrue(text(1000).endsWith("1,000 classes: the confusion matrix is in the report"));
    assertTrue(
        text(17_000).contains("\nroc-auc and pr-auc are not measured for more than 16,384\n"));
  }

  private static String text(int classes) {
    ClassTally tally = new ClassTally(classes, Activation.SOFTMAX, false, null);
    float[] output = new float[2 * classes];
    output[0] = 1;
    output[classes] = 1;
    tally.add(output, output, new int[] {0, 1}, new float[] {1, 1}, new double[] {1, 1}, 2);
    List<String> labels = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    Report.Facts facts = new Report.Facts("m", "d", "b", List.of(), 1);
    return ReportText.of(Report.of(tally.evaluation(network(classes)), labels, facts));
  }

  @Test
  void rowsOfOneClassAreSaidToTellLittle() {
    ClassTally tally = new ClassTally(2, Activation.SOFTMAX, false, null);
    float[] output = {0.9f, 0.1f, 0.8f, 0.2f};
    tally.add(output, output, new int[] {0, 0}, new float[] {1, 1}, new double[] {1, 1}, 2);
    Report.Facts facts = new Report.Facts("m", "d", "b", List.of(), 1);
    String text = ReportText.of(Report.of(tally.evaluation(network(2)), List.of("a", "b"), facts));

    assertTrue(
        text.contains("\nall rows are of one class: that tells little, and roc-auc nothing\n"),
        text);
  }

  /** 0 times an infinite loss is no number. */
  @Test
  void aRowOfWeightZeroHasNoPartInFiguresByWeight() {
    ClassFigures classes = new ClassFigures(2);
    classes.add(1, 1, false, 0.5, 0.25, 2);
    classes.add(0, 1, false, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 0);
    assertArrayEquals(
        new double[] {1, 2, 0.25, 1},
        new double[] {classes.loss, classes.weight, classes.meanLogLoss(), classes.accuracy()});
    LabelFigures labels = new LabelFigures(1);
    labels.add(new float[] {1}, new float[] {1}, 0, 0.5, 2);
    labels.add(new float[] {1}, new float[] {0}, 0, Double.POSITIVE_INFINITY, 0);
    assertEquals(1, labels.loss);
    assertEquals(0, labels.hammingLoss());
  }
}
