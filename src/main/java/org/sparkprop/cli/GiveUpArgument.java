package org.sparkprop.cli;

import org.sparkprop.cluster.GiveUpAfter;
import picocli.CommandLine.Option;

/** The option {@code --give-up-after}, which every command that runs Spark has. */
final class GiveUpArgument {
  private static final String OPTION = "--give-up-after";

  @Option(
      names = OPTION,
      paramLabel = "SECONDS",
      defaultValue = "" + GiveUpAfter.SECONDS,
      description =
          "End a run whose tasks have been pending for so long while none ran anywhere, as where all executors are lost or none is large enough; train leaves a checkpoint. 0 or none for never. Default: ${DEFAULT-VALUE}.")
  private String seconds;

  /** For picocli, which fills the field. */
  @SuppressWarnings("NullAway.Init")
  GiveUpArgument() {}

  /**
   * The seconds that it names.
   *
   * @throws IllegalArgumentException if they cannot be
   */
  GiveUpAfter choice() {
    return GiveUpAfter.parse(seconds, OPTION);
  }
}
