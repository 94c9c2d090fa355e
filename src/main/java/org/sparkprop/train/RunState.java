package org.sparkprop.train;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.base.Stopwatch;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;
import org.sparkprop.optim.Plateau;
import org.sparkprop.optim.RunLength;
import org.sparkprop.train.checkpoint.Checkpoint;
import org.sparkprop.train.options.TrainingOptions;

/** What a run has come to: all that the rest of it depends on, which is what a checkpoint keeps. */
final class RunState {
  private final TrainingState state;
  private final EarlyStopping stopping;
  private final Plateau plateau;
  private final List<EpochRecord> history;
  private final Stopwatch watch;

  /** The best parameters so far; those that are worked on until an epoch is done. */
  private float[] best;

  private EpochState epoch;
  private long roundsBeforeEpoch;

  private RunState(
      TrainingState state,
      EarlyStopping stopping,
      Plateau plateau,
      List<EpochRecord> history,
      Stopwatch watch,
      float[] best,
      EpochState epoch,
      long roundsBeforeEpoch) {
    this.state = state;
    this.stopping = stopping;
    this.plateau = plateau;
    this.history = history;
    this.watch = watch;
    this.best = best;
    this.epoch = epoch;
    this.roundsBeforeEpoch = roundsBeforeEpoch;
  }

  /**
   * Before the first round.
   *
   * @param parameters worked on in place
   * @param validated whether there are validation rows
   */
  static RunState start(
      float[] parameters,
      TrainingOptions options,
      Topology topology,
      RunLength length,
      boolean validated) {
    return new RunState(
        TrainingState.start(parameters, topology, options.optimizer(), length),
        new EarlyStopping(options.stopping(), validated),
        plateau(options),
        new ArrayList<>(),
        new Stopwatch(0),
        parameters,
        new EpochState(1),
        0);
  }

  /**
   * Where another run was; the vectors become this one's own.
   *
   * @throws InvalidInputException if they are not those of such a run
   */
  static RunState resumed(
      Checkpoint from,
      TrainingOptions options,
      Topology topology,
      RunLength length,
      boolean validated) {
    Checkpoint.Numbers numbers = from.numbers();
    from.checkCompatible(topology);
    TrainingState state =
        TrainingState.resumed(
            from.parameters(), from.optimizer(), numbers, topology, options.optimizer(), length);
    EarlyStopping stopping = new EarlyStopping(options.stopping(), validated);
    stopping.resumeAt(numbers.stopping());
    Plateau plateau = plateau(options);
    plateau.resumeAt(numbers.plateau());
    return new RunState(
        state,
        stopping,
        plateau,
        new ArrayList<>(from.history()),
        new Stopwatch(numbers.seconds()),
        from.best(),
        new EpochState(numbers.epoch()),
        numbers.rounds() - numbers.epoch().rounds());
  }

  private static Plateau plateau(TrainingOptions options) {
    return new Plateau(
        options.optimizer().schedule().curve(), !options.stopping().monitor().higherIsBetter());
  }

  /** All of it, now, as long as there is a further round. */
  Checkpoint checkpoint() {
    return checkpoint(null);
  }

  /**
   * All of it, now. The vectors are those that are worked on.
   *
   * @param ending why there is no further round; null if there is one
   */
  Checkpoint checkpoint(@Nullable String ending) {
    Checkpoint.Numbers numbers =
        new Checkpoint.Numbers(
            epoch.numbers(),
            rounds(),
            seconds(),
            state.steps(),
            state.rateFactor(),
            state.objective(),
            stopping.memory(),
            plateau.memory());
    return Checkpoint.of(numbers, state.vectors(), best, history, ending);
  }

  TrainingState state() {
    return state;
  }

  EarlyStopping stopping() {
    return stopping;
  }

  Plateau plateau() {
    return plateau;
  }

  EpochState epoch() {
    return epoch;
  }

  /** The next epoch is the one that is worked on. */
  void endEpoch(EpochRecord record) {
    history.add(record);
    roundsBeforeEpoch += epoch.rounds();
    epoch = new EpochState(epoch.number() + 1);
  }

  /** The last mean loss of a row that is known, before further rounds; 0 if there is none. */
  double lastLoss(Network network) {
    if (epoch.weight() > 0) {
      return network.meanLoss(epoch.meanLoss(), 1);
    }
    return history.isEmpty() ? 0 : history.get(history.size() - 1).loss();
  }

  /** Over all epochs. */
  long rounds() {
    return roundsBeforeEpoch + epoch.rounds();
  }

  /** Since the run began, without the time between an end and a resumption. */
  double seconds() {
    return watch.seconds();
  }

  /** Keeps the parameters as the best, in an array of its own, one for all epochs. */
  void keepBest() {
    float[] parameters = state.parameters();
    if (best == parameters) {
      best = parameters.clone();
    } else {
      System.arraycopy(parameters, 0, best, 0, best.length);
    }
  }

  /** What the epochs that are done have come to; null if there are none. */
  @Nullable Outcome lastGood(String ending) {
    return history.isEmpty() ? null : fitted(ending);
  }

  Outcome fitted(String ending) {
    return new Outcome(best, List.copyOf(history), ending);
  }
}
