package org.sparkprop.optim;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the learning rate goes over a run: a linear warm-up, if any, and then a curve over the units
 * that are left.
 *
 * <p>The warm-up (Goyal et al. 2017, section 2.2) rises from step to step, whatever the unit is: of
 * its S steps, step s from 0 has (s + 1) / S of the rate that the curve begins with, so that the
 * last one has all of it.
 *
 * @param curve what the rate does after the warm-up
 * @param unit what curve and warm-up count
 * @param warmup units of the warm-up; 0 for none
 */
public record LearningRateSchedule(RateCurve curve, ScheduleUnit unit, long warmup)
    implements Serializable {
  /** The same rate in each step. */
  public static final LearningRateSchedule CONSTANT =
      new LearningRateSchedule(RateCurve.CONSTANT, ScheduleUnit.EPOCH, 0);

  private static final long MAX_WARMUP = 1_000_000_000;

  public LearningRateSchedule {
    if (!(warmup >= 0)) {
      throw new IllegalArgumentException("Invalid warm-up: %d (must be >= 0)".formatted(warmup));
    }
    if (!(warmup <= MAX_WARMUP)) {
      throw new IllegalArgumentException(
          "Invalid warm-up: %d (must be <= %d)".formatted(warmup, MAX_WARMUP));
    }
  }

  /**
   * Refuses a warm-up that a run of so many epochs never leaves, where that is known beforehand,
   * and rounds where nothing counts them.
   *
   * @throws IllegalArgumentException naming the option
   */
  public void checkCompatible(int epochs) {
    boolean countsEpochs = curve == RateCurve.CONSTANT || curve instanceof RateCurve.OnPlateau;
    if (unit == ScheduleUnit.ROUND && countsEpochs && warmup == 0) {
      throw new IllegalArgumentException(
          "Invalid option: --schedule-by round with --schedule %s (which has no rounds to count; give another, or --warmup)"
              .formatted(curve));
    }
    if (unit == ScheduleUnit.EPOCH && warmup >= epochs) {
      throw new IllegalArgumentException(
          "Invalid warm-up: %d (must be < %d, the --epochs)".formatted(warmup, epochs));
    }
  }

  /**
   * The factor of the rate in a step; steps after the run's end are as its last.
   *
   * @param step its number in the run, from 0
   */
  double factor(long step, RunLength run) {
    long steps = unit.steps(run);
    long now = Math.min(step, run.steps() - 1) / steps;
    long left = Math.max(1, unit.units(run) - warmup);
    double factor = curve.factor(Math.min(Math.max(0, now - warmup), left - 1), left);
    double risen = warmup == 0 ? 1 : (step + 1) / ((double) warmup * steps);
    return risen < 1 ? risen * factor : factor;
  }

  /** Every choice by its name on the command line. */
  Map<String, String> toWords() {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("schedule", curve.toString());
    words.put("schedule-by", unit.word());
    words.put("warmup", Long.toString(warmup));
    return words;
  }

  /** The curve, and what else is not as usual. */
  @Override
  public String toString() {
    return curve
        + (unit == ScheduleUnit.EPOCH ? "" : " by " + unit.word())
        + (warmup == 0 ? "" : " after a warm-up of " + warmup);
  }
}
