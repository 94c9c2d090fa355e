package org.sparkprop.data.source.column;

import java.util.Arrays;

/**
 * Whether a float keeps the digits in which the numbers of a column differ, and what to take from
 * them first if it does not.
 */
final class Digits {
  private static final double LAST_WHOLE_FLOAT = 1 << 24;

  /** Numbers that change steadily are told apart well enough by so many floats. */
  private static final double ENOUGH_FLOATS = 4096;

  /** Doubles as near as this, of the largest, differ by their rounding alone. */
  private static final double ROUNDING = 1e-14;

  private Digits() {}

  /**
   * What is to be taken from each number, in double precision: the smallest of them if different
   * ones are one float, and are not without it; else 0.
   */
  static double offset(NumberProfile numbers) {
    double range = numbers.max - numbers.min;
    boolean isNear = range <= numbers.largest() / 2;
    if (numbers.exact || numbers.numbers == 0) {
      return 0;
    }
    if (numbers.whole) {
      return isNear || range <= LAST_WHOLE_FLOAT ? numbers.min : 0;
    }
    if (!isNear || range == 0) {
      return 0;
    }
    if (numbers.isSampleComplete()) {
      double[] values = numbers.sample();
      long now = floats(values, 0);
      boolean helps = different(values, numbers) > now && floats(values, numbers.min) > now;
      return helps ? numbers.min : 0;
    }
    return range / Math.ulp((float) numbers.largest()) < ENOUGH_FLOATS ? numbers.min : 0;
  }

  /** Whether different numbers, less the offset, are still one float. */
  static boolean areLost(NumberProfile numbers, double offset) {
    if (numbers.areLostAsDoubles()) {
      return true;
    }
    double range = numbers.max - numbers.min;
    if (numbers.numbers == 0 || range == 0 || (numbers.exact && offset == 0)) {
      return false;
    }
    if (numbers.isSampleComplete()) {
      double[] values = numbers.sample();
      return floats(values, offset) < different(values, numbers);
    }
    double largest = Math.max(Math.abs(numbers.min - offset), Math.abs(numbers.max - offset));
    double step = Math.ulp((float) largest);
    if (numbers.whole) {
      return step > 1 && 4 * numbers.different() > range / step;
    }
    return range / step < Math.min(numbers.different(), ENOUGH_FLOATS);
  }

  /** How many floats the values become. */
  private static long floats(double[] values, double offset) {
    return Arrays.stream(values).map(value -> (float) (value - offset)).distinct().count();
  }

  /** How many numbers they are to a person. */
  private static long different(double[] values, NumberProfile numbers) {
    double least = numbers.whole ? 0 : ROUNDING * numbers.largest();
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    long different = sorted.length == 0 ? 0 : 1;
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i] - sorted[i - 1] > least) {
        different++;
      }
    }
    return different;
  }
}
