package org.sparkprop.train.options;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sparkprop.eval.Metric;
import org.sparkprop.train.options.Setting.Group;

/** The settings that make up a {@link Stopping}. */
public final class StoppingSettings {
  private static final String NONE = "none";

  public static final Setting<Metric> MONITOR =
      Setting.named("monitor", Group.STOPPING, new Form<>("METRIC", Metric::of, Metric::word))
          .meaning(
              "Metric that selects the best epoch, on the validation rows: %s; one of its --task (f1 is f1-macro). The model is that of the best epoch."
                  .formatted(
                      Stream.of(Metric.values())
                          .map(Metric::word)
                          .collect(Collectors.joining(", "))))
          .example("accuracy")
          .orElse(Metric.LOSS);

  public static final Setting<Optional<Integer>> PATIENCE =
      Setting.named(
              "patience",
              Group.STOPPING,
              Form.optional(Form.count("EPOCHS", "patience", Integer.MAX_VALUE), NONE))
          .meaning("Stop after this many epochs without improvement of the monitored metric.")
          .example("5")
          .orElse(Optional.empty());

  public static final Setting<Double> MIN_DELTA =
      Setting.named(
              "min-delta",
              Group.STOPPING,
              Form.number(
                  "NUMBER",
                  "minimal delta",
                  delta -> delta >= 0 && delta <= Double.MAX_VALUE,
                  ">= 0"))
          .meaning("Smallest change that counts as an improvement.")
          .example("0.001")
          .orElse(0.0);

  public static final Setting<Optional<Double>> MAX_SECONDS =
      Setting.named(
              "max-seconds",
              Group.STOPPING,
              Form.optional(
                  Form.number("SECONDS", "maximum of seconds", seconds -> seconds > 0, "> 0"),
                  NONE))
          .meaning("Time limit; training stops after the round that exceeds it.")
          .example("600")
          .orElse(Optional.empty());

  public static final Setting<Optional<Stopping.Target>> TARGET =
      Setting.named(
              "target",
              Group.STOPPING,
              Form.optional(
                  new Form<>("METRIC=VALUE", Stopping.Target::parse, Stopping.Target::toString),
                  NONE))
          .meaning("Stop after the first epoch whose validation reaches it: accuracy=0.98.")
          .example("accuracy=0.98")
          .orElse(Optional.empty());

  static final List<Setting<?>> ALL = List.of(MONITOR, PATIENCE, MIN_DELTA, MAX_SECONDS, TARGET);

  private StoppingSettings() {}

  static Stopping of(TrainingOptions options) {
    return new Stopping(
        options.get(MONITOR),
        options.get(PATIENCE).orElse(null),
        options.get(MIN_DELTA),
        options.get(MAX_SECONDS).orElse(null),
        options.get(TARGET).orElse(null));
  }

  static TrainingOptionsBuilder with(TrainingOptionsBuilder options, Stopping stopping) {
    return options
        .with(MONITOR, stopping.monitor())
        .with(PATIENCE, Optional.ofNullable(stopping.patience()))
        .with(MIN_DELTA, stopping.minDelta())
        .with(MAX_SECONDS, Optional.ofNullable(stopping.maxSeconds()))
        .with(TARGET, Optional.ofNullable(stopping.target()));
  }
}
