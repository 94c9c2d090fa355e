package org.sparkprop.train.options;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sparkprop.eval.Metric;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.LearningTask;
import org.sparkprop.optim.GrowingSample;

/**
 * Which epoch is the best, and when a run ends before its last.
 *
 * @param monitor what tells the best epoch; on the validation rows where there are any
 * @param patience epochs without a better value after which the run ends; null for never
 * @param minDelta by how much a value must be better for patience to begin anew
 * @param maxSeconds the run ends at the first round that is done later; null for never
 * @param target the run ends at the first epoch that reaches it; null for none
 */
public record Stopping(
    Metric monitor,
    @Nullable Integer patience,
    double minDelta,
    @Nullable Double maxSeconds,
    @Nullable Target target) {
  /** A value of a metric on the validation rows. */
  public record Target(Metric metric, double value) {
    public Target {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "Invalid target: %s=%s (must be a finite number)".formatted(metric.word(), value));
      }
    }

    /**
     * The target that a word such as {@code accuracy=0.98} names.
     *
     * @throws IllegalArgumentException if the word does not read so
     */
    public static Target parse(String word) {
      String[] parts = word.split("=", 2);
      if (parts.length == 2) {
        try {
          return new Target(Metric.of(parts[0]), Double.parseDouble(parts[1].trim()));
        } catch (NumberFormatException notANumber) {
          // refused below, like any other word
        }
      }
      throw new IllegalArgumentException(
          "Invalid target: %s (must be a metric and a value, such as accuracy=0.98)"
              .formatted(word.trim()));
    }

    public boolean isReachedBy(double found) {
      return metric.higherIsBetter() ? found >= value : found <= value;
    }

    /** The word that {@link #parse} reads. */
    @Override
    public String toString() {
      return metric.word() + "=" + value;
    }
  }

  public Stopping {
    if (minDelta > 0 && patience == null) {
      throw new IllegalArgumentException(
          "Invalid minimal delta: %s without --patience (give it, too)".formatted(minDelta));
    }
  }

  /**
   * Refuses what a run cannot measure.
   *
   * @param last the last layer
   * @param validated whether there are validation rows
   * @throws IllegalArgumentException naming the metric
   */
  void checkCompatible(LearningTask task, LayerSpec last, boolean validated) {
    monitor.checkCompatible("monitor", task, last);
    if (monitor != Metric.LOSS && !validated) {
      throw new IllegalArgumentException(
          "Invalid monitor: %s without --validation (give it, too, or monitor the loss)"
              .formatted(monitor.word()));
    }
    if (target != null) {
      target.metric().checkCompatible("target", task, last);
      if (!validated) {
        throw new IllegalArgumentException(
            "Invalid target: %s without --validation (give it, too)".formatted(target));
      }
    }
  }

  /**
   * Refuses patience with losses that are of other rows from epoch to epoch.
   *
   * @param validated whether there are validation rows, which stay the same
   * @throws IllegalArgumentException naming both options
   */
  void checkCompatible(GrowingSample sample, boolean validated) {
    if (patience != null && !validated && sample.doublings() > 0) {
      throw new IllegalArgumentException(
          "Invalid patience: %d with --sample-doublings %d and without --validation (give it, too: training losses are of more and more rows)"
              .formatted(patience, sample.doublings()));
    }
  }

  /** The metrics that tell the best epoch, or when to end. */
  public Set<Metric> steering() {
    Set<Metric> steering = EnumSet.of(monitor);
    if (target != null) {
      steering.add(target.metric());
    }
    return steering;
  }

  /** Whether the order of all rows by their outputs has to be known in each epoch. */
  public boolean needsRanking() {
    return monitor.needsRanking() || (target != null && target.metric().needsRanking());
  }
}
