package org.sparkprop.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparkprop.nn.Network;
import org.sparkprop.train.options.TrainingOptions;

/**
 * What a benchmark found.
 *
 * @param cores of all executors
 * @param kernel rows a second of the kernel alone, on all cores
 * @param emptyJob milliseconds of a Spark job that does nothing
 * @param workers of the run with local steps
 */
public record BenchmarkResult(
    Network network,
    TrainingOptions options,
    List<ExecutorSpeed> executors,
    int cores,
    double kernel,
    double emptyJob,
    TrainingSpeed averaging,
    int workers,
    TrainingSpeed local) {
  /** Below this share of a round, computing is not what limits it. */
  private static final double MUCH = 0.7;

  private static final double LITTLE = 0.4;

  /** Ten to the ninth operations a second if every core multiplied matrices all the time. */
  public double peakGflops() {
    return cores * executors.stream().mapToDouble(ExecutorSpeed::sgemmGflops).average().orElse(0);
  }

  /** Rows a second of that. */
  public double peakRowsPerSecond() {
    return 1e9 * peakGflops() / KernelSpeed.operationsPerRow(network.topology());
  }

  /** What the kernel reaches of that. */
  public double kernelShare() {
    return kernel / peakRowsPerSecond();
  }

  /** What limits training here, and what would help, a sentence each. */
  public List<String> advice() {
    List<String> advice = new ArrayList<>();
    TrainingSpeed.Parts round = averaging.round();
    double computing = round.compute() / round.total();
    long slices =
        (options.batchSize() + options.sliceSize() - 1) / Math.max(1, options.sliceSize());
    if (computing >= MUCH) {
      advice.add(
          "Gradient averaging spends %.0f %% of a round computing: more cores would pay, up to the %,d slices of a batch."
              .formatted(100 * computing, slices));
    } else if (computing >= LITTLE) {
      advice.add(
          "Gradient averaging spends %.0f %% of a round computing; a larger --batch-size or --local-steps would use the cores better before more executors do."
              .formatted(100 * computing));
    } else {
      advice.add(
          "Gradient averaging spends %.0f %% of a round computing: what limits it is the %.1f ms around it, which more executors would not shorten. A larger --batch-size or --local-steps would."
              .formatted(100 * computing, round.total() - round.compute()));
    }
    if (slices < cores) {
      advice.add(
          "A batch of %,d rows has %,d slices, fewer than the %,d cores: give a larger --batch-size or a smaller --slice-size."
              .formatted(options.batchSize(), slices, cores));
    }
    if (local.rowsPerSecond() > 1.2 * averaging.rowsPerSecond()) {
      advice.add(
          "--local-steps %s --workers %d is %.1f times as fast as gradient averaging; it is another algorithm, so compare the accuracy."
              .formatted(
                  local.localSteps(), workers, local.rowsPerSecond() / averaging.rowsPerSecond()));
    }
    return advice;
  }

  /** All figures by name, for a file. */
  public Map<String, Object> toFigures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("network", network.topology().toString());
    figures.put("parameters", network.topology().parameterCount());
    figures.put("batch_size", options.batchSize());
    figures.put("slice_size", options.sliceSize());
    figures.put("optimizer", options.optimizer().toString());
    figures.put("bytes_per_row", averaging.rowBytes());
    figures.put("buffer_bytes_per_core", averaging.bufferBytes());
    figures.put("executors", executors);
    figures.put("cores", cores);
    figures.put("peak_gflops", peakGflops());
    figures.put("kernel_rows_per_second", kernel);
    figures.put("kernel_share_of_peak", kernelShare());
    figures.put("empty_job_ms", emptyJob);
    figures.put("gradient_averaging", figures(averaging));
    Map<String, Object> ofLocal = figures(local);
    ofLocal.put("workers", workers);
    ofLocal.put("local_steps", local.localSteps().toString());
    figures.put("local_steps", ofLocal);
    figures.put("advice", advice());
    return figures;
  }

  private Map<String, Object> figures(TrainingSpeed speed) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("rows_per_second", speed.rowsPerSecond());
    figures.put("share_of_kernel", speed.rowsPerSecond() / kernel);
    figures.put("round_ms", speed.round());
    return figures;
  }
}
