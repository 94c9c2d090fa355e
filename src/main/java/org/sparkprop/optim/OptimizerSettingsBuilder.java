package org.sparkprop.optim;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects what makes up {@link OptimizerSettings}: whatever is not chosen has the default of the
 * update rule, which may be chosen last.
 */
public final class OptimizerSettingsBuilder {
  private UpdateRule rule = UpdateRule.STANDARD;
  private @Nullable Double learningRate;
  private final Map<String, Double> hyperparameters = new LinkedHashMap<>();
  private RateCurve curve = RateCurve.CONSTANT;
  private ScheduleUnit unit = ScheduleUnit.EPOCH;
  private long warmup;
  private double l1;
  private double l2;
  private @Nullable Double weightDecay;
  private double maxNorm = Regularization.UNBOUNDED;
  private double clipValue = Regularization.UNBOUNDED;
  private double clipNorm = Regularization.UNBOUNDED;

  /** Takes everything over, to be changed by what is chosen later. */
  public OptimizerSettingsBuilder set(OptimizerSettings settings) {
    rule = settings.rule();
    learningRate = settings.learningRate();
    hyperparameters.clear();
    hyperparameters.putAll(settings.values());
    schedule(settings.schedule());
    Regularization regularization = settings.regularization();
    weightDecay = regularization.weightDecay();
    return l1(regularization.l1())
        .l2(regularization.l2())
        .maxNorm(regularization.maxNorm())
        .clipValue(regularization.clipValue())
        .clipNorm(regularization.clipNorm());
  }

  public OptimizerSettingsBuilder rule(UpdateRule rule) {
    this.rule = rule;
    return this;
  }

  public OptimizerSettingsBuilder learningRate(double rate) {
    this.learningRate = rate;
    return this;
  }

  /** A number of the update rule by its word; a switch is 0 or 1. */
  public OptimizerSettingsBuilder hyperparameter(String word, double value) {
    hyperparameters.put(word, value);
    return this;
  }

  public OptimizerSettingsBuilder schedule(LearningRateSchedule schedule) {
    warmup = schedule.warmup();
    return curve(schedule.curve(), schedule.unit());
  }

  /** The schedule but for its warm-up. */
  public OptimizerSettingsBuilder curve(RateCurve curve, ScheduleUnit unit) {
    this.curve = curve;
    this.unit = unit;
    return this;
  }

  /** Units of the schedule in which the rate rises before it begins. */
  public OptimizerSettingsBuilder warmup(long units) {
    this.warmup = units;
    return this;
  }

  public OptimizerSettingsBuilder l1(double penalty) {
    this.l1 = penalty;
    return this;
  }

  public OptimizerSettingsBuilder l2(double penalty) {
    this.l2 = penalty;
    return this;
  }

  public OptimizerSettingsBuilder weightDecay(double decay) {
    this.weightDecay = decay;
    return this;
  }

  public OptimizerSettingsBuilder maxNorm(double bound) {
    this.maxNorm = bound;
    return this;
  }

  public OptimizerSettingsBuilder clipValue(double bound) {
    this.clipValue = bound;
    return this;
  }

  public OptimizerSettingsBuilder clipNorm(double bound) {
    this.clipNorm = bound;
    return this;
  }

  /**
   * The settings, checked.
   *
   * @throws IllegalArgumentException naming the choice that cannot be
   */
  public OptimizerSettings build() {
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
