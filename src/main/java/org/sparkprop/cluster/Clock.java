package org.sparkprop.cluster;

import java.lang.System.Logger;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Looks once a second, on a thread of its own that keeps no JVM alive. */
final class Clock {
  private static final Logger LOG = System.getLogger(Clock.class.getName());
  private static final long MILLIS_BETWEEN_LOOKS = 1000;

  private Clock() {}

  /** Seconds on a clock that only goes on. */
  static double seconds() {
    return System.nanoTime() / 1e9;
  }

  /** Begins to look; {@code shutdownNow} ends it. */
  static ScheduledThreadPoolExecutor every(Runnable look) {
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "sparkprop-watchdog");
              thread.setDaemon(true);
              return thread;
            });
    Runnable safe =
        () -> {
          try {
            look.run();
          } catch (Throwable failed) { // else it would never look again, and not say so
            LOG.log(Logger.Level.DEBUG, "The watchdog could not look", failed);
          }
        };
    ScheduledFuture<?> looks =
        clock.scheduleWithFixedDelay(
            safe, MILLIS_BETWEEN_LOOKS, MILLIS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS);
    assert !looks.isDone();
    return clock;
  }
}
