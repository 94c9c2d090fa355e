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
public record LocalSteps(long steps) {
  /** Gradient averaging: each step is a round. */
  public static final LocalSteps ONE = new LocalSteps(1);

  public static final LocalSteps EPOCH = new LocalSteps(Long.MAX_VALUE);
  public static final LocalSteps AUTO = new LocalSteps(0);

  public LocalSteps {
    if (steps < 0) {
      throw new IllegalArgumentException("Invalid local steps: %d (must be > 0)".formatted(steps));
    }
  }

  /**
   * The steps that a word names.
   *
   * @throws IllegalArgumentException if it is not a number above 0, {@code epoch} or {@code auto}
   */
  public static LocalSteps parse(String word) {
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
        return new LocalSteps(steps);
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
