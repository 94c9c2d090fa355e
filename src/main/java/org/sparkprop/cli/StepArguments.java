package org.sparkprop.cli;

import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.OptimizerSettingsBuilder;
import picocli.CommandLine.Mixin;

/** The options of a step: the optimiser's, its schedule's and what regularises it. */
final class StepArguments {
  @Mixin private OptimizerArguments optimizer;

  @Mixin private ScheduleArguments schedule;

  @Mixin private RegularizationArguments regularization;

  /** For picocli, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  StepArguments() {}

  /**
   * The choices, checked.
   *
   * @throws IllegalArgumentException naming the option that makes no sense
   */
  OptimizerSettings settings() {
    OptimizerSettingsBuilder settings = new OptimizerSettingsBuilder();
    optimizer.addTo(settings);
    settings.schedule(schedule.schedule());
    regularization.addTo(settings);
    return settings.build();
  }
}
