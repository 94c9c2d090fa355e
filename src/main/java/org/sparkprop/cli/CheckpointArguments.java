package org.sparkprop.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sparkprop.model.ModelFolder;
import org.sparkprop.train.checkpoint.CheckpointFolder;
import org.sparkprop.train.checkpoint.Checkpointer;
import picocli.CommandLine.Option;

/** The options that keep a run, and go on with one that was cut off. */
final class CheckpointArguments {
  private static final String NONE = "none";

  @Option(
      names = "--checkpoint-interval",
      paramLabel = "SECONDS",
      defaultValue = "" + Checkpointer.SECONDS,
      description =
          "Minimum seconds between checkpoints; they are kept next to the model and removed when it is written;"
              + " 0 for one before each round, or none. Default: ${DEFAULT-VALUE}.")
  private String interval;

  @Option(
      names = "--resume",
      description =
          "Resume an interrupted run from its last checkpoint, to the same bits; start a new one if there is none, and do nothing if its model is complete.")
  private boolean resume;

  /** For picocli, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  CheckpointArguments() {}

  /**
   * The seconds between two checkpoints, infinity for none.
   *
   * @throws IllegalArgumentException if they cannot be
   */
  double seconds() {
    if (interval.equals(NONE)) {
      return Double.POSITIVE_INFINITY;
    }
    try {
      return Checkpointer.checkSeconds(Double.parseDouble(interval));
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException(
          "Invalid checkpoint interval: %s (must be >= 0 seconds, or none)".formatted(interval),
          notANumber);
    }
  }

  /**
   * The run that is done already; null if there is something to train.
   *
   * @param options every option of the run
   * @param overwrite whether another run may be replaced
   */
  @Nullable CompleteRun complete(
      ModelFolder folder,
      String model,
      CheckpointFolder kept,
      Map<String, String> options,
      boolean overwrite) {
    if (!resume || (overwrite && !kept.isEmpty())) {
      return null; // a run that was to replace the model has been cut off
    }
    return CompleteRun.find(folder, model, options, overwrite);
  }

  /**
   * Looks for a checkpoint, and says so if there is one to go on from.
   *
   * @param overwrite whether one of another run may be dropped
   * @param options every option of the run
   */
  Checkpointer open(CheckpointFolder folder, boolean overwrite, Map<String, String> options) {
    Checkpointer checkpoints = Checkpointer.open(folder, seconds(), resume, overwrite, options);
    folder.warnings().forEach(Console::warn);
    String place = checkpoints.resumption();
    if (place != null) {
      System.out.printf("resume: %s%n", place);
    } else if (resume) {
      System.out.printf("resume: %s has no checkpoint, this is a new run%n", folder);
    }
    return checkpoints;
  }
}
