package org.sparkprop.data.source.column;

import java.util.Optional;
import org.apache.spark.SparkContext;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/** Tells rows that are too wide to be kept in memory, since all their numbers are, zeros too. */
final class MemoryAdvice {
  private static final int WIDE = 10_000;

  private MemoryAdvice() {}

  /**
   * A sentence, if rows are wide and memory has no room for them.
   *
   * @param width numbers of a row
   */
  static Optional<String> of(SparkContext spark, long rows, int width) {
    double bytes = 4.0 * rows * width;
    double room = 0;
    for (Tuple2<Object, Object> memory :
        CollectionConverters.asJava(spark.getExecutorMemoryStatus()).values()) {
      room += (Long) memory._1();
    }
    if (width < WIDE || bytes <= room) {
      return Optional.empty();
    }
    return Optional.of(
        "%,d rows of %,d numbers, zeros included, are %,.0f MB, and memory has room for %,.0f MB of them: the others are kept on disk and read in each epoch; give more --driver-memory (on a cluster --executor-memory), or hash the features into fewer"
            .formatted(rows, width, bytes / 1e6, room / 1e6));
  }
}
