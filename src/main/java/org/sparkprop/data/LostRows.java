package org.sparkprop.data;

import java.lang.System.Logger;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * Counts packed rows that were lost, with an executor or its disk, and had to be read again: no
 * harm to the bits, since they must be what they were, but it takes time.
 */
final class LostRows {
  private static final Logger LOG = System.getLogger(LostRows.class.getName());

  private final LongAccumulator packed = new LongAccumulator();
  private long first;
  private long nextLine = 1;

  LostRows(SparkContext spark) {
    packed.register(spark, scala.Option.empty(), false);
  }

  /** What each packing of a shard adds its rows to. */
  LongAccumulator packed() {
    return packed;
  }

  /** All rows have been packed for the first time. */
  void begin() {
    first = packed.sum();
  }

  /** Tells of those of the job that is done; of one loss after the other in growing steps. */
  synchronized void tell() {
    long again = again();
    if (again >= nextLine) {
      nextLine = 2 * again;
      LOG.log(
          Logger.Level.WARNING,
          "packed rows were lost with an executor and had to be read again: {0}; they are the same, and so are the bits",
          "%,d".formatted(again));
    }
  }

  /** The same for those who come later; nothing if none was lost. */
  List<String> notes() {
    long again = again();
    return again == 0
        ? List.of()
        : List.of(
            "packed rows that were lost with an executor and read again: %,d".formatted(again));
  }

  private long again() {
    return packed.sum() - first;
  }
}
