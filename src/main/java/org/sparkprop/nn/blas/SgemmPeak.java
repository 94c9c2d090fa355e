package org.sparkprop.nn.blas;

import java.util.Arrays;
import java.util.Random;

/** How fast one thread multiplies matrices here: what every network is measured against. */
public final class SgemmPeak {
  private static final int M = 800;
  private static final int K = 784;
  private static final int N = 512;

  /** About a quarter of a second. */
  private static final int CALLS = 50;

  private SgemmPeak() {}

  /** The median of many products (800 × 784) · (784 × 512), in 10^9 operations a second. */
  public static double gigaflops() {
    Random random = new Random(1);
    float[] a = floats(random, M * K);
    float[] b = floats(random, K * N);
    float[] c = new float[M * N];
    double[] rates = new double[CALLS];
    for (int call = 0; call < CALLS; call++) {
      long start = System.nanoTime();
      Blas.sgemm("N", "N", M, N, K, 1f, a, 0, M, b, 0, K, 0f, c, 0, M);
      rates[call] = 2.0 * M * N * K / (System.nanoTime() - start);
    }
    Arrays.sort(rates);
    return rates[CALLS / 2];
  }

  private static float[] floats(Random random, int length) {
    float[] floats = new float[length];
    for (int i = 0; i < length; i++) {
      floats[i] = random.nextFloat();
    }
    return floats;
  }
}
