package org.sparkprop.train.options;

import org.sparkprop.base.HasWord;

/** Where the reduction tree of a round is completed; the bits are the same. */
public enum ReductionPlace implements HasWord {
  /** On the executors where the driver would have much to receive, else on the driver. */
  AUTO,
  DRIVER,
  /** Each of them completes the tree for a range of the elements; one shuffle more. */
  EXECUTORS;

  /**
   * Fewer tasks are no bottleneck: the way over the executors carries every element three times,
   * and the driver gets what one task would have sent.
   */
  private static final int MIN_TASKS = 8;

  /** Estimated, not measured: what a driver receives in the time of one stage more of Spark's. */
  private static final long MIN_BYTES = 64L << 20;

  /**
   * The place that {@code word} names.
   *
   * @throws IllegalArgumentException if there is none, with the words that there are
   */
  public static ReductionPlace of(String word) {
    return HasWord.named("reduction", word, values());
  }

  /**
   * Whether the executors do it.
   *
   * @param bytes of the sums of one task
   * @param shareJvm whether driver and tasks are one JVM, where nothing is sent
   */
  public boolean onExecutors(int tasks, long bytes, boolean shareJvm) {
    return switch (this) {
      case AUTO -> !shareJvm && tasks >= MIN_TASKS && tasks * bytes >= MIN_BYTES;
      case DRIVER -> false;
      case EXECUTORS -> true;
    };
  }
}
