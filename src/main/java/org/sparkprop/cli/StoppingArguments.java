package org.sparkprop.cli;

import java.util.ArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sparkprop.eval.Metric;
import org.sparkprop.train.options.Stopping;
import picocli.CommandLine.Option;

/** The options that say which epoch is the best, and when a run ends. */
final class StoppingArguments {
  /** For the help. */
  private static final class MetricWords extends ArrayList<String> {
    MetricWords() {
      super(Stream.of(Metric.values()).map(Metric::word).toList());
    }
  }

  @Option(
      names = "--monitor",
      paramLabel = "METRIC",
      defaultValue = "loss",
      completionCandidates = MetricWords.class,
      description =
          "Metric that selects the best epoch, on the validation rows: ${COMPLETION-CANDIDATES}; one of its --task (f1 is f1-macro). The model is that of the best epoch. Default: ${DEFAULT-VALUE}.")
  private String monitor;

  @Option(
      names = "--patience",
      paramLabel = "EPOCHS",
      description =
          "Stop after this many epochs without improvement of the monitored metric. Default: never.")
  private @Nullable Integer patience;

  @Option(
      names = "--min-delta",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description = "Smallest change that counts as an improvement. Default: ${DEFAULT-VALUE}.")
  private double minDelta;

  @Option(
      names = "--max-seconds",
      paramLabel = "SECONDS",
      description = "Time limit; training stops after the round that exceeds it. Default: none.")
  private @Nullable Double maxSeconds;

  @Option(
      names = "--target",
      paramLabel = "METRIC=VALUE",
      description =
          "Stop after the first epoch whose validation reaches it: accuracy=0.98. Default: none.")
  private @Nullable String target;

  /** For picocli, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  StoppingArguments() {}

  /**
   * The choices, checked.
   *
   * @throws IllegalArgumentException naming the option that cannot be
   */
  Stopping stopping() {
    return new Stopping(
        Metric.of(monitor),
        patience,
        minDelta,
        maxSeconds,
        target == null ? null : Stopping.Target.parse(target));
  }
}
