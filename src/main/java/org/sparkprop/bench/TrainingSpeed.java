package org.sparkprop.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.train.RoundRecord;
import org.sparkprop.train.RunInfo;
import org.sparkprop.train.Training;
import org.sparkprop.train.TrainingListener;
import org.sparkprop.train.Verdict;
import org.sparkprop.train.options.LocalSteps;
import org.sparkprop.train.options.TrainingOptions;
import org.sparkprop.train.options.TrainingOptionsBuilder;

/**
 * Whole training runs: rounds, updates and all.
 *
 * @param rowsPerSecond median over epochs
 * @param localSteps steps a round
 * @param rowBytes of a packed row
 * @param bufferBytes that each thread of a task computes in
 * @param round medians of the parts of a round, in milliseconds
 */
public record TrainingSpeed(
    double rowsPerSecond, LocalSteps localSteps, long rowBytes, long bufferBytes, Parts round) {
  /** The parts of a round, in milliseconds; {@code total} is the median of totals. */
  public record Parts(
      double total, double broadcast, double compute, double collect, double update) {}

  /**
   * Trains for about {@code seconds}, after as long a warm-up.
   *
   * @param options their number of epochs does not count
   */
  static TrainingSpeed measure(
      SparkSession spark, Dataset<Row> rows, TrainingOptionsBuilder options, double seconds) {
    double epochSeconds = run(spark, rows, options.epochs(1).build()).seconds();
    options.epochs(epochs(seconds, epochSeconds));
    Run warm = run(spark, rows, options.build());
    options.epochs(epochs(seconds, warm.seconds()));
    return run(spark, rows, options.build()).speed();
  }

  private static int epochs(double seconds, double epochSeconds) {
    return (int) Math.max(2, Math.min(1000, Math.ceil(seconds / epochSeconds)));
  }

  private record Run(TrainingSpeed speed, double seconds) {}

  private static Run run(SparkSession spark, Dataset<Row> rows, TrainingOptions options) {
    List<RoundRecord.Times> times = new ArrayList<>();
    List<RunInfo> started = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void started(RunInfo facts) {
            started.add(facts);
          }

          @Override
          public Verdict roundDone(RoundRecord round) {
            times.add(round.times());
            return Verdict.CONTINUE;
          }
        };
    Training.Result result = new Training(spark, options, listener).run(rows, "generated rows");
    List<EpochRecord> history = result.history();
    Parts parts =
        new Parts(
            1e3 * median(times, RoundRecord.Times::total),
            1e3 * median(times, RoundRecord.Times::broadcast),
            1e3 * median(times, RoundRecord.Times::compute),
            1e3 * median(times, RoundRecord.Times::collect),
            1e3 * median(times, RoundRecord.Times::update));
    return new Run(
        new TrainingSpeed(
            median(history, EpochRecord::rowsPerSecond),
            result.options().localSteps(),
            started.get(0).rowBytes(),
            started.get(0).bufferBytes(),
            parts),
        history.get(history.size() - 1).seconds());
  }

  private static <T> double median(List<T> values, ToDoubleFunction<T> of) {
    return values.stream().mapToDouble(of).sorted().skip(values.size() / 2).findFirst().orElse(0);
  }
}
