package org.sparkprop.train;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.InvalidInputException;
import org.sparkprop.eval.Evaluation;
import org.sparkprop.eval.Metric;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;
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
  private final Checkpoints checkpoints;

  /**
   * @param validation evaluates parameters on rows held out; null if there are none
   */
  Trainer(
      Network network,
      TrainingOptions options,
      Algorithm algorithm,
      Rounds rounds,
      @Nullable Function<float[], Evaluation> validation,
      TrainingListener listener,
      Checkpoints checkpoints) {
    this.network = network;
    this.options = options;
    this.algorithm = algorithm;
    this.rounds = rounds;
    this.validation = validation;
    this.listener = listener;
    this.checkpoints = checkpoints;
  }

  /**
   * Trains until something ends it.
   *
   * @param parameters the first parameters; worked on in place
   * @param from where to go on from instead; null for a new run
   * @throws Divergence if a loss or a parameter is no longer finite
   * @throws InvalidInputException if the checkpoint is of another run
   */
  Fitted fit(float[] parameters, @Nullable Checkpoint from) {
    RunLength length = new RunLength(algorithm.stepsPerEpoch(), options.epochs());
    boolean validated = validation != null;
    Topology topology = network.topology();
    Progress progress =
        from == null
            ? Progress.start(parameters, options, topology, length, validated)
            : Progress.resumed(from, options, topology, length, validated);
    try (Team team = new Team(Runtime.getRuntime().availableProcessors())) {
      return new Run(progress, team, from == null ? null : from.ending()).toItsEnd();
    }
  }

  /** One run, epoch after epoch. */
  private final class Run implements Algorithm.Runner {
    private final Progress progress;
    private final TrainingState state;
    private final Team team;

    private final MonitorWatch watch = new MonitorWatch(options.stopping());

    /** Of the last round whose rows weigh something. */
    private double lastLoss;

    /** Why no further round begins; null while the run goes on. */
    private @Nullable String ending;

    /** What the run can go on from if something fails now; null while an update is half done. */
    private @Nullable Supplier<Checkpoint> whole;

    Run(Progress progress, Team team, @Nullable String ending) {
      this.progress = progress;
      this.state = progress.state();
      this.lastLoss = progress.lastLoss(network);
      this.team = team;
      this.ending = ending;
    }

    Fitted toItsEnd() {
      try {
        while (ending == null && epoch() <= options.epochs()) {
          checkpoints.offer(progress);
          whole = beforeEpoch();
          progress.epoch().begin();
          Algorithm.Epoch made = algorithm.run(state, this, team);
          whole = afterRounds(made);
          finish(made);
        }
      } catch (Divergence hopeless) {
        throw hopeless;
      } catch (Throwable failed) { // what Spark throws is checked, and an Error ends a run as well
        if (whole != null) {
          checkpoints.keep(whole);
        }
        throw failed;
      }
      String why = ending == null ? "all epochs are done" : ending;
      checkpoints.ended(progress.checkpoint(why));
      return progress.fitted(why);
    }

    private @Nullable Supplier<Checkpoint> beforeEpoch() {
      if (algorithm.isWholeBetweenRounds()) {
        return progress::checkpoint;
      }
      if (!checkpoints.areKept()) {
        return null;
      }
      Checkpoint start = progress.checkpoint().withOwnParameters();
      return () -> start;
    }

    /** That an iteration was the last one is nothing that a checkpoint would tell. */
    private @Nullable Supplier<Checkpoint> afterRounds(Algorithm.Epoch made) {
      return made.end() == null ? progress::checkpoint : null;
    }

    @Override
    public int epoch() {
      return progress.epoch().number();
    }

    @Override
    public long done() {
      return progress.epoch().rounds();
    }

    @Override
    public double loss() {
      return progress.epoch().meanLoss();
    }

    @Override
    public void run(Round round, Consumer<Completion> update) {
      checkpoints.offer(progress);
      attempt(
          round,
          sums -> {
            refuseDivergence(sums.total().loss(), "loss");
            update.accept(sums);
          });
    }

    @Override
    public Sums attempt(Round round, Consumer<Completion> update) {
      Rounds.Returned returned = rounds.run(state, round);
      long returnedAt = System.nanoTime();
      refuseOtherRows(algorithm.rowsOf(round), returned);
      Completion sums = ReductionTree.complete(returned.nodes());
      Sums total = sums.total();
      Supplier<Checkpoint> before = whole;
      whole = null;
      progress.epoch().add(total);
      update.accept(sums);
      whole = before;
      if (total.weight() > 0) {
        lastLoss = network.meanLoss(total.loss(), total.weight());
      }
      RoundRecord.Times times = RoundRecord.Times.of(returned, System.nanoTime() - returnedAt);
      long rows = progress.epoch().rows();
      end(listener.roundDone(new RoundRecord(epoch(), rows, lastLoss, state.lastRate(), times)));
      endIfLate();
      return total;
    }

    @Override
    public boolean isOver() {
      return ending != null;
    }

    private void finish(Algorithm.Epoch made) {
      EpochProgress epoch = progress.epoch();
      double seconds = epoch.seconds();
      if (epoch.weight() == 0 && ending == null) {
        throw new InvalidInputException(
            "Cannot train: the rows of an epoch weigh nothing (some must; see --weight and --class-weights)");
      }
      for (float parameter : state.parameters()) {
        refuseDivergence(parameter, "a weight");
      }
      double loss = epoch.weight() == 0 ? lastLoss : network.meanLoss(made.loss(), 1);
      refuseDivergence(loss, "loss");
      Evaluation validated = validation == null ? null : validation.apply(state.parameters());
      Map<Metric, Double> metrics = monitored(loss, validated);
      refuseDivergence(metrics.getOrDefault(Metric.LOSS, Double.NaN), "validation loss");
      whole = null;
      FirstLoss.look(epoch.number(), loss, options.featureUnits());
      if (validated != null) {
        watch.epochDone(epoch.number(), metrics);
      }
      boolean isBest = progress.stopping().isBest(metrics);
      if (isBest) {
        progress.keepBest();
      }
      EpochRecord record =
          new EpochRecord(
              epoch.number(),
              progress.rounds(),
              epoch.rows(),
              loss,
              figures(validated),
              state.lastRate(),
              seconds,
              epoch.rows() / seconds,
              isBest);
      progress.endEpoch(record);
      Double monitored = metrics.get(options.stopping().monitor());
      if (monitored != null && !monitored.isNaN()) { // else there is nothing to lower a rate for
        progress.plateau().observe(monitored);
      }
      state.scaleRate(progress.plateau().factor());
      end(made.end());
      end(progress.stopping().reasonToEnd(metrics));
      whole = () -> progress.checkpoint(ending);
      end(listener.epochDone(record));
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
      if (maxSeconds != null && progress.seconds() >= maxSeconds) {
        end("%s seconds are over".formatted(maxSeconds));
      }
    }

    private void refuseDivergence(double value, String what) {
      if (!Double.isFinite(value)) {
        String message =
            "Training diverged in round %d: %s is %s; %s"
                .formatted(progress.rounds(), what, value, advice());
        throw new Divergence(message, progress.lastGood(Training.DIVERGED));
      }
    }

    /** A batch that has lost rows would train on, a little wrong. */
    private void refuseOtherRows(long rows, Rounds.Returned returned) {
      long found = returned.nodes().stream().mapToLong(node -> node.sums().rows()).sum();
      if (found != rows) {
        throw new IllegalStateException(
            "Round %d came back with the sums of %,d rows (expected %,d): rows were lost or read twice"
                .formatted(progress.rounds() + 1, found, rows));
      }
    }

    private String advice() {
      // A search for a step has seen to the rate.
      return options.optimizer().rule().isFullBatch()
          ? "look for rows with huge features, or give --feature-units standard"
          : "lower --learning-rate (now %s) or give --clip-norm".formatted(state.lastRate());
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
}
