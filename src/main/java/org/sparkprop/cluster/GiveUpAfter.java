package org.sparkprop.cluster;

/**
 * How long a run waits while tasks are pending and none runs anywhere.
 *
 * @param seconds infinity for ever
 * @param name what the user calls this setting, for messages
 */
public record GiveUpAfter(double seconds, String name) {
  /** What holds without a choice. */
  public static final int SECONDS = 300;

  private static final String NEVER = "none";

  /**
   * Checks the seconds.
   *
   * @throws IllegalArgumentException unless they are at least 0; 0 is never, as infinity is
   */
  public GiveUpAfter {
    if (!(seconds >= 0)) {
      throw new IllegalArgumentException(
          "Invalid seconds to give up after: %s (must be > 0, or 0 for never)".formatted(seconds));
    }
    if (seconds == 0) {
      seconds = Double.POSITIVE_INFINITY;
    }
  }

  /**
   * What a user wrote: seconds, or none.
   *
   * @throws IllegalArgumentException if it cannot be
   */
  public static GiveUpAfter parse(String word, String name) {
    if (word.trim().equals(NEVER)) {
      return new GiveUpAfter(0, name);
    }
    double seconds;
    try {
      seconds = Double.parseDouble(word.trim());
    } catch (NumberFormatException notANumber) {
      seconds = Double.NaN;
    }
    if (!(seconds >= 0)) {
      throw new IllegalArgumentException(
          "Invalid seconds to give up after: %s (must be > 0, or none)".formatted(word.trim()));
    }
    return new GiveUpAfter(seconds, name);
  }

  /** What a line that speaks of waiting ends with. */
  String outlook(double waited) {
    return Double.isInfinite(seconds)
        ? "waiting for ever (%s none)".formatted(name)
        : "giving up in %.0f s (%s)".formatted(Math.max(1, Math.ceil(seconds - waited)), name);
  }
}
