package org.sparkprop.cli;

import org.sparkprop.optim.LearningRateSchedule;
import org.sparkprop.optim.RateCurve;
import org.sparkprop.optim.ScheduleUnit;
import picocli.CommandLine.Option;

/** The options of a {@link LearningRateSchedule}. */
final class ScheduleArguments {
  @Option(
      names = "--schedule",
      paramLabel = "CURVE",
      defaultValue = "constant",
      description =
          "Learning-rate schedule: constant; step(30, 0.1), times 0.1 every 30 units; exponential(0.95), times 0.95 after each; cosine or cosine(0.01), down to 0 or to that share; one-cycle or one-cycle(0.3), up to the rate in 0.3 of the run and down to almost 0; plateau(0.1, 5), times 0.1 after 5 epochs without improvement of what --monitor names, or else of the training loss. Default: ${DEFAULT-VALUE}.")
  private String curve;

  @Option(
      names = "--schedule-by",
      paramLabel = "UNIT",
      defaultValue = "epoch",
      description =
          "Unit that --schedule and --warmup count: epoch or round, where each local step is a round. Default: ${DEFAULT-VALUE}.")
  private String unit;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Number of units in which the learning rate rises, step by step, before the schedule begins. Default: ${DEFAULT-VALUE}.")
  private long warmup;

  /** For picocli, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  ScheduleArguments() {}

  /**
   * The schedule, checked.
   *
   * @throws IllegalArgumentException naming the option that cannot be
   */
  LearningRateSchedule schedule() {
    LearningRateSchedule schedule =
        LearningRateSchedule.parse(curve, ScheduleUnit.of(unit), warmup);
    boolean countsEpochs =
        schedule.curve() == RateCurve.CONSTANT || schedule.curve() instanceof RateCurve.OnPlateau;
    if (schedule.unit() == ScheduleUnit.ROUND && countsEpochs && warmup == 0) {
      throw new IllegalArgumentException(
          "Invalid option: --schedule-by round with --schedule %s (which has no rounds to count; give another, or --warmup)"
              .formatted(schedule.curve()));
    }
    return schedule;
  }
}
