package org.sparkprop.train.options;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * How the value of a {@link Setting} is written.
 *
 * @param label what stands for a value in the help, such as {@code RATE}; empty for a switch
 * @param parse reads a value; an IllegalArgumentException says what is wrong with it
 * @param format writes a value as {@code parse} reads it
 */
public record Form<T>(String label, Function<String, T> parse, Function<T, String> format) {
  /**
   * The value that a text names.
   *
   * @throws IllegalArgumentException if it names none
   */
  public T read(String text) {
    return parse.apply(text);
  }

  /**
   * A whole number from 1.
   *
   * @param what it is called in messages
   */
  public static Form<Integer> count(String label, String what, int most) {
    Form<Long> form = longCount(label, what, most);
    return new Form<>(
        label, text -> Math.toIntExact(form.read(text)), number -> Integer.toString(number));
  }

  /** The same of more digits. */
  static Form<Long> longCount(String label, String what, long most) {
    return new Form<>(
        label,
        text -> {
          long number = parseWhole(what, text);
          if (number < 1) {
            throw new IllegalArgumentException(
                "Invalid %s: %d (must be > 0)".formatted(what, number));
          }
          if (number > most) {
            throw new IllegalArgumentException(
                "Invalid %s: %d (must be <= %d)".formatted(what, number, most));
          }
          return number;
        },
        number -> Long.toString(number));
  }

  /**
   * A value, or a word for none.
   *
   * @param none the word
   */
  static <T> Form<Optional<T>> optional(Form<T> form, String none) {
    return new Form<>(
        form.label(),
        text ->
            text.trim().equalsIgnoreCase(none) ? Optional.empty() : Optional.of(form.read(text)),
        value -> value.map(form.format()).orElse(none));
  }

  /** The whole number that a text names. */
  static long parseWhole(String what, String text) {
    String trimmed = text.trim();
    try {
      return Long.parseLong(trimmed);
    } catch (NumberFormatException notOne) {
      String bound =
          trimmed.matches("[+-]?\\d+")
              ? "%d to %d".formatted(Long.MIN_VALUE, Long.MAX_VALUE)
              : "a whole number";
      throw new IllegalArgumentException(
          "Invalid %s: %s (must be %s)".formatted(what, trimmed, bound), notOne);
    }
  }

  /** The number that a text names. */
  static double parseNumber(String what, String text) {
    try {
      return Double.parseDouble(text.trim());
    } catch (NumberFormatException notOne) {
      throw new IllegalArgumentException(
          "Invalid %s: %s (must be a number)".formatted(what, text.trim()), notOne);
    }
  }

  /** A number, whose bounds are checked where it is used. */
  static Form<Double> number(String label, String what) {
    return number(label, what, any -> true, "");
  }

  /**
   * A number within bounds.
   *
   * @param bound the bounds in words, such as {@code >= 0 and < 1}
   */
  public static Form<Double> number(
      String label, String what, Predicate<Double> isWithin, String bound) {
    return new Form<>(
        label,
        text -> {
          double number = parseNumber(what, text);
          if (!isWithin.test(number)) {
            throw new IllegalArgumentException(
                "Invalid %s: %s (must be %s)".formatted(what, number, bound));
          }
          return number;
        },
        number -> Double.toString(number));
  }
}
