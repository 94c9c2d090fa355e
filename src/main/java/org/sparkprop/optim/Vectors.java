package org.sparkprop.optim;

/**
 * Arithmetic on whole vectors of float. Sums are double, taken over fixed blocks and then over the
 * blocks in their order, so that their bits do not depend on who adds which block.
 */
final class Vectors {
  private static final int BLOCK = 1024;

  private Vectors() {}

  /** What a block adds to a sum. */
  private interface BlockSum {
    double of(int from, int to);
  }

  /** a'b. */
  static double dot(float[] a, float[] b) {
    return sum(a.length, (from, to) -> dot(a, b, from, to));
  }

  /** Σ |a|. */
  static double sumOfAbsolutes(float[] a) {
    return sum(a.length, (from, to) -> sumOfAbsolutes(a, from, to));
  }

  /** max |a|; NaN if there is one in it. */
  static float largestAbsolute(float[] a) {
    float largest = 0;
    for (float element : a) {
      largest = Math.max(largest, Math.abs(element));
    }
    return largest;
  }

  /** Overwrites {@code result} with a + factor b, rounded once; it may be {@code a}. */
  static void add(float[] a, double factor, float[] b, float[] result) {
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) (a[i] + factor * b[i]);
    }
  }

  /** Overwrites {@code result} with factor a; it may be {@code a}. */
  static void multiply(double factor, float[] a, float[] result) {
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) (factor * a[i]);
    }
  }

  private static double sum(int length, BlockSum block) {
    double sum = 0;
    for (int from = 0; from < length; from += BLOCK) {
      sum += block.of(from, Math.min(length, from + BLOCK));
    }
    return sum;
  }

  /** Four sums, since each addition waits for the one before it. */
  private static double dot(float[] a, float[] b, int from, int to) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      sum0 += (double) a[i] * b[i];
      sum1 += (double) a[i + 1] * b[i + 1];
      sum2 += (double) a[i + 2] * b[i + 2];
      sum3 += (double) a[i + 3] * b[i + 3];
    }
    for (; i < to; i++) {
      sum0 += (double) a[i] * b[i];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  private static double sumOfAbsolutes(float[] a, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += Math.abs(a[i]);
    }
    return sum;
  }
}
