package org.sparkprop.train;

import org.sparkprop.model.EpochRecord;
import org.sparkprop.train.checkpoint.ResumePoint;
import org.sparkprop.train.options.LocalSteps;

/** Watches a training run, and may end it. */
public interface TrainingListener {
  /** The rows are packed and the first round is next. */
  default void started(RunInfo facts) {}

  /** The run goes on from a checkpoint, with the next round. */
  default void resumed(ResumePoint from) {}

  /** {@code --local-steps auto} has measured, and this is the number for such a run. */
  default void localStepsChosen(LocalSteps steps) {}

  /** A round is done. */
  default Verdict roundDone(RoundRecord round) {
    return Verdict.CONTINUE;
  }

  /** An epoch and its validation are done. */
  default Verdict epochDone(EpochRecord epoch) {
    return Verdict.CONTINUE;
  }
}
