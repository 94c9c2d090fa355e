package org.sparkprop.train;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sparkprop.eval.Evaluation;
import org.sparkprop.eval.Metric;
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
    private final Plateau plateau =
        new Plateau(
            options.optimizer().schedule().curve(), !options.stopping().monitor().higherIsBetter());
    private final List<EpochRecord> history = new ArrayList<>();

    /** The best parameters so far; those that are worked on until an epoch is done. */
    private float[] best;

    private long roundsDone;

    /** Why no further round begins; null while the run goes on. */
    private @Nullable String ending;

    Run(float[] parameters, Team team) {
      RunLength length = new RunLength(algorithm.stepsPerEpoch(), options.epochs());
      this.state = TrainingState.start(parameters, network.topology(), options.optimizer(), length);
      this.team = team;
      this.best = parameters;
    }

    Fitted toItsEnd() {
      for (int epoch = 1; epoch <= options.epochs() && ending == null; epoch++) {
        EpochRun rounds = new EpochRun(this, epoch);
        finish(rounds, algorithm.run(state, epoch, rounds, team));
      }
      return fitted();
    }

    private Fitted fitted() {
      return new Fitted(
          best, List.copyOf(history), ending == null ? "all epochs are done" : ending);
    }

    private void finish(EpochRun epoch, Algorithm.Epoch made) {
      double seconds = secondsSince(epoch.start);
      for (float parameter : state.parameters()) {
        refuseDivergence(parameter, "a weight");
      }
      double loss = network.meanLoss(made.loss(), 1);
      Evaluation validated = validation == null ? null : validation.apply(state.parameters());
      Map<Metric, Double> metrics = monitored(loss, validated);
      refuseDivergence(metrics.getOrDefault(Metric.LOSS, Double.NaN), "validation loss");
      boolean isBest = stopping.isBest(metrics);
      if (isBest) {
        keep(state.parameters());
      }
      EpochRecord record =
          new EpochRecord(
              epoch.epoch,
              roundsDone,
              epoch.rows,
              loss,
              figures(validated),
              state.lastRate(),
              seconds,
              epoch.rows / seconds,
              isBest);
      history.add(record);
      plateau.observe(metrics.getOrDefault(options.stopping().monitor(), Double.NaN));
      state.scaleRate(plateau.factor());
      Verdict verdict = listener.epochDone(record);
      end(made.end());
      end(stopping.reasonToEnd(metrics));
      end(verdict);
    }

    /** In an array of its own, one for all epochs. */
    private void keep(float[] parameters) {
      if (best == parameters) {
        best = parameters.clone();
      } else {
        System.arraycopy(parameters, 0, best, 0, best.length);
      }
    }

    private void end(@Nullable String reason) {
      if (ending == null) {
        ending = reason;
      }
    }

    private void end(Verdict verdict) {
      end(verdict == Verdict.STOP ? "a listener has stopped it" : null);
    }

    private void endIfLate() {
      Double maxSeconds = options.stopping().maxSeconds();
      if (maxSeconds != null && secondsSince(start) >= maxSeconds) {
        end("%s seconds are over".formatted(maxSeconds));
      }
    }

    private void refuseDivergence(double value, String what) {
      if (!Double.isFinite(value)) {
        String message =
            "Training diverged in round %d: %s is %s; lower --learning-rate (now %s)"
                .formatted(roundsDone, what, value, state.lastRate());
        throw new Divergence(message, history.isEmpty() ? null : fitted());
      }
    }
  }

  /** The rounds of one epoch. */
  private final class EpochRun implements Algorithm.Runner {
    final int epoch;
    final long start = System.nanoTime();
    long rows;
    private final Run run;

    EpochRun(Run run, int epoch) {
      this.run = run;
      this.epoch = epoch;
    }

    @Override
    public Sums run(Round round, Consumer<Completion> update) {
      return attempt(
          round,
          sums -> {
            run.refuseDivergence(sums.total().loss(), "loss");
            update.accept(sums);
          });
    }

    @Override
    public Sums attempt(Round round, Consumer<Completion> update) {
      Rounds.Returned returned = rounds.run(run.state, round);
      long returnedAt = System.nanoTime();
      Completion sums = ReductionTree.complete(returned.nodes());
      run.roundsDone++;
      Sums total = sums.total();
      update.accept(sums);
      rows += total.rows();
      double loss = network.meanLoss(total.loss(), total.weight());
      RoundRecord.Times times = RoundRecord.Times.of(returned, System.nanoTime() - returnedAt);
      run.end(listener.roundDone(new RoundRecord(epoch, rows, loss, run.state.lastRate(), times)));
      run.endIfLate();
      return total;
    }

    @Override
    public boolean isOver() {
      return run.ending != null;
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
