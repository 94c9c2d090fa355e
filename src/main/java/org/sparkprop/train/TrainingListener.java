package org.sparkprop.train;

import org.sparkprop.model.EpochRecord;

/** Watches a training run; nothing it does changes the run. */
public interface TrainingListener {
  /** The rows are packed and the first round is next. */
  default void started(TrainingFacts facts) {}

  /**
   * A round is done.
   *
   * @param rows rows of this epoch that have been used so far
   * @param loss mean loss of the rows of this round
   */
  default void roundDone(int epoch, long rows, double loss) {}

  /** An epoch and its validation are done. */
  default void epochDone(EpochRecord epoch) {}
}
