package org.sparkprop.train;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sparkprop.eval.Metric;
import org.sparkprop.train.checkpoint.Checkpoint;
import org.sparkprop.train.options.Stopping;

/** What {@link Stopping} comes to, epoch after epoch: values are compared with the best so far. */
public final class EarlyStopping {
  private final Stopping stopping;
  private final boolean validated;

  /** The best value so far, and that of the epoch from which patience counts. */
  private double best = Double.NaN;

  private double reference = Double.NaN;
  private int epochsSinceReference;

  /**
   * @param validated whether there are validation rows; without, the last epoch is the best, since
   *     a training loss is measured along the way
   */
  EarlyStopping(Stopping stopping, boolean validated) {
    this.stopping = stopping;
    this.validated = validated;
  }

  /** What the epochs so far have left, to be kept. */
  Checkpoint.Stopping memory() {
    return new Checkpoint.Stopping(best, reference, epochsSinceReference);
  }

  /** Goes on after the epochs that led there. */
  void resumeAt(Checkpoint.Stopping memory) {
    best = memory.best();
    reference = memory.reference();
    epochsSinceReference = memory.epochsSinceReference();
  }

  /**
   * Takes the values of an epoch, and says whether it is the best so far.
   *
   * @param metrics on the validation rows, or the training loss alone where there are none
   */
  boolean isBest(Map<Metric, Double> metrics) {
    double value = metrics.getOrDefault(stopping.monitor(), Double.NaN);
    if (Double.isNaN(value)) {
      return !validated; // such an epoch tells nothing, and patience does not count it
    }
    if (isBetter(value, reference, stopping.minDelta())) {
      reference = value;
      epochsSinceReference = 0;
    } else {
      epochsSinceReference++;
    }
    if (isBetter(value, best, 0)) {
      best = value;
      return true;
    }
    return !validated;
  }

  /** Why the run should end with the epoch that was taken last; null if it should not. */
  @Nullable String reasonToEnd(Map<Metric, Double> metrics) {
    Stopping.Target target = stopping.target();
    if (target != null && target.isReachedBy(metrics.getOrDefault(target.metric(), Double.NaN))) {
      return "%s is reached".formatted(target);
    }
    Integer patience = stopping.patience();
    if (patience != null && epochsSinceReference >= patience) {
      return "the %s %s has not improved%s for %d %s"
          .formatted(
              validated ? "validation" : "training",
              stopping.monitor().word(),
              stopping.minDelta() > 0 ? " by more than " + stopping.minDelta() : "",
              patience,
              patience == 1 ? "epoch" : "epochs");
    }
    return null;
  }

  private boolean isBetter(double value, double than, double by) {
    double gain = stopping.monitor().higherIsBetter() ? value - than : than - value;
    return Double.isNaN(than) || gain > by;
  }
}
