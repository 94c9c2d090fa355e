package org.sparkprop.train.options;

import java.util.List;
import java.util.Locale;
import org.sparkprop.base.Nearest;

/**
 * How many steps a worker takes between two rounds: a number, as many as an epoch has, or as many
 * as make communication cheap here.
 *
 * @param steps 0 for {@link #AUTO}, {@link Long#MAX_VALUE} for {@link #EPOCH}
 */
public record StepsPerRound(long steps) {
  /** Gradient averaging: each step is a round. */
  public static final StepsPerRound ONE = new StepsPerRound(1);

  public static final StepsPerRound EPOCH = new StepsPerRound(Long.MAX_VALUE);
  public static final StepsPerRound AUTO = new StepsPerRound(0);

  public StepsPerRound {
    if (steps < 0) {
      throw new IllegalArgumentException("Invalid local steps: %d (must be > 0)".formatted(steps));
    }
  }

  /**
   * The steps that a word names.
   *
   * @throws IllegalArgumentException if it is not a number above 0, {@code epoch} or {@code auto}
   */
  public static StepsPerRound parse(String word) {
    String wanted = word.trim().toLowerCase(Locale.ROOT);
    if (wanted.equals("epoch")) {
      return EPOCH;
    }
    if (wanted.equals("auto")) {
      return AUTO;
    }
    try {
      long steps = Long.parseLong(wanted);
      if (steps > 0) {
        return new StepsPerRound(steps);
      }
    } catch (NumberFormatException notANumber) {
      // refused below, like any other word
    }
    throw Nearest.refusal(
        "local steps", word, "a number > 0, epoch or auto", List.of("epoch", "auto"));
  }

  @Override
  public String toString() {
    return equals(AUTO) ? "auto" : equals(EPOCH) ? "epoch" : Long.toString(steps);
  }
}
