package org.sparkprop.base;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Who is told what to do, and so in which words: those of the command line or of the library. */
public enum Caller {
  COMMAND_LINE,
  LIBRARY;

  /**
   * An option with its value.
   *
   * @param name on the command line, such as {@code feature-units}
   */
  public String option(String name, String value) {
    return switch (this) {
      case COMMAND_LINE -> "--%s %s".formatted(name, inShell(value));
      case LIBRARY -> "%s(%s)".formatted(method(name), value.toUpperCase(Locale.ROOT));
    };
  }

  /** An option of columns. */
  public String columns(String name, List<String> columns) {
    return switch (this) {
      case COMMAND_LINE -> option(name, NameList.of(columns));
      case LIBRARY ->
          "%s(%s)"
              .formatted(
                  method(name),
                  columns.stream()
                      .map(column -> '"' + column.replace("\"", "\\\"") + '"')
                      .collect(Collectors.joining(", ")));
    };
  }

  /** The name of an option. */
  public String name(String option) {
    return switch (this) {
      case COMMAND_LINE -> "--" + option;
      case LIBRARY -> method(option);
    };
  }

  /** The value as a shell takes it for one word. */
  private static String inShell(String value) {
    return value.matches("[\\p{L}\\p{N}_.,:/=@%+-]+")
        ? value
        : "'" + value.replace("'", "'\\''") + "'";
  }

  private static String method(String option) {
    StringBuilder method = new StringBuilder();
    for (String word : option.split("-", -1)) {
      method.append(
          method.isEmpty()
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return method.toString();
  }
}
