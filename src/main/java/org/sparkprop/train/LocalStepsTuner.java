package org.sparkprop.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.ToDoubleFunction;

/**
 * Measures how many local steps make communication a tenth of the time: rounds are run from the
 * first state, and what they reach is thrown away.
 */
final class LocalStepsTuner {
  /** Computing is to take this many times as long as everything else in a round. */
  private static final int COMPUTE_TO_REST = 9;

  /** A first guess; enough that a step is more than the call around it. */
  private static final long TRIAL_STEPS = 16;

  /** The JIT has compiled what counts by then; as long again is measured. */
  private static final double WARM_UP_SECONDS = 1.5;

  private static final int MIN_ROUNDS = 5;

  private LocalStepsTuner() {}

  /**
   * The number of steps for a run.
   *
   * @param algorithm local steps, so many a round
   * @param rounds runs the rounds of such an algorithm; closed by the caller
   * @param first the state before the first step; changed
   */
  static long measure(
      LongFunction<LocalSgd> algorithm,
      Function<LocalSgd, SparkRoundRunner> rounds,
      TrainingState first) {
    LocalSgd trial = algorithm.apply(TRIAL_STEPS);
    Round round = trial.rounds(1).iterator().next();
    List<RoundRecord.Times> times = new ArrayList<>();
    try (SparkRoundRunner onSpark = rounds.apply(trial);
        Team team = new Team(Runtime.getRuntime().availableProcessors())) {
      long start = System.nanoTime();
      double seconds = 0;
      while (seconds < 2 * WARM_UP_SECONDS || times.size() < MIN_ROUNDS) {
        RoundRunner.Returned returned = onSpark.run(first, round);
        long update = System.nanoTime();
        trial.update(first, round, Completion.of(returned.nodes()), team);
        if (seconds >= WARM_UP_SECONDS) {
          times.add(RoundRecord.Times.of(returned, System.nanoTime() - update));
        }
        seconds = (System.nanoTime() - start) / 1e9;
      }
    }
    double compute = median(times, RoundRecord.Times::compute);
    double rest = median(times, one -> one.total() - one.compute());
    double step = compute / round.steps();
    long steps = (long) Math.ceil(COMPUTE_TO_REST * rest / step);
    return Math.max(2, Math.min(steps, trial.stepsPerEpoch()));
  }

  private static double median(
      List<RoundRecord.Times> times, ToDoubleFunction<RoundRecord.Times> part) {
    double[] sorted = times.stream().mapToDouble(part).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
