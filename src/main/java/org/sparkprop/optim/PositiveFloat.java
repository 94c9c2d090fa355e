package org.sparkprop.optim;

/** Numbers that steps compute with as floats, which must neither vanish nor overflow. */
final class PositiveFloat {
  private PositiveFloat() {}

  /**
   * @throws IllegalArgumentException naming {@code what} and its bounds
   */
  static void check(String what, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException("Invalid %s: %s (must be > 0)".formatted(what, value));
    }
    if (!(value >= Float.MIN_NORMAL && value <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "Invalid %s: %s (must be a float, %s to %s)"
              .formatted(what, value, Float.MIN_NORMAL, Float.MAX_VALUE));
    }
  }
}
