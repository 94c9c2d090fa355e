package org.sparkprop.train;

import org.sparkprop.nn.Topology;
import org.sparkprop.optim.RunLength;
import org.sparkprop.train.options.LocalSteps;
import org.sparkprop.train.options.TrainingOptions;

/** The algorithms that the options of a run leave to choose from, over its packed rows. */
final class Algorithms {
  private final TrainingOptions options;
  private final int[] rowsOfShard;
  private final Topology topology;

  Algorithms(TrainingOptions options, int[] rowsOfShard, Topology topology) {
    this.options = options;
    this.rowsOfShard = rowsOfShard;
    this.topology = topology;
  }

  /** The one that takes so many steps a round. */
  Algorithm of(LocalSteps steps) {
    if (!steps.equals(LocalSteps.ONE)) {
      return localSteps(steps.steps());
    }
    int sliceSize = options.sliceSize();
    long seed = options.seed();
    return options.optimizer().rule().isFullBatch()
        ? new FullBatch(rowsOfShard, sliceSize, seed, topology, options.optimizer())
        : new GradientAveraging(
            new BatchSchedule(rowsOfShard, options.batchSize(), sliceSize, seed));
  }

  /** Local steps, even if it is one. */
  LocalSgd localSteps(long stepsPerRound) {
    return new LocalSgd(
        rowsOfShard,
        options.workers(),
        stepsPerRound,
        options.batchSize(),
        options.sliceSize(),
        options.seed(),
        options.optimizer(),
        options.epochs());
  }

  /**
   * The state before the first local step.
   *
   * @param parameters worked on in place
   */
  TrainingState firstState(float[] parameters) {
    return TrainingState.start(
        parameters,
        topology,
        options.optimizer(),
        new RunLength(localSteps(1).stepsPerEpoch(), options.epochs()));
  }
}
