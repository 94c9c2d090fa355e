package org.sparkprop.train;

import java.util.List;
import java.util.function.Function;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.train.checkpoint.ResumePoint;
import org.sparkprop.train.options.LocalSteps;

/** Several listeners as one, told in their order. */
public record TrainingListeners(List<TrainingListener> listeners) implements TrainingListener {
  public TrainingListeners {
    listeners = List.copyOf(listeners);
  }

  public static TrainingListener of(TrainingListener... listeners) {
    return new TrainingListeners(List.of(listeners));
  }

  @Override
  public void resumed(ResumePoint from) {
    listeners.forEach(listener -> listener.resumed(from));
  }

  @Override
  public void started(RunInfo facts) {
    listeners.forEach(listener -> listener.started(facts));
  }

  @Override
  public void localStepsChosen(LocalSteps steps) {
    listeners.forEach(listener -> listener.localStepsChosen(steps));
  }

  @Override
  public Verdict roundDone(RoundRecord round) {
    return all(listener -> listener.roundDone(round));
  }

  @Override
  public Verdict epochDone(EpochRecord epoch) {
    return all(listener -> listener.epochDone(epoch));
  }

  /** Tells each of them; one is enough to stop. */
  private Verdict all(Function<TrainingListener, Verdict> tell) {
    Verdict together = Verdict.CONTINUE;
    for (TrainingListener listener : listeners) {
      if (tell.apply(listener) == Verdict.STOP) {
        together = Verdict.STOP;
      }
    }
    return together;
  }
}
