package org.sparkprop.cli;

/** Lines for whoever runs a command. */
final class Console {
  private Console() {}

  /** What the run does. */
  static void say(String line) {
    System.out.println(line);
  }

  /** What is doubtful, and ends nothing. */
  static void warn(String line) {
    System.err.printf("warning: %s%n", line);
  }
}
