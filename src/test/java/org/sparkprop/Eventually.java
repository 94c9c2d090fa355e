package org.sparkprop;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads or processes do, with an end. */
public final class Eventually {
  private static final long LOOK_NANOS = 100_000;
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private Eventually() {}

  /** Returns as soon as {@code condition} holds. */
  public static void holds(BooleanSupplier condition, String what) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        fail("it never came to this: " + what);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
