package org.sparkprop.eval;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;

/**
 * How finely scores are told apart when rows are ranked. Where there are few, all are. Where there
 * are many, scores are rounded to fewer bits of their fraction, so that what is counted has a size
 * that does not grow with the rows.
 *
 * <p>It is chosen by the number of rows and rankings, both known before the first is counted, and
 * so never depends on which task counts which row.
 *
 * @param droppedBits how many of the 23 bits of a float's fraction are dropped
 */
@DefaultSerializer(JavaSerializer.class)
record ScoreResolution(int droppedBits) implements Serializable {
  /** Scores that are kept as they are, over all rankings: 20 MB on the driver at most. */
  private static final long MAX_EXACT = 1L << 20;

  /** Buckets over all rankings, beyond that: 5 MB a task at most, if all are used. */
  private static final long MAX_BUCKETS = 1L << 18;

  /**
   * Binades on both sides of 0 in which scores are thick: log-odds of 2^-9 to 2^7, as an estimate
   * for the choice; scores may lie elsewhere.
   */
  private static final int BINADES = 32;

  private static final int FRACTION_BITS = 23;
  private static final int COARSEST = 1;
  private static final int FINEST = 11;

  /**
   * The resolution for so many rows in each of {@code rankings}: exact up to a million scores; then
   * 11 bits of the fraction, or as many as rankings leave room for.
   */
  static ScoreResolution of(long rows, int rankings) {
    if (rows <= MAX_EXACT / rankings) {
      return new ScoreResolution(0);
    }
    long binades = (long) rankings * BINADES;
    int bits = COARSEST;
    while (bits < FINEST && binades << (bits + 1) <= MAX_BUCKETS) {
      bits++;
    }
    return new ScoreResolution(FRACTION_BITS - bits);
  }

  boolean isExact() {
    return droppedBits == 0;
  }

  /** A number for the bucket of a score; buckets are in the order of their scores. */
  int bucket(float score) {
    int bits = Float.floatToIntBits(score + 0f); // -0 is 0
    // Negative floats have descending bits: turn them round, but for the sign.
    return (bits ^ ((bits >> 31) & Integer.MAX_VALUE)) >> droppedBits;
  }
}
