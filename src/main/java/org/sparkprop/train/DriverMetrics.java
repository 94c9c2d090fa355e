package org.sparkprop.train;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.train.checkpoint.ResumePoint;

/**
 * The numbers of the run that this JVM drives, for Spark's metrics system; of the one that has
 * begun last, if there are several. What is not known is NaN, which Prometheus understands.
 */
public final class DriverMetrics {
  private static volatile DriverMetrics current = new DriverMetrics();

  private volatile int epoch;
  private volatile long round;
  private volatile double loss = Double.NaN;
  private volatile double validationLoss = Double.NaN;
  private volatile double validationAccuracy = Double.NaN;
  private volatile double learningRate = Double.NaN;
  private volatile double rowsPerSecond = Double.NaN;
  private final Timer roundTime = new Timer();

  /** The run that reports: the one that has begun last. */
  private @Nullable OfRun reporting;

  private DriverMetrics() {}

  /** A listener that reports one run, unless another begins after it. */
  static TrainingListener ofNewRun() {
    return new OfRun(current);
  }

  /** Begins anew, for another application, under names that no executor uses. */
  public static void register(MetricRegistry registry) {
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

  /** Reports a run for as long as no other has begun: figures of two never mix. */
  private static final class OfRun implements TrainingListener {
    private final DriverMetrics metrics;
    private int epoch;
    private long rounds;
    private long rowsBefore;

    OfRun(DriverMetrics metrics) {
      this.metrics = metrics;
    }

    @Override
    public void started(RunInfo facts) {
      synchronized (metrics) {
        metrics.reporting = this;
        metrics.epoch = 0;
        metrics.round = 0;
        metrics.loss = Double.NaN;
        metrics.validationLoss = Double.NaN;
        metrics.validationAccuracy = Double.NaN;
        metrics.learningRate = facts.options().optimizer().learningRate();
        metrics.rowsPerSecond = Double.NaN;
      }
    }

    @Override
    public void resumed(ResumePoint from) {
      rounds = from.rounds();
      rowsBefore = from.rows();
      report(
          () -> {
            metrics.epoch = from.epoch();
            metrics.round = rounds;
          });
      epoch = from.epoch();
    }

    @Override
    public Verdict roundDone(RoundRecord done) {
      long rows = done.epoch() == epoch ? done.rows() - rowsBefore : done.rows();
      double seconds = done.times().total();
      epoch = done.epoch();
      rounds++;
      rowsBefore = done.rows();
      report(
          () -> {
            metrics.epoch = done.epoch();
            metrics.round = rounds;
            metrics.loss = done.loss();
            metrics.learningRate = done.learningRate();
            metrics.rowsPerSecond = rows / seconds;
            metrics.roundTime.update((long) (seconds * 1e9), TimeUnit.NANOSECONDS);
          });
      return Verdict.CONTINUE;
    }

    @Override
    public Verdict epochDone(EpochRecord done) {
      report(
          () -> {
            metrics.loss = done.loss();
            metrics.validationLoss = orNaN(done.validationLoss());
            metrics.validationAccuracy = orNaN(done.validationAccuracy());
            metrics.learningRate = done.learningRate();
            metrics.rowsPerSecond = done.rowsPerSecond();
          });
      return Verdict.CONTINUE;
    }

    private void report(Runnable figures) {
      synchronized (metrics) {
        if (metrics.reporting == this) {
          figures.run();
        }
      }
    }
  }

  private static void gauge(MetricRegistry registry, String name, Gauge<Number> gauge) {
    registry.register(name, gauge);
  }

  private static double orNaN(@Nullable Double value) {
    return value == null ? Double.NaN : value;
  }
}
