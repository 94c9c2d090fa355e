package org.sparkprop.optim;

import java.util.Arrays;
import java.util.Locale;
import org.sparkprop.nn.Nearest;

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
    for (ScheduleUnit unit : values()) {
      if (unit.word().equalsIgnoreCase(word.trim())) {
        return unit;
      }
    }
    throw Nearest.refusal(
        "schedule unit", word, Arrays.stream(values()).map(ScheduleUnit::word).toList());
  }

  long units(RunLength run) {
    return this == EPOCH ? run.epochs() : run.steps();
  }

  long steps(RunLength run) {
    return this == EPOCH ? run.stepsPerEpoch() : 1;
  }
}
