package org.sparkprop.optim;

import java.util.List;
import java.util.Locale;
import org.sparkprop.base.Nearest;

/** What a learning-rate schedule counts, and how often it changes the rate. */
public enum ScheduleUnit {
  EPOCH,
  /** A step; with local steps, each of them. */
  ROUND;

  /** Its name in options and files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The unit that {@code word} names.
   *
   * @throws IllegalArgumentException if there is none, with the words that there are
   */
  public static ScheduleUnit of(String word) {
    return Nearest.named("schedule unit", word, List.of(values()), ScheduleUnit::word);
  }

  long units(RunLength run) {
    return this == EPOCH ? run.epochs() : run.steps();
  }

  long steps(RunLength run) {
    return this == EPOCH ? run.stepsPerEpoch() : 1;
  }
}
