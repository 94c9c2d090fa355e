package org.sparkprop.cli;

import org.jspecify.annotations.Nullable;
import org.sparkprop.train.options.Reduction;
import org.sparkprop.train.options.StepsPerRound;
import org.sparkprop.train.options.TrainingOptions;
import org.sparkprop.train.options.TrainingOptionsBuilder;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a round does: the options that {@code train} and {@code bench} share. */
final class RoundArguments {
  @Mixin private OptimizerArguments optimizer;

  @Mixin private ScheduleArguments schedule;

  @Mixin private RegularizationArguments regularization;

  @Option(
      names = "--batch-size",
      paramLabel = "ROWS",
      description =
          "Rows of an update; at least all rows for full batches. Default: "
              + TrainingOptions.BATCH_SIZE
              + ", and all rows with --optimizer lbfgs.")
  private @Nullable Long batchSize;

  @Option(
      names = "--slice-size",
      paramLabel = "ROWS",
      description =
          "Most rows of one gradient call. Part of the bits. Default: what suits the batch, at most "
              + TrainingOptions.LARGEST_STANDARD_SLICE
              + ".")
  private @Nullable Integer sliceSize;

  @Option(
      names = "--local-steps",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Steps that a worker takes between two rounds: a number, epoch, or auto to measure what pays. 1 is gradient averaging. Default: ${DEFAULT-VALUE}.")
  private String localSteps;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "" + TrainingOptions.WORKERS,
      description =
          "With local steps: groups of shards that train on their own between two rounds. Part of the bits. Default: ${DEFAULT-VALUE}.")
  private int workers;

  @Option(
      names = "--reduction",
      paramLabel = "PLACE",
      defaultValue = "auto",
      description =
          "Where the sums of a round meet: driver, executors (one shuffle more; for large models on many executors), or auto. Changes no result. Default: ${DEFAULT-VALUE}.")
  private String reduction;

  /** For picocli, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  RoundArguments() {}

  /**
   * Adds these choices to others.
   *
   * @throws IllegalArgumentException naming the option that makes no sense
   */
  TrainingOptionsBuilder addTo(TrainingOptionsBuilder options) {
    if (batchSize != null) {
      options.batchSize(batchSize);
    }
    return options
        .optimizer(optimizer.settings(schedule, regularization))
        .sliceSize(sliceSize)
        .localSteps(StepsPerRound.parse(localSteps))
        .workers(workers)
        .reduction(Reduction.of(reduction));
  }
}
