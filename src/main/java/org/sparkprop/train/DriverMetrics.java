package org.sparkprop.train;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sparkprop.model.EpochRecord;

/**
 * The numbers of the run that this JVM drives, for Spark's metrics system; of the one that reported
 * last, if there are several. What is not known is NaN, which Prometheus understands.
 */
final class DriverMetrics implements TrainingListener {
  private static volatile DriverMetrics current = new DriverMetrics();

  private volatile int epoch;
  private volatile long round;
  private volatile double loss = Double.NaN;
  private volatile double validationLoss = Double.NaN;
  private volatile double validationAccuracy = Double.NaN;
  private volatile double learningRate = Double.NaN;
  private volatile double rowsPerSecond = Double.NaN;
  private final Timer roundTime = new Timer();

  // What only the thread that trains uses.
  private long rounds;
  private long rowsBefore;

  private DriverMetrics() {}

  /** Those of the Spark application of this JVM. */
  static DriverMetrics current() {
    return current;
  }

  /** Begins anew, for another application, under names that no executor uses. */
  static void register(MetricRegistry registry) {
    DriverMetrics metrics = new DriverMetrics();
    gauge(registry, "epoch", () -> metrics.epoch);
    gauge(registry, "round", () -> metrics.round);
    gauge(registry, "loss", () -> metrics.loss);
    gauge(registry, "validationLoss", () -> metrics.validationLoss);
    gauge(registry, "validationAccuracy", () -> metrics.validationAccuracy);
    gauge(registry, "learningRate", () -> metrics.learningRate);
    gauge(registry, "rowsPerSecond", () -> metrics.rowsPerSecond);
    registry.register("roundTime", metrics.roundTime);
    current = metrics;
  }

  @Override
  public void started(TrainingFacts facts) {
    epoch = 0;
    round = 0;
    rounds = 0;
    rowsBefore = 0;
    loss = Double.NaN;
    validationLoss = Double.NaN;
    validationAccuracy = Double.NaN;
    learningRate = facts.options().optimizer().learningRate();
    rowsPerSecond = Double.NaN;
  }

  @Override
  public void resumed(Resumption from) {
    epoch = from.epoch();
    rounds = from.rounds();
    round = rounds;
    rowsBefore = from.rows();
  }

  @Override
  public Verdict roundDone(RoundRecord done) {
    long rows = done.epoch() == epoch ? done.rows() - rowsBefore : done.rows();
    double seconds = done.times().total();
    epoch = done.epoch();
    rounds++;
    round = rounds;
    rowsBefore = done.rows();
    loss = done.loss();
    learningRate = done.learningRate();
    rowsPerSecond = rows / seconds;
    roundTime.update((long) (seconds * 1e9), TimeUnit.NANOSECONDS);
    return Verdict.CONTINUE;
  }

  @Override
  public Verdict epochDone(EpochRecord done) {
    loss = done.loss();
    validationLoss = orNaN(done.validationLoss());
    validationAccuracy = orNaN(done.validationAccuracy());
    learningRate = done.learningRate();
    rowsPerSecond = done.rowsPerSecond();
    return Verdict.CONTINUE;
  }

  private static void gauge(MetricRegistry registry, String name, Gauge<Number> gauge) {
    registry.register(name, gauge);
  }

  private static double orNaN(@Nullable Double value) {
    return value == null ? Double.NaN : value;
  }
}
