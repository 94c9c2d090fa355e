package org.sparkprop.train;

import java.util.List;
import org.sparkprop.data.Shard;

/** The same sums without Spark, on the threads of one task, for tests with thousands of rounds. */
record LocalRoundRunner(TaskSetup setup, List<Shard> shards) implements RoundRunner {
  @Override
  public Returned run(TrainingState state, Round round) {
    Algorithm algorithm = setup.algorithm();
    try (Team team = new Team(setup.threads())) {
      return new Returned(
          algorithm.sums(setup, algorithm.sent(state), round, shards.iterator(), team), 0, 0, 0);
    }
  }
}
