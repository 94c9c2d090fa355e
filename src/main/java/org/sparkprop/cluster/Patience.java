package org.sparkprop.cluster;

/**
 * How long a run waits: a pure function of what was seen and of the clock. Speaks after a few
 * seconds in which nothing moved, then in growing steps, and gives up in the end.
 */
final class Patience {
  /** Spark replaces an executor in two to four seconds. */
  static final double FIRST_LINE = 5;

  /** Where it is certain that nothing will run, there is nothing to wait for. */
  static final double FIRST_LINE_IF_CERTAIN = 2;

  private static final double GROWTH = 3;

  /** A JVM that was stopped for longer, as by a debugger, has not waited meanwhile. */
  private static final double MAX_SECONDS_BETWEEN_LOOKS = 3;

  private final double giveUpAfter;
  private final double firstLine;
  private double seenAt;
  private double waited;
  private double nextLine;
  private boolean saidAny;

  /**
   * @param giveUpAfter seconds of waiting, infinity for never
   * @param firstLine seconds of waiting until the first line
   * @param now seconds on a clock that only goes on
   */
  Patience(double giveUpAfter, double firstLine, double now) {
    this.giveUpAfter = giveUpAfter;
    this.firstLine = firstLine;
    this.nextLine = firstLine;
    this.seenAt = now;
  }

  /** What to do now. */
  enum Decision {
    NOTHING,
    SPEAK,
    GIVE_UP
  }

  /**
   * Looks once more.
   *
   * @param moved whether tasks run, have run since the last look, or there is nothing to run
   * @param certain whether nothing can ever run unless something changes
   */
  Decision look(boolean moved, boolean certain, double now) {
    double since = Math.min(now - seenAt, MAX_SECONDS_BETWEEN_LOOKS);
    seenAt = now;
    if (moved) {
      waited = 0;
      nextLine = firstLine;
      saidAny = false;
      return Decision.NOTHING;
    }
    waited += since;
    if (waited >= giveUpAfter) {
      return Decision.GIVE_UP;
    }
    boolean due = waited >= nextLine || (!saidAny && certain && waited >= FIRST_LINE_IF_CERTAIN);
    if (!due) {
      return Decision.NOTHING;
    }
    nextLine = GROWTH * Math.max(waited, firstLine);
    saidAny = true;
    return Decision.SPEAK;
  }

  /** Seconds in which nothing has moved. */
  double waited() {
    return waited;
  }
}
