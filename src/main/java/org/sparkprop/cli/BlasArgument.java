package org.sparkprop.cli;

import org.sparkprop.nn.blas.BlasChoice;
import picocli.CommandLine.Option;

/** The option {@code --blas}, which every command that multiplies has. */
final class BlasArgument {
  @Option(
      names = "--blas",
      paramLabel = "WHICH",
      defaultValue = "auto",
      description =
          "openblas (in the jar, for Linux), system (what is installed), java, or auto: the best that each host can run. All but auto are an error where they cannot be had. Part of the bits. Default: ${DEFAULT-VALUE}.")
  private String word;

  /** For picocli, which fills the field. */
  @SuppressWarnings("NullAway.Init")
  BlasArgument() {}

  /**
   * The choice that it names.
   *
   * @throws IllegalArgumentException if there is no such choice
   */
  BlasChoice choice() {
    return BlasChoice.of(word);
  }
}
