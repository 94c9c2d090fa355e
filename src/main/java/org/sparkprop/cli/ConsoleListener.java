package org.sparkprop.cli;

import java.time.Duration;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.Words;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.nn.Network;
import org.sparkprop.train.RoundRecord;
import org.sparkprop.train.RunInfo;
import org.sparkprop.train.TrainingListener;
import org.sparkprop.train.Verdict;
import org.sparkprop.train.options.LocalSteps;
import org.sparkprop.train.options.Setting;
import org.sparkprop.train.options.TrainingOptions;

/**
 * Prints the run: a line for the data, one for the model, and one for each epoch; while an epoch
 * runs on a terminal, a progress bar.
 */
final class ConsoleListener implements TrainingListener, AutoCloseable {
  private final String data;
  private final boolean onTerminal = Boolean.getBoolean("sparkprop.terminal"); // said by submit.sh
  private int epochs;
  private long rowsOfEpoch;
  private long epochStart;
  private @Nullable ProgressBar bar;

  ConsoleListener(String data) {
    this.data = data;
  }

  @Override
  public void started(RunInfo facts) {
    Network network = facts.network();
    TrainingOptions options = facts.options();
    epochs = options.epochs();
    rowsOfEpoch = facts.rows();
    System.out.printf(
        "data: %s, %s of %s%s, %s, %s per row, %,.1f MB%n",
        data,
        Words.count(facts.rows(), "row"),
        Words.count(network.topology().inputWidth(), "feature"),
        facts.validationRows() == 0
            ? ""
            : " and %,d for validation".formatted(facts.validationRows()),
        Words.count(facts.shards(), "shard"),
        Words.count(facts.rowBytes(), "byte"),
        facts.bytes() / 1e6);
    if (facts.bytesOnDisk() > 0) {
      System.err.printf(
          "warning: %,.1f MB of the rows have no room in memory and are read from disk in each epoch; give more --driver-memory (on a cluster --executor-memory)%n",
          facts.bytesOnDisk() / 1e6);
    }
    System.out.printf(
        "model: %s, %s, %s, %s%s, batches of %s, %,.1f MB of buffers per core%n",
        network.topology(),
        Words.count(network.topology().parameterCount(), "parameter"),
        network.loss().word(),
        options.optimizer(),
        perturbations(options),
        Words.count(Math.min(options.batchSize(), facts.rows()), "row"),
        facts.bufferBytes() / 1e6);
    epochStart = System.nanoTime();
  }

  /** What training does to rows and units, as it was given; empty for nothing. */
  private static String perturbations(TrainingOptions options) {
    return options.chosen(Setting.Group.PERTURBATION).entrySet().stream()
        .map(word -> ", %s %s".formatted(word.getKey(), word.getValue()))
        .collect(Collectors.joining());
  }

  @Override
  public void localStepsChosen(LocalSteps steps) {
    epochStart = System.nanoTime(); // what was measured is no part of an epoch
    System.out.printf(
        "local steps: %s as measured; --local-steps %s repeats this run%n", steps, steps);
  }

  @Override
  public Verdict roundDone(RoundRecord round) {
    if (!onTerminal) {
      return Verdict.CONTINUE;
    }
    ProgressBar shown = bar;
    if (shown == null) {
      shown = newBar(round.epoch());
      bar = shown;
    }
    shown.stepTo(round.rows());
    shown.setExtraMessage("loss " + EpochText.figure(round.loss()).strip());
    return Verdict.CONTINUE;
  }

  @Override
  public Verdict epochDone(EpochRecord epoch) {
    close();
    epochStart = System.nanoTime();
    System.out.println(EpochText.line(epoch, epochs));
    return Verdict.CONTINUE;
  }

  /** Takes the bar away. */
  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  private ProgressBar newBar(int epoch) {
    return new ProgressBarBuilder()
        .setTaskName(EpochText.name(epoch, epochs))
        .setInitialMax(rowsOfEpoch)
        // The bar comes with the first round, which is part of the epoch.
        .startsFrom(0, Duration.ofNanos(System.nanoTime() - epochStart))
        .setRenderer(new EpochBar())
        .setUpdateIntervalMillis(200)
        .clearDisplayOnFinish()
        .setConsumer(new ConsoleProgressBarConsumer(System.out))
        .build();
  }
}
