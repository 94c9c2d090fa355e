package org.sparkprop.optim;

/**
 * A number, or a switch, that an update rule can be told.
 *
 * @param word its name in options and files, such as {@code momentum}
 * @param standard the value where none is given; 0 or 1 for a switch
 * @param isSwitch whether it is only on (1) or off (0)
 * @param min the least number allowed
 * @param below what the number must be below
 * @param meaning one line for the help
 */
public record Hyperparameter(
    String word, double standard, boolean isSwitch, double min, double below, String meaning) {

  /** A float above 0, so that a parameter whose gradient is always 0 stays where it is. */
  private static final double LEAST_EPSILON = 1e-30;

  static Hyperparameter number(
      String word, double standard, double min, double below, String meaning) {
    return new Hyperparameter(word, standard, false, min, below, meaning);
  }

  /** What keeps a root that is divided by from being 0. */
  static Hyperparameter epsilon(double standard, String meaning) {
    return number("epsilon", standard, LEAST_EPSILON, 1, meaning);
  }

  static Hyperparameter flag(String word, String meaning) {
    return new Hyperparameter(word, 0, true, 0, 2, meaning);
  }

  void check(double value) {
    if (isSwitch && value != 0 && value != 1) {
      throw new IllegalArgumentException("Invalid %s: %s (must be 0 or 1)".formatted(word, value));
    }
    if (!(value >= min && value < below)) {
      throw new IllegalArgumentException(
          "Invalid %s: %s (must be >= %s and < %s)".formatted(word, value, min, below));
    }
  }
}
