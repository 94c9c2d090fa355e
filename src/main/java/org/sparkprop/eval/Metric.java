package org.sparkprop.eval;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.sparkprop.base.HasWord;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.LearningTask;
import org.sparkprop.nn.Network;

/**
 * A figure that tells how good a model is on rows: its word, which way is better, and how it is
 * computed for each task that has it. The constants are in the order in which figures are reported;
 * formulas are in the guide.
 */
public enum Metric implements HasWord {
  /** The mean of the objective that training minimises, without penalties. */
  LOSS(
      Better.LOWER,
      Formula.ofAll((figures, network) -> network.meanLoss(figures.loss, figures.weight))),
  /** The share of the rows whose class was predicted; with labels, the share of the cells. */
  ACCURACY(
      Better.HIGHER,
      Formula.ofClasses(ClassFigures::accuracy).orOfLabels(labels -> 1 - labels.hammingLoss())),
  /** The mean recall of the classes that occur (Brodersen et al. 2010). */
  BALANCED_ACCURACY(Better.HIGHER, Formula.ofClasses(ClassFigures::balancedAccuracy)),
  /** The share of the rows with exactly the labels that were predicted. */
  SUBSET_ACCURACY(Better.HIGHER, Formula.ofLabels(LabelFigures::subsetAccuracy)),
  /** The share of the cells that are wrong. */
  HAMMING_LOSS(Better.LOWER, Formula.ofLabels(LabelFigures::hammingLoss)),
  /** F1 of all cells together. */
  F1_MICRO(Better.HIGHER, Formula.ofLabels(LabelFigures::f1Micro)),
  /** The mean F1 of the classes or labels that occur or are predicted. */
  F1_MACRO(Better.HIGHER, Formula.ofHits(HitFigures::f1Macro)),
  /** The mean F1 of the classes, each counted as often as it occurs. */
  F1_WEIGHTED(Better.HIGHER, Formula.ofClasses(ClassFigures::f1Weighted)),
  /** Matthews' correlation of truth and prediction, from −1 to 1; by chance it is 0. */
  MCC(Better.HIGHER, Formula.ofClasses(ClassFigures::mcc)),
  /** Cohen's kappa: of what chance would get wrong, the share that is right. */
  KAPPA(Better.HIGHER, Formula.ofClasses(ClassFigures::kappa)),
  /** The share of the rows whose class is among the five with the largest outputs. */
  TOP_5(Better.HIGHER, Formula.ofClasses(ClassFigures::shareAmongTop)),
  /** The mean of −log p(class). */
  LOG_LOSS(Better.LOWER, Formula.ofClasses(ClassFigures::meanLogLoss)),
  /** The area under the ROC curve; of more than two classes or labels, the mean of theirs. */
  ROC_AUC(Better.HIGHER, Formula.ofHits(figures -> figures.ranking().rocAuc())),
  /** Average precision; of more than two classes or labels, the mean of theirs. */
  PR_AUC(Better.HIGHER, Formula.ofHits(figures -> figures.ranking().prAuc())),
  /** The root of the mean squared error, in the targets' unit; the mean over the targets. */
  RMSE(Better.LOWER, Formula.ofTargets(TargetFigures::rmse)),
  /** The mean absolute error, in the targets' unit; the mean over the targets. */
  MAE(Better.LOWER, Formula.ofTargets(TargetFigures::mae)),
  /** The share of the targets' variance that is explained; the mean over the targets. */
  R2(Better.HIGHER, Formula.ofTargets(TargetFigures::r2));

  private enum Better {
    LOWER,
    HIGHER
  }

  /** What users call the F1 that is not one of a single class. */
  private static final String F1 = "f1";

  private final Better better;

  @SuppressWarnings("ImmutableEnumChecker") // method references, which hold nothing
  private final Formula formula;

  Metric(Better better, Formula formula) {
    this.better = better;
    this.formula = formula;
  }

  /** The name of its field in {@code report.json}, such as {@code balanced_accuracy}. */
  public String field() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a model is better where this is higher; else where it is lower. */
  public boolean higherIsBetter() {
    return better == Better.HIGHER;
  }

  /** Whether this takes the order of all rows by their outputs, which costs more than counting. */
  public boolean needsRanking() {
    return this == ROC_AUC || this == PR_AUC;
  }

  /** Whether this tells nothing of rows whose labels are all the same. */
  public boolean needsDifferentLabels() {
    return needsRanking() || this == MCC || this == KAPPA || this == R2;
  }

  /** Whether this is a metric of {@code task}. */
  public boolean isFor(LearningTask task) {
    return formula.isFor(task);
  }

  /** Of sums over rows; NaN if they are of another task, or there is nothing to take it of. */
  double of(Figures<?> figures, Network network) {
    return formula.value(figures, network);
  }

  /**
   * The metric that {@code word} names; {@code f1} is {@code f1-macro}.
   *
   * @throws IllegalArgumentException if there is none, with the words that there are
   */
  public static Metric of(String word) {
    if (word.trim().equalsIgnoreCase(F1)) {
      return F1_MACRO;
    }
    return HasWord.named("metric", word, values());
  }

  /**
   * Refuses a network that this is not a metric of, or never has a value for.
   *
   * @param what the option that names this metric
   * @param last the last layer
   * @throws IllegalArgumentException with what would do
   */
  public void checkCompatible(String what, LearningTask task, LayerSpec last) {
    checkCompatible(what, task);
    int width = last.width();
    if (this == TOP_5 && width <= ClassTally.TOP) {
      throw new IllegalArgumentException(
          "Invalid %s: %s with %d classes (there must be more than %d)"
              .formatted(what, word(), Math.max(2, width), ClassTally.TOP));
    }
    if (this == LOG_LOSS && !ClassTally.areProbabilities(last.activation(), width)) {
      throw new IllegalArgumentException(
          "Invalid %s: %s with a %s last layer (it must give probabilities: softmax, or one sigmoid)"
              .formatted(what, word(), last.activation().word()));
    }
    if (needsRanking() && !TallyPlan.canRank(task, width)) {
      throw new IllegalArgumentException(
          "Invalid %s: %s with %,d %s (must be <= %,d)"
              .formatted(
                  what,
                  word(),
                  width,
                  task == LearningTask.CLASSIFICATION ? "classes" : "labels",
                  TallyPlan.MAX_RANKINGS));
    }
  }

  void checkCompatible(String what, LearningTask task) {
    if (!isFor(task)) {
      String fitting =
          Arrays.stream(values())
              .filter(metric -> metric.isFor(task))
              .map(Metric::word)
              .collect(Collectors.joining(", "));
      throw new IllegalArgumentException(
          "Invalid %s: %s with --task %s (must be one of %s)"
              .formatted(what, word(), task.word(), fitting));
    }
  }
}
