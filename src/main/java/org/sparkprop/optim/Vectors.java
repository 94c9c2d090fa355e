package org.sparkprop.optim;

/**
 * Arithmetic on whole vectors of float, by any number of threads. Sums are double, over the fixed
 * blocks of {@link Parallel#sum}, so that their bits do not depend on who adds which block.
 */
final class Vectors {
  private Vectors() {}

  /** a'b. */
  static double dot(float[] a, float[] b, Parallel parallel) {
    return parallel.sum(a.length, (from, to) -> dot(a, b, from, to));
  }

  /** Σ |a|. */
  static double sumOfAbsolutes(float[] a, Parallel parallel) {
    return parallel.sum(a.length, (from, to) -> sumOfAbsolutes(a, from, to));
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
  static void add(float[] a, double factor, float[] b, float[] result, Parallel parallel) {
    parallel.forBlocks(
        result.length,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            result[i] = (float) (a[i] + factor * b[i]);
          }
        });
  }

  /** Multiplies in place. */
  static void multiply(float[] a, double factor, Parallel parallel) {
    parallel.forBlocks(
        a.length,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            a[i] = (float) (factor * a[i]);
          }
        });
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
