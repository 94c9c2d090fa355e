package org.sparkprop.cli;

import org.sparkprop.optim.OptimizerSettingsBuilder;
import org.sparkprop.optim.Regularization;
import picocli.CommandLine.Option;

/** The options of a {@link Regularization}, but the weight decay, whose default is the rule's. */
final class RegularizationArguments {
  @Option(
      names = "--l1",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description =
          "L1 penalty: adds l1 · sign(w) to the gradient of each weight w; biases have no penalty. Default: ${DEFAULT-VALUE}.")
  private double l1;

  @Option(
      names = "--l2",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description =
          "L2 penalty: adds l2 · w to the gradient of each weight w. Default: ${DEFAULT-VALUE}.")
  private double l2;

  @Option(
      names = "--max-norm",
      paramLabel = "NUMBER",
      defaultValue = Regularization.UNBOUNDED_WORD,
      description =
          "Maximum norm of the incoming weights of a unit; longer ones are scaled back after each step. Default: ${DEFAULT-VALUE}.")
  private String maxNorm;

  @Option(
      names = "--clip-value",
      paramLabel = "NUMBER",
      defaultValue = Regularization.UNBOUNDED_WORD,
      description =
          "Clips each element of the mean gradient to [-c, c]. Default: ${DEFAULT-VALUE}.")
  private String clipValue;

  @Option(
      names = "--clip-norm",
      paramLabel = "NUMBER",
      defaultValue = Regularization.UNBOUNDED_WORD,
      description =
          "Clips the mean gradient of all parameters to this norm. Default: ${DEFAULT-VALUE}.")
  private String clipNorm;

  /** For picocli, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  RegularizationArguments() {}

  /**
   * Adds these choices to others.
   *
   * @throws IllegalArgumentException naming the option that cannot be
   */
  void addTo(OptimizerSettingsBuilder settings) {
    settings
        .l1(l1)
        .l2(l2)
        .maxNorm(bound("max norm", maxNorm))
        .clipValue(bound("clip value", clipValue))
        .clipNorm(bound("clip norm", clipNorm));
  }

  private static double bound(String what, String word) {
    if (word.trim().equalsIgnoreCase(Regularization.UNBOUNDED_WORD)) {
      return Regularization.UNBOUNDED;
    }
    try {
      double bound = Double.parseDouble(word);
      if (bound != Regularization.UNBOUNDED) {
        return bound;
      }
    } catch (NumberFormatException notANumber) {
      // refused below, like any other word
    }
    throw new IllegalArgumentException(
        "Invalid %s: %s (must be a number > 0, or %s)"
            .formatted(what, word.trim(), Regularization.UNBOUNDED_WORD));
  }
}
