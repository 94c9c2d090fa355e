package org.sparkprop.train;

import org.sparkprop.train.ReductionTree.Completion;

/** An algorithm whose rounds are known before the epoch begins, each with one update. */
sealed interface ScheduledAlgorithm extends Algorithm permits GradientAveraging, LocalSteps {
  /** The rounds of an epoch, in order. */
  Iterable<Round> rounds(int epoch);

  /** On the driver: the update of a round, in place. */
  void update(TrainingState state, Round round, Completion sums, Team team);

  @Override
  default Epoch run(TrainingState state, int epoch, Runner runner, Team team) {
    double loss = 0;
    double weight = 0;
    for (Round round : rounds(epoch)) {
      Sums used = runner.run(round, sums -> update(state, round, sums, team));
      loss += used.loss();
      weight += used.weight();
      if (runner.isOver()) {
        break;
      }
    }
    return new Epoch(loss / weight, null);
  }
}
