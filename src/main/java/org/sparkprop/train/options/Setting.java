package org.sparkprop.train.options;

import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One thing that a run can be told, declared in one place: the command line, configuration files,
 * the library, {@code model.json} and the help all follow from it. All there are stand in {@link
 * Settings}.
 *
 * @param <T> what a value is
 */
public final class Setting<T> {
  /** The heading under which the help shows an option. */
  public enum Group {
    NETWORK,
    OPTIMIZER,
    REGULARIZATION,
    ROUNDS
  }

  /**
   * How a value is written.
   *
   * @param label what stands for a value in the help, such as {@code RATE}
   * @param parse reads a value; an IllegalArgumentException says what is wrong with it
   * @param format writes a value as {@code parse} reads it
   */
  record Form<T>(String label, Function<String, T> parse, Function<T, String> format) {}

  private final String name;
  private final Group group;
  private final Form<T> form;
  private final Function<TrainingOptions, T> byDefault;
  private final String meaning;
  private final String defaultText;
  private final boolean hasOneDefault;
  private final String example;

  private Setting(
      Builder<T> builder,
      String defaultText,
      boolean hasOneDefault,
      Function<TrainingOptions, T> byDefault) {
    this.name = builder.name;
    this.group = builder.group;
    this.form = builder.form;
    this.meaning = builder.meaning;
    this.example = builder.example;
    this.defaultText = defaultText;
    this.hasOneDefault = hasOneDefault;
    this.byDefault = byDefault;
  }

  /** Its name on the command line, in configuration files and in {@code model.json}. */
  public String name() {
    return name;
  }

  public Group group() {
    return group;
  }

  /** What stands for a value in the help, such as {@code RATE}. */
  public String label() {
    return form.label();
  }

  /** Sentences for the help: what it means, and the default unless there is none. */
  public String description() {
    return isRequired() ? meaning : "%s Default: %s.".formatted(meaning, defaultText);
  }

  /** A value that could be given. */
  public String example() {
    return example;
  }

  /** Whether it has no default. */
  public boolean isRequired() {
    return defaultText.isEmpty();
  }

  /**
   * The value that a text names.
   *
   * @throws IllegalArgumentException if it names none
   */
  public T parse(String text) {
    return form.parse().apply(text);
  }

  String format(T value) {
    return form.format().apply(value);
  }

  /** Whether the default is the same whatever the other options are. */
  boolean hasOneDefault() {
    return hasOneDefault;
  }

  /** The default in words. */
  String defaultText() {
    return defaultText;
  }

  T defaultOf(TrainingOptions options) {
    return byDefault.apply(options);
  }

  /** Begins a declaration. */
  static <T> Builder<T> named(String name, Group group, Form<T> form) {
    return new Builder<>(name, group, form);
  }

  /** Collects a declaration; {@link #orElse} ends it. */
  static final class Builder<T> {
    private final String name;
    private final Group group;
    private final Form<T> form;
    private String meaning = "";
    private String example = "";

    private Builder(String name, Group group, Form<T> form) {
      this.name = name;
      this.group = group;
      this.form = form;
    }

    /** Sentences for the help. */
    Builder<T> meaning(String sentences) {
      this.meaning = sentences;
      return this;
    }

    /** A value that could be given. */
    Builder<T> example(String value) {
      this.example = value;
      return this;
    }

    /** The default, the same for all. */
    Setting<T> orElse(T value) {
      return new Setting<>(this, form.format().apply(value), true, options -> value);
    }

    /**
     * A default that follows from the other options.
     *
     * @param text what the help says of it
     */
    Setting<T> orElse(String text, Function<TrainingOptions, T> byDefault) {
      return new Setting<>(this, text, false, byDefault);
    }

    /** No default: it must be given. */
    Setting<T> required() {
      String missing = name;
      return new Setting<>(
          this,
          "",
          false,
          options -> {
            throw new IllegalArgumentException("Missing option: --" + missing);
          });
    }
  }

  /**
   * A whole number from 1.
   *
   * @param what it is called in messages
   */
  static Form<Integer> count(String label, String what, int most) {
    Form<Long> form = longCount(label, what, most);
    return new Form<>(
        label,
        text -> Math.toIntExact(form.parse().apply(text)),
        number -> Integer.toString(number));
  }

  /** The same of more digits. */
  static Form<Long> longCount(String label, String what, long most) {
    return new Form<>(
        label,
        text -> {
          long number = wholeNumber(what, text);
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

  /** A whole number. */
  static long wholeNumber(String what, String text) {
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

  /** A number. */
  static double number(String what, String text) {
    try {
      return Double.parseDouble(text.trim());
    } catch (NumberFormatException notOne) {
      throw new IllegalArgumentException(
          "Invalid %s: %s (must be a number)".formatted(what, text.trim()), notOne);
    }
  }

  /**
   * A number within bounds.
   *
   * @param bound the bounds in words, such as {@code >= 0 and < 1}
   */
  static Form<Double> number(String label, String what, Predicate<Double> isWithin, String bound) {
    return new Form<>(
        label,
        text -> {
          double number = number(what, text);
          if (!isWithin.test(number)) {
            throw new IllegalArgumentException(
                "Invalid %s: %s (must be %s)".formatted(what, number, bound));
          }
          return number;
        },
        number -> Double.toString(number));
  }
}
