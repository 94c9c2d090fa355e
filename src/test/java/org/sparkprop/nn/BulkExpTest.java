package org.sparkprop.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BulkExpTest {
  private static final float[] CORNERS = {
    0,
    -0f,
    1,
    -1,
    88.72f,
    88.73f,
    -87.33f,
    -87.34f,
    -103.9f,
    -104,
    150,
    -150,
    1e30f,
    -1e30f,
    Float.MIN_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN
  };

  /** Corners first, as many as there is room for, then numbers of any size. */
  private static float[] numbers(int length) {
    Random random = new Random(length);
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] =
          i < CORNERS.length
              ? CORNERS[i]
              : (float) random.nextGaussian() * (1 << random.nextInt(8));
    }
    return numbers;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 18, 511, 512, 513, 2000})
  void theBitsAreThoseOfOneAtATime(int length) {
    float[] exp = numbers(length);
    float[] sigmoid = numbers(length);
    BulkExp.ofThread().exp(exp, length);
    BulkExp.ofThread().sigmoid(sigmoid, length);

    float[] x = numbers(length);
    for (int i = 0; i < length; i++) {
      assertEquals(FloatMath.exp(x[i]), exp[i], "e^" + x[i]);
      assertEquals(Activation.sigmoid(x[i]), sigmoid[i], "sigmoid of " + x[i]);
    }
  }

  @Test
  void elementsBeyondTheLengthStay() {
    float[] values = {0, 7};
    BulkExp.ofThread().exp(values, 1);
    assertEquals(1, values[0]);
    assertEquals(7, values[1]);
  }

  @Test
  void theyAreThoseOfTheJavaLibrary() {
    float[] x = numbers(2000);
    float[] exp = x.clone();
    BulkExp.ofThread().exp(exp, exp.length);
    for (int i = CORNERS.length; i < x.length; i++) {
      if (Math.abs(x[i]) < 87) {
        double expected = Math.exp(x[i]);
        assertEquals(expected, exp[i], 3e-7 * expected, "e^" + x[i]);
      }
    }
  }
}
