package org.sparkprop.bench;

import java.util.Locale;
import org.sparkprop.nn.Topology;

/** What a benchmark found, as lines for the console. */
public final class BenchmarkText {
  private final StringBuilder text = new StringBuilder();

  private BenchmarkText() {}

  /** The result as text, without a line end at its end. */
  public static String of(BenchmarkResult result) {
    BenchmarkText text = new BenchmarkText();
    Topology topology = result.network().topology();
    text.line(
        "network: %s, %,d parameters, batches of %,d rows, slices of %,d",
        topology,
        topology.parameterCount(),
        result.options().batchSize(),
        result.options().sliceSize());
    text.line(
        "memory: %,d bytes a packed row, %,.1f MB of buffers a core",
        result.averaging().rowBytes(), result.averaging().bufferBytes() / 1e6);
    for (ExecutorSpeed executor : result.executors()) {
      text.line(
          "executor %s on %s: %s, sgemm %.1f GFLOP/s on one thread",
          executor.executor(), executor.host(), executor.blas(), executor.sgemmGflops());
    }
    text.line("");
    text.line(
        "peak, %d cores        %,12.0f rows/s if every core did nothing but multiply",
        result.cores(), result.peakRowsPerSecond());
    text.line(
        "kernel               %,12.0f rows/s  %3.0f %% of the peak",
        result.kernel(), 100 * result.kernelShare());
    text.training("gradient averaging  ", result, result.averaging());
    text.training("local steps         ", result, result.local());
    text.line(
        "                     with --local-steps %s --workers %d",
        result.local().localSteps(), result.workers());
    text.line("");
    text.line("empty Spark job      %8.2f ms", result.emptyJob());
    text.round("gradient round", result.averaging());
    text.round("local steps round", result.local());
    text.line("");
    result.advice().forEach(text::line);
    return text.text.toString().strip();
  }

  private void training(String name, BenchmarkResult result, TrainingSpeed speed) {
    line(
        "%s %,12.0f rows/s  %3.0f %% of the kernel",
        name, speed.rowsPerSecond(), 100 * speed.rowsPerSecond() / result.kernel());
  }

  private void round(String name, TrainingSpeed speed) {
    TrainingSpeed.Parts round = speed.round();
    line(
        "%-20s %8.2f ms: broadcast %.2f, compute %.2f, schedule and collect %.2f, reduce and update %.2f",
        name, round.total(), round.broadcast(), round.compute(), round.collect(), round.update());
  }

  private void line(String format, Object... values) {
    text.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
    text.append('\n');
  }
}
