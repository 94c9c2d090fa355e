package org.sparkprop.optim;

import org.sparkprop.base.HasWord;

/** What a learning-rate schedule counts, and how often it changes the rate. */
public enum ScheduleUnit implements HasWord {
  EPOCH,
  /** A step; with local steps, each of them. */
  ROUND;

  /**
   * The unit that {@code word} names.
   *
   * @throws IllegalArgumentException if there is none, with the words that there are
   */
  public static ScheduleUnit of(String word) {
    return HasWord.named("schedule unit", word, values());
  }

  long units(RunLength run) {
    return this == EPOCH ? run.epochs() : run.steps();
  }

  long steps(RunLength run) {
    return this == EPOCH ? run.stepsPerEpoch() : 1;
  }
}
