package org.sparkprop.optim;

/**
 * A number, a count or a switch that an update rule can be told.
 *
 * @param word its name in options and files, such as {@code momentum}
 * @param byDefault the value where none is given; 0 or 1 for a switch
 * @param example another value that may serve, for the help; 1 for a switch
 * @param min the least number allowed
 * @param below what the number must be below
 * @param meaning one line for the help
 */
public record Hyperparameter(
    String word,
    Kind kind,
    double byDefault,
    double example,
    double min,
    double below,
    String meaning) {
  /** What values there are. */
  public enum Kind {
    NUMBER,
    /** Whole. */
    COUNT,
    /** On (1) or off (0). */
    SWITCH
  }

  /** A float above 0, so that a parameter whose gradient is always 0 stays where it is. */
  private static final double MIN_EPSILON = 1e-30;

  static Hyperparameter number(
      String word, double byDefault, double example, double min, double below, String meaning) {
    return new Hyperparameter(word, Kind.NUMBER, byDefault, example, min, below, meaning);
  }

  static Hyperparameter count(
      String word, int byDefault, int example, int min, int most, String meaning) {
    return new Hyperparameter(word, Kind.COUNT, byDefault, example, min, most + 1.0, meaning);
  }

  /** What keeps a root that is divided by from being 0. */
  static Hyperparameter epsilon(double byDefault, String meaning) {
    return number("epsilon", byDefault, 1e-7, MIN_EPSILON, 1, meaning);
  }

  static Hyperparameter flag(String word, String meaning) {
    return new Hyperparameter(word, Kind.SWITCH, 0, 1, 0, 2, meaning);
  }

  /** A value in words. */
  public String format(double value) {
    boolean isCount = kind == Kind.COUNT && value == (long) value;
    return isCount ? Long.toString((long) value) : Double.toString(value);
  }

  void check(double value) {
    if (kind == Kind.SWITCH && value != 0 && value != 1) {
      throw new IllegalArgumentException("Invalid %s: %s (must be 0 or 1)".formatted(word, value));
    }
    if (kind == Kind.COUNT && !(value >= min && value < below && value == Math.rint(value))) {
      throw new IllegalArgumentException(
          "Invalid %s: %s (must be a whole number, %.0f to %.0f)"
              .formatted(word, format(value), min, below - 1));
    }
    if (!(value >= min && value < below)) {
      throw new IllegalArgumentException(
          "Invalid %s: %s (must be >= %s and < %s)".formatted(word, value, min, below));
    }
  }
}
