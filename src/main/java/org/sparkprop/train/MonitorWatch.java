package org.sparkprop.train;

import java.lang.System.Logger;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.sparkprop.eval.Metric;
import org.sparkprop.train.options.Stopping;

/** Warns, once, when a figure that steers the run has no value on the validation rows. */
final class MonitorWatch {
  private static final Logger LOG = System.getLogger(MonitorWatch.class.getName());

  private final Stopping stopping;
  private final Set<Metric> said = EnumSet.noneOf(Metric.class);

  MonitorWatch(Stopping stopping) {
    this.stopping = stopping;
  }

  /**
   * An epoch has been validated.
   *
   * @param figures those that have a value
   */
  void epochDone(int epoch, Map<Metric, Double> figures) {
    for (Metric metric : stopping.steering()) {
      if (Double.isNaN(figures.getOrDefault(metric, Double.NaN)) && said.add(metric)) {
        LOG.log(
            Logger.Level.WARNING,
            "the validation {0} has no value after epoch {1}: no such epoch is the best, patience and plateaus do not count it, and if all are such, the model is that of the last",
            metric.word(),
            Integer.toString(epoch));
      }
    }
  }
}
