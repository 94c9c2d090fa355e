package org.sparkprop.cli;

import org.sparkprop.data.RowSource;
import picocli.CommandLine.Option;

/** The option {@code --data}, which every command that reads rows has. */
final class DataArgument {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "DATA",
      description = "mnist, spiral, spiral(POINTS), or a folder of IDX files on any Hadoop path.")
  private String word;

  /** For picocli, which fills the field. */
  @SuppressWarnings("NullAway.Init")
  DataArgument() {}

  /** What the user wrote. */
  String word() {
    return word;
  }

  /**
   * The data set that it names.
   *
   * @throws IllegalArgumentException if it makes no sense
   */
  RowSource source() {
    return RowSource.of(word);
  }
}
