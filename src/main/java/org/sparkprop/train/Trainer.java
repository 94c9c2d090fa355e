package org.sparkprop.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.InvalidInputException;
import org.sparkprop.eval.Evaluation;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.nn.Network;
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
    TrainingState state = TrainingState.start(parameters, options.optimizer());
    List<EpochRecord> history = new ArrayList<>();
    long done = 0;
    try (Team team = new Team(Runtime.getRuntime().availableProcessors())) {
      for (int epoch = 1; epoch <= options.epochs(); epoch++) {
        long start = System.nanoTime();
        double loss = 0;
        long rows = 0;
        double weight = 0;
        for (Round round : algorithm.rounds(epoch)) {
          Rounds.Returned returned = rounds.run(state, round);
          long returnedAt = System.nanoTime();
          Completion sums = ReductionTree.complete(returned.nodes());
          done++;
          double roundLoss = sums.total().loss();
          double roundWeight = sums.total().weight();
          refuseDivergence(roundLoss, "loss", done);
          algorithm.update(state, round, sums, team);
          loss += roundLoss;
          rows += sums.total().rows();
          weight += roundWeight;
          listener.roundDone(
              new RoundRecord(
                  epoch,
                  rows,
                  network.meanLoss(roundLoss, roundWeight),
                  RoundRecord.Times.of(returned, System.nanoTime() - returnedAt)));
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        for (float parameter : parameters) {
          refuseDivergence(parameter, "a weight", done);
        }
        EpochRecord record =
            record(epoch, done, rows, network.meanLoss(loss, weight), seconds, parameters);
        history.add(record);
        listener.epochDone(record);
      }
    }
    return history;
  }

  private EpochRecord record(
      int epoch, long rounds, long rows, double loss, double seconds, float[] parameters) {
    Evaluation validated = validation == null ? null : validation.apply(parameters);
    return new EpochRecord(
        epoch,
        rounds,
        rows,
        loss,
        validated == null ? null : validated.loss(),
        validated == null ? null : validated.accuracy(),
        options.optimizer().learningRate(),
        seconds,
        rows / seconds);
  }

  private void refuseDivergence(double value, String what, long round) {
    if (!Double.isFinite(value)) {
      throw new InvalidInputException(
          "Training diverged in round %d: %s is %s; lower --learning-rate (now %s)"
              .formatted(round, what, value, options.optimizer().learningRate()));
    }
  }
}
