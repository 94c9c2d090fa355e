package org.sparkprop.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small whole numbers, whose sums are exact in any order. */
class VectorsTest {
  private static final Parallel HERE = Parallel.ON_CALLER;

  private static float[] numbers(int length, int modulus) {
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = i % modulus - modulus / 2;
    }
    return numbers;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 7, 1023, 1024, 1025, 5000})
  void sumsHaveEveryElementOnce(int length) {
    float[] a = numbers(length, 7);
    float[] b = numbers(length, 5);
    double dot = 0;
    double absolutes = 0;
    for (int i = 0; i < length; i++) {
      dot += (double) a[i] * b[i];
      absolutes += Math.abs(a[i]);
    }
    assertEquals(dot, Vectors.dot(a, b, HERE));
    assertEquals(absolutes, Vectors.sumOfAbsolutes(a, HERE));
  }

  /** In float, 2^24 + 1 is 2^24. */
  @Test
  void sumsAreDouble() {
    float[] a = {1 << 24, 1, 1, 1, 1};
    assertEquals((1 << 24) + 4, Vectors.dot(a, new float[] {1, 1, 1, 1, 1}, HERE));
    assertEquals((1 << 24) + 4, Vectors.sumOfAbsolutes(a, HERE));
  }

  @Test
  void theLargestMayBeNegativeOrNoNumber() {
    assertEquals(7, Vectors.largestAbsolute(new float[] {3, -7, 5}));
    assertEquals(Float.NaN, Vectors.largestAbsolute(new float[] {3, Float.NaN, 5}));
    assertEquals(0, Vectors.largestAbsolute(new float[0]));
  }

  @Test
  void additionMayOverwriteWhatIsAdded() {
    float[] a = {1, 2};
    Vectors.add(a, -0.5, new float[] {4, 8}, a, HERE);
    assertArrayEquals(new float[] {-1, -2}, a);
    Vectors.multiply(a, 3, HERE);
    assertArrayEquals(new float[] {-3, -6}, a);
  }
}
