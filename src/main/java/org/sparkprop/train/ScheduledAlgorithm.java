package org.sparkprop.train;

import org.sparkprop.train.ReductionTree.Completion;

/** An algorithm whose rounds are known before the epoch begins, each with one update. */
sealed interface ScheduledAlgorithm extends Algorithm permits GradientAveraging, LocalSteps {
  /** The rounds of an epoch, in order. */
  Iterable<Round> rounds(int epoch);

  /** On the driver: the update of a round, in place. */
  void update(TrainingState state, Round round, Completion sums, Team team);

  @Override
  default boolean isWholeBetweenRounds() {
    return true;
  }

  @Override
  default Epoch run(TrainingState state, Runner runner, Team team) {
    long done = runner.done();
    long number = 0;
    for (Round round : rounds(runner.epoch())) {
      if (number++ < done) {
        continue;
      }
      runner.run(round, sums -> update(state, round, sums, team));
      if (runner.isOver()) {
        break;
      }
    }
    return new Epoch(runner.loss(), null);
  }
}
