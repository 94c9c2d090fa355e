package org.sparkprop.train;

/** An algorithm whose rounds are known before the epoch begins, each with one update. */
sealed interface ScheduledAlgorithm extends Algorithm permits GradientAveraging, LocalSgd {
  /** The rounds of an epoch, in order. */
  Iterable<Round> rounds(int epoch);

  /** On the driver: the update of a round, in place. */
  void update(TrainingState state, Round round, Completion sums, Team team);
}
