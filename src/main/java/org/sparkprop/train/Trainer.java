package org.sparkprop.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.InvalidInputException;
import org.sparkprop.eval.Evaluation;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.nn.Network;
import org.sparkprop.optim.Optimizer;

/**
 * Mini-batch gradient descent: for each batch, the sums of its gradients, one division, one step.
 */
final class Trainer {
  private final Network network;
  private final TrainingOptions options;
  private final Schedule schedule;
  private final Gradients gradients;
  private final @Nullable Function<float[], Evaluation> validation;
  private final TrainingListener listener;

  /**
   * @param validation evaluates parameters on rows held out; null if there are none
   */
  Trainer(
      Network network,
      TrainingOptions options,
      Schedule schedule,
      Gradients gradients,
      @Nullable Function<float[], Evaluation> validation,
      TrainingListener listener) {
    this.network = network;
    this.options = options;
    this.schedule = schedule;
    this.gradients = gradients;
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
    Optimizer optimizer = options.optimizer().create(parameters.length);
    float rate = (float) options.optimizer().learningRate();
    List<EpochRecord> history = new ArrayList<>();
    long round = 0;
    for (int epoch = 1; epoch <= options.epochs(); epoch++) {
      long start = System.nanoTime();
      double loss = 0;
      long rows = 0;
      for (Batch batch : schedule.epoch(epoch)) {
        GradientSums sums = gradients.sum(parameters, batch);
        round++;
        loss += sums.loss();
        rows += sums.rows();
        refuseDivergence(sums.loss(), "loss", round);
        optimizer.step(parameters, sums.toMeanGradient(), rate);
        listener.roundDone(epoch, rows, network.meanLoss(sums.loss(), sums.rows()));
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      for (float parameter : parameters) {
        refuseDivergence(parameter, "a weight", round);
      }
      EpochRecord done = record(epoch, round, rows, loss, seconds, parameters);
      history.add(done);
      listener.epochDone(done);
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
        network.meanLoss(loss, rows),
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
