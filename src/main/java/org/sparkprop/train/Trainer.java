package org.sparkprop.train;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sparkprop.eval.Evaluation;
import org.sparkprop.eval.Metric;
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
   * Trains until something ends it.
   *
   * @param parameters the first parameters; worked on in place
   * @throws Divergence if a loss or a parameter is no longer finite
   */
  Fitted fit(float[] parameters) {
    try (Team team = new Team(Runtime.getRuntime().availableProcessors())) {
      return new Run(parameters, team).toItsEnd();
    }
  }

  /** One run: what it has come to so far. */
  private final class Run {
    private final long start = System.nanoTime();
    private final TrainingState state;
    private final Team team;
    private final EarlyStopping stopping =
        new EarlyStopping(options.stopping(), validation != null);
    private final List<EpochRecord> history = new ArrayList<>();
    private float[] best;
    private long roundsDone;

    /** Why no further round begins; null while the run goes on. */
    private @Nullable String ending;

    Run(float[] parameters, Team team) {
      this.state = TrainingState.start(parameters, network.topology(), options.optimizer());
      this.team = team;
      this.best = parameters;
    }

    Fitted toItsEnd() {
      for (int epoch = 1; epoch <= options.epochs() && ending == null; epoch++) {
        EpochSums sums = new EpochSums(epoch);
        for (Round round : algorithm.rounds(epoch)) {
          run(round, sums);
          if (ending != null) {
            break;
          }
        }
        finish(sums);
      }
      return fitted();
    }

    private Fitted fitted() {
      return new Fitted(
          best, List.copyOf(history), ending == null ? "all epochs are done" : ending);
    }

    private void run(Round round, EpochSums epoch) {
      Rounds.Returned returned = rounds.run(state, round);
      long returnedAt = System.nanoTime();
      Completion sums = ReductionTree.complete(returned.nodes());
      roundsDone++;
      refuseDivergence(sums.total().loss(), "loss");
      double loss = network.meanLoss(sums.total().loss(), sums.total().weight());
      epoch.add(sums.total());
      algorithm.update(state, round, sums, team);
      RoundRecord.Times times = RoundRecord.Times.of(returned, System.nanoTime() - returnedAt);
      Verdict verdict = listener.roundDone(new RoundRecord(epoch.epoch, epoch.rows, loss, times));
      end(verdict);
      Double maxSeconds = options.stopping().maxSeconds();
      if (ending == null && maxSeconds != null && secondsSince(start) >= maxSeconds) {
        ending = "%s seconds are over".formatted(maxSeconds);
      }
    }

    private void finish(EpochSums epoch) {
      double seconds = secondsSince(epoch.start);
      for (float parameter : state.parameters()) {
        refuseDivergence(parameter, "a weight");
      }
      double loss = network.meanLoss(epoch.loss, epoch.weight);
      Evaluation validated = validation == null ? null : validation.apply(state.parameters());
      Map<Metric, Double> metrics = monitored(loss, validated);
      refuseDivergence(metrics.getOrDefault(Metric.LOSS, Double.NaN), "validation loss");
      boolean isBest = stopping.isBest(metrics);
      if (isBest) {
        best = state.parameters().clone();
      }
      EpochRecord record =
          new EpochRecord(
              epoch.epoch,
              roundsDone,
              epoch.rows,
              loss,
              figures(validated),
              options.optimizer().learningRate(),
              seconds,
              epoch.rows / seconds,
              isBest);
      history.add(record);
      Verdict verdict = listener.epochDone(record);
      ending = ending == null ? stopping.reasonToEnd(metrics) : ending;
      end(verdict);
    }

    private void end(Verdict verdict) {
      if (ending == null && verdict == Verdict.STOP) {
        ending = "a listener has stopped it";
      }
    }

    private void refuseDivergence(double value, String what) {
      if (!Double.isFinite(value)) {
        String message =
            "Training diverged in round %d: %s is %s; lower --learning-rate (now %s)"
                .formatted(roundsDone, what, value, options.optimizer().learningRate());
        throw new Divergence(message, history.isEmpty() ? null : fitted());
      }
    }
  }

  /** What the rounds of an epoch add up to. */
  private static final class EpochSums {
    final int epoch;
    final long start = System.nanoTime();
    double loss;
    double weight;
    long rows;

    EpochSums(int epoch) {
      this.epoch = epoch;
    }

    void add(Sums round) {
      loss += round.loss();
      weight += round.weight();
      rows += round.rows();
    }
  }

  private static Map<Metric, Double> monitored(double loss, @Nullable Evaluation validated) {
    if (validated == null) {
      return Map.of(Metric.LOSS, loss);
    }
    Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
    metrics.putAll(validated.metrics());
    metrics.put(Metric.LOSS, validated.loss());
    return metrics;
  }

  private static Map<String, Double> figures(@Nullable Evaluation validated) {
    Map<String, Double> figures = new LinkedHashMap<>();
    if (validated != null) {
      figures.put(Metric.LOSS.field(), validated.loss());
      validated.metrics().forEach((metric, value) -> figures.putIfAbsent(metric.field(), value));
      validated
          .weightedMetrics()
          .forEach((metric, value) -> figures.put("weighted_" + metric.field(), value));
    }
    return figures;
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
