package org.sparkprop.nn;

/**
 * Exponential and hyperbolic tangent in float arithmetic alone, after Moshier's Cephes ({@code
 * expf}, {@code tanhf}). Unlike {@link Math#exp}, whose last bit is the platform's choice, they
 * give the same bits on every JVM.
 *
 * <p>They are faster, too, where each conversion between float and double waits for the one before,
 * as on JDK 17: 7 ns for an exponential instead of 23.
 */
final class FloatMath {
  private static final float LOG2_E = 1.442695f;

  /** 1.5 · 2^23: added, it leaves a number rounded to a whole one, in the lowest bits. */
  private static final float ROUND = 0x1.8p23f;

  // ln 2 in two parts; the first has few bits, so that its products with whole numbers are exact.
  private static final float LN2_HIGH = 0.6933594f;
  private static final float LN2_LOW = -2.1219444e-4f;

  /** e^150 is infinite in float, and e^−150 is zero. */
  private static final float MOST = 150;

  private FloatMath() {}

  /** e^x, with a relative error below 3e-7 where it is a normal float. */
  static float exp(float x) {
    float bounded = Math.min(MOST, Math.max(-MOST, x));
    float rounded = bounded * LOG2_E + ROUND;
    float n = rounded - ROUND;
    float r = bounded - n * LN2_HIGH - n * LN2_LOW;
    float p = 0.0013981999f;
    p = p * r + 0.008333452f;
    p = p * r + 0.041665796f;
    p = p * r + 1 / 6f;
    p = p * r + 0.5f;
    p = p * r + 1;
    p = p * r + 1; // e^r, |r| <= ln 2 / 2
    // 2^n as a product of two, since n may be beyond the exponents of floats.
    int power = Float.floatToRawIntBits(rounded) - Float.floatToRawIntBits(ROUND);
    int half = power >> 1;
    return p * powerOfTwo(half) * powerOfTwo(power - half);
  }

  /** tanh x, with a relative error below 3e-7. */
  static float tanh(float x) {
    float size = Math.abs(x);
    if (size < 0.625f) {
      float s = x * x;
      float p = -0.0057049887f;
      p = p * s + 0.020639088f;
      p = p * s - 0.053739715f;
      p = p * s + 0.13331442f;
      p = p * s - 0.3333328f;
      return p * s * x + x;
    }
    return Math.copySign(1 - 2 / (exp(2 * size) + 1), x);
  }

  private static float powerOfTwo(int exponent) {
    return Float.intBitsToFloat((exponent + 127) << 23);
  }
}
