package org.sparkprop.train;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.concurrent.atomic.LongAdder;

/**
 * The work that the tasks of this JVM have done for a Spark application, for its metrics system:
 * all of it, so that rows of a task that ran twice count twice.
 */
public final class ExecutorMetrics {
  private static volatile ExecutorMetrics current = new ExecutorMetrics();

  private final Counter rows = new Counter();
  private final Counter slices = new Counter();
  private final LongAdder nanos = new LongAdder();

  private ExecutorMetrics() {}

  /** Begins anew, under names that the driver does not use: in local mode both are in one place. */
  public static void register(MetricRegistry registry) {
    ExecutorMetrics metrics = new ExecutorMetrics();
    Gauge<Double> seconds = () -> metrics.nanos.sum() / 1e9;
    registry.register("rowsTrained", metrics.rows);
    registry.register("slices", metrics.slices);
    registry.register("secondsComputing", seconds);
    current = metrics;
  }

  /** A gradient of so many rows has been computed. */
  static void slice(int rows) {
    ExecutorMetrics metrics = current;
    metrics.rows.inc(rows);
    metrics.slices.inc();
  }

  /** A task has computed for so long. */
  static void task(long nanos) {
    current.nanos.add(nanos);
  }
}
