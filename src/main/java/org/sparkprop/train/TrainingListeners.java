package org.sparkprop.train;

import java.util.List;
import org.sparkprop.model.EpochRecord;

/** Several listeners as one, told in their order. */
public record TrainingListeners(List<TrainingListener> listeners) implements TrainingListener {
  public TrainingListeners {
    listeners = List.copyOf(listeners);
  }

  public static TrainingListener of(TrainingListener... listeners) {
    return new TrainingListeners(List.of(listeners));
  }

  @Override
  public void started(TrainingFacts facts) {
    listeners.forEach(listener -> listener.started(facts));
  }

  @Override
  public void localStepsChosen(StepsPerRound steps) {
    listeners.forEach(listener -> listener.localStepsChosen(steps));
  }

  @Override
  public void roundDone(RoundRecord round) {
    listeners.forEach(listener -> listener.roundDone(round));
  }

  @Override
  public void epochDone(EpochRecord epoch) {
    listeners.forEach(listener -> listener.epochDone(epoch));
  }
}
