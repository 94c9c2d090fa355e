package org.sparkprop.eval;

import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.sparkprop.nn.LearningTask;
import org.sparkprop.nn.Network;

/** How a metric is computed from sums over rows; null for a task that does not have it. */
record Formula(
    @Nullable OfSums<ClassFigures> ofClasses,
    @Nullable OfSums<LabelFigures> ofLabels,
    @Nullable OfSums<TargetFigures> ofTargets) {
  /** Of the sums for one task; NaN where there is nothing to take the metric of. */
  interface OfSums<F> {
    double value(F figures, Network network);
  }

  /** Of every task. */
  static Formula ofAll(OfSums<Figures<?>> formula) {
    return new Formula(formula::value, formula::value, formula::value);
  }

  static Formula ofClasses(ToDoubleFunction<ClassFigures> formula) {
    return new Formula((figures, network) -> formula.applyAsDouble(figures), null, null);
  }

  static Formula ofLabels(ToDoubleFunction<LabelFigures> formula) {
    return new Formula(null, (figures, network) -> formula.applyAsDouble(figures), null);
  }

  static Formula ofTargets(ToDoubleFunction<TargetFigures> formula) {
    return new Formula(null, null, (figures, network) -> formula.applyAsDouble(figures));
  }

  /** Of classes and of labels alike. */
  static Formula ofHits(ToDoubleFunction<HitFigures<?>> formula) {
    return ofClasses(formula::applyAsDouble).orOfLabels(formula::applyAsDouble);
  }

  /** This, and another formula for labels. */
  Formula orOfLabels(ToDoubleFunction<LabelFigures> formula) {
    return new Formula(ofClasses, ofLabels(formula).ofLabels, ofTargets);
  }

  boolean isFor(LearningTask task) {
    return switch (task) {
          case CLASSIFICATION -> ofClasses;
          case MULTI_LABEL -> ofLabels;
          case REGRESSION -> ofTargets;
        }
        != null;
  }

  /** The metric; NaN, too, if it is not one of the task. */
  double value(Figures<?> figures, Network network) {
    if (figures instanceof ClassFigures classes) {
      return ofClasses == null ? Double.NaN : ofClasses.value(classes, network);
    }
    if (figures instanceof LabelFigures labels) {
      return ofLabels == null ? Double.NaN : ofLabels.value(labels, network);
    }
    return ofTargets == null ? Double.NaN : ofTargets.value((TargetFigures) figures, network);
  }
}
