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
    SCHEDULE,
    /** What training does to rows and units. */
    PERTURBATION,
    /** What a step does to gradients and weights. */
    REGULARIZATION,
    STOPPING,
    ROUNDS
  }

  private final String name;
  private final Group group;
  private final Form<T> form;
  private final Function<TrainingOptions, T> byDefault;
  private final String meaning;
  private final String defaultText;
  private final boolean hasOneDefault;
  private final String example;
  private final Predicate<TrainingOptions> isOfRun;

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
    this.isOfRun = builder.isOfRun;
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

  /** What stands for a value in the help, such as {@code RATE}; empty for a switch. */
  public String label() {
    return form.label();
  }

  /** Whether it is on or off, and on where its name alone is given. */
  public boolean isSwitch() {
    return form.label().isEmpty();
  }

  /** Sentences for the help: what it means, and the default unless that goes without saying. */
  public String description() {
    return isRequired() || isSwitch() ? meaning : "%s Default: %s.".formatted(meaning, defaultText);
  }

  /** A value that could be given; empty for a switch. */
  public String example() {
    return example;
  }

  /** Whether it has a meaning in a run of these options. */
  boolean isOf(TrainingOptions options) {
    return isOfRun.test(options);
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
    return form.read(text);
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
    private Predicate<TrainingOptions> isOfRun = options -> true;

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

    /** Only some runs have it. */
    Builder<T> onlyIf(Predicate<TrainingOptions> isOfRun) {
      this.isOfRun = isOfRun;
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
}
