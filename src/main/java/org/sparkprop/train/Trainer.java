package org.sparkprop.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.InvalidInputException;
import org.sparkprop.eval.Evaluation;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.nn.Network;
import org.sparkprop.optim.Plateau;
import org.sparkprop.optim.RunLength;
import org.sparkprop.train.ReductionTree.Completion;

/** The loop: round after round, the sums of the tasks and one update. */
final class Trainer {
  private final Network network;
  private final TrainingOptions options;
  private final Algorithm algorithm;
  private final Rounds rounds;
  private final @Nullable Function<float[], Evaluation> validation;
  private final TrainingListener listener;

  /**
   * @param validation evaluates parameters on rows held out; null if there are none
   */
  Trainer(
      Network network,
      TrainingOptions options,
      Algorithm algorithm,
      Rounds rounds,
      @Nullable Function<float[], Evaluation> validation,
      TrainingListener listener) {
    this.network = network;
    this.options = options;
    this.algorithm = algorithm;
    this.rounds = rounds;
    this.validation = validation;
    this.listener = listener;
  }

  /**
   * Trains in place, for all epochs.
   *
   * @param parameters the first parameters; on return, the trained ones
   * @return what was measured in each epoch
   * @throws InvalidInputException if the loss or a parameter is no longer finite
   */
  List<EpochRecord> fit(float[] parameters) {
    TrainingState state =
        TrainingState.start(
            parameters,
            network.topology(),
            options.optimizer(),
            new RunLength(algorithm.stepsPerEpoch(), options.epochs()));
    Plateau plateau = new Plateau(options.optimizer().schedule().curve(), true);
    List<EpochRecord> history = new ArrayList<>();
    long done = 0;
    try (Team team = new Team(Runtime.getRuntime().availableProcessors())) {
      for (int epoch = 1; epoch <= options.epochs(); epoch++) {
        long start = System.nanoTime();
        EpochRun run = new EpochRun(state, epoch, done);
        Algorithm.Epoch made = algorithm.run(state, epoch, run, team);
        done = run.done;
        double seconds = (System.nanoTime() - start) / 1e9;
        for (float parameter : parameters) {
          refuseDivergence(parameter, "a weight", done);
        }
        double loss = network.meanLoss(made.loss(), 1);
        EpochRecord record = record(epoch, done, run.rows, loss, seconds, state);
        history.add(record);
        listener.epochDone(record);
        plateau.observe(monitored(record));
        state.scaleRate(plateau.factor());
        if (made.end() != null) {
          listener.converged(epoch, made.end());
          break;
        }
      }
    }
    return history;
  }

  /** The rounds of one epoch. */
  private final class EpochRun implements Algorithm.Runner {
    private final TrainingState state;
    private final int epoch;
    private long done;
    private long rows;

    /**
     * @param done rounds before this epoch
     */
    EpochRun(TrainingState state, int epoch, long done) {
      this.state = state;
      this.epoch = epoch;
      this.done = done;
    }

    @Override
    public Sums run(Round round, Consumer<Completion> update) {
      return attempt(
          round,
          sums -> {
            refuseDivergence(sums.total().loss(), "loss", done);
            update.accept(sums);
          });
    }

    @Override
    public Sums attempt(Round round, Consumer<Completion> update) {
      Rounds.Returned returned = rounds.run(state, round);
      long returnedAt = System.nanoTime();
      Completion sums = ReductionTree.complete(returned.nodes());
      done++;
      Sums total = sums.total();
      update.accept(sums);
      rows += total.rows();
      listener.roundDone(
          new RoundRecord(
              epoch,
              rows,
              network.meanLoss(total.loss(), total.rows()),
              state.lastRate(),
              RoundRecord.Times.of(returned, System.nanoTime() - returnedAt)));
      return total;
    }
  }

  private EpochRecord record(
      int epoch, long rounds, long rows, double loss, double seconds, TrainingState state) {
    Evaluation validated = validation == null ? null : validation.apply(state.parameters());
    return new EpochRecord(
        epoch,
        rounds,
        rows,
        loss,
        validated == null ? null : validated.loss(),
        validated == null ? null : validated.accuracy(),
        state.lastRate(),
        seconds,
        rows / seconds);
  }

  /** What a plateau is one of: lower is better. */
  private static double monitored(EpochRecord epoch) {
    return epoch.validationLoss() == null ? epoch.loss() : epoch.validationLoss();
  }

  private void refuseDivergence(double value, String what, long round) {
    if (!Double.isFinite(value)) {
      throw new InvalidInputException(
          "Training diverged in round %d: %s is %s; lower --learning-rate (now %s)"
              .formatted(round, what, value, options.optimizer().learningRate()));
    }
  }
}
