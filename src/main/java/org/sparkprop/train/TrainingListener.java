package org.sparkprop.train;

import org.sparkprop.model.EpochRecord;

/** Watches a training run; nothing it does changes the run. */
public interface TrainingListener {
  /** The rows are packed and the first round is next. */
  default void started(TrainingFacts facts) {}

  /** {@code --local-steps auto} has measured, and this is the number for such a run. */
  default void localStepsChosen(StepsPerRound steps) {}

  /** A round is done. */
  default void roundDone(RoundRecord round) {}

  /** An epoch and its validation are done. */
  default void epochDone(EpochRecord epoch) {}

  /**
   * The run ends with this epoch, since another would change nothing.
   *
   * @param reason in words
   */
  default void converged(int epoch, String reason) {}
}
