package org.sparkprop;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sparkprop.optim.LearningRateSchedule;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.RateCurve;
import org.sparkprop.optim.Regularization;
import org.sparkprop.optim.ScheduleUnit;
import org.sparkprop.optim.UpdateRule;

/** Collects what makes up {@link OptimizerSettings}; null is the rule's own default. */
final class OptimizerChoice {
  UpdateRule rule = UpdateRule.STANDARD;
  @Nullable Double learningRate;
  final Map<String, Double> hyperparameters = new LinkedHashMap<>();
  RateCurve curve = RateCurve.CONSTANT;
  ScheduleUnit unit = ScheduleUnit.EPOCH;
  long warmup;
  double l1;
  double l2;
  @Nullable Double weightDecay;
  double maxNorm = Regularization.UNBOUNDED;
  double clipValue = Regularization.UNBOUNDED;
  double clipNorm = Regularization.UNBOUNDED;

  /** Takes everything over, to be changed by what is chosen later. */
  void set(OptimizerSettings settings) {
    rule = settings.rule();
    learningRate = settings.learningRate();
    hyperparameters.clear();
    hyperparameters.putAll(settings.values());
    curve = settings.schedule().curve();
    unit = settings.schedule().unit();
    warmup = settings.schedule().warmup();
    Regularization regularization = settings.regularization();
    l1 = regularization.l1();
    l2 = regularization.l2();
    weightDecay = regularization.weightDecay();
    maxNorm = regularization.maxNorm();
    clipValue = regularization.clipValue();
    clipNorm = regularization.clipNorm();
  }

  /** The settings, checked. */
  OptimizerSettings settings() {
    return OptimizerSettings.of(
        rule,
        learningRate == null ? rule.learningRate() : learningRate,
        hyperparameters,
        new LearningRateSchedule(curve, unit, warmup),
        new Regularization(
            l1,
            l2,
            weightDecay == null ? rule.weightDecay() : weightDecay,
            maxNorm,
            clipValue,
            clipNorm));
  }
}
