package org.sparkprop.train;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.eval.Evaluation;
import org.sparkprop.eval.Metric;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;
import org.sparkprop.optim.RunLength;
import org.sparkprop.train.checkpoint.Checkpoint;
import org.sparkprop.train.checkpoint.Checkpointer;
import org.sparkprop.train.options.Stopping;
import org.sparkprop.train.options.TrainingOptions;

/**
 * Trains: epoch after epoch, round after round, the sums of the tasks and one update. An object
 * makes one run.
 */
final class Trainer {
  private final Network network;
  private final TrainingOptions options;
  private final Stopping stopping;
  private final Algorithm algorithm;
  private final RoundRunner rounds;
  private final @Nullable Function<float[], Evaluation> validation;
  private final TrainingListener listener;
  private final Checkpointer checkpoints;
  private final MonitorWatch watch;
  private final RunState progress;
  private final TrainingState state;
  private final Team team;

  /** Of the last round whose rows weigh something. */
  private double lastLoss;

  /** Why no further round begins; null while the run goes on. */
  private @Nullable String ending;

  /** What the run can go on from if something fails now; null while an update is half done. */
  private @Nullable Supplier<Checkpoint> whole;

  /**
   * @param validation evaluates parameters on rows held out; null if there are none
   * @param parameters the first parameters; worked on in place
   * @param from where to go on from instead; null for a new run
   * @throws InvalidInputException if the checkpoint is of another run
   */
  Trainer(
      Network network,
      TrainingOptions options,
      Algorithm algorithm,
      RoundRunner rounds,
      @Nullable Function<float[], Evaluation> validation,
      TrainingListener listener,
      Checkpointer checkpoints,
      float[] parameters,
      @Nullable Checkpoint from) {
    this.network = network;
    this.options = options;
    this.stopping = options.stopping();
    this.algorithm = algorithm;
    this.rounds = rounds;
    this.validation = validation;
    this.listener = listener;
    this.checkpoints = checkpoints;
    this.watch = new MonitorWatch(stopping);
    Topology topology = network.topology();
    RunLength length = new RunLength(algorithm.stepsPerEpoch(), options.epochs());
    boolean validated = validation != null;
    this.progress =
        from == null
            ? RunState.start(parameters, options, topology, length, validated)
            : RunState.resumed(from, options, topology, length, validated);
    this.state = progress.state();
    this.lastLoss = progress.lastLoss(network);
    this.ending = from == null ? null : from.ending();
    this.team = new Team(Runtime.getRuntime().availableProcessors());
  }

  /**
   * Trains until something ends it.
   *
   * @throws Divergence if a loss or a parameter is no longer finite
   */
  Outcome fit() {
    try (team) {
      while (ending == null && epoch() <= options.epochs()) {
        checkpoints.saveIfDue(progress.rounds(), progress::checkpoint);
        progress.epoch().begin();
        double loss =
            algorithm instanceof ScheduledAlgorithm scheduled
                ? trainOnBatches(scheduled)
                : iterate((FullBatch) algorithm);
        endEpoch(loss);
      }
    } catch (Divergence hopeless) {
      throw hopeless;
    } catch (Throwable failed) { // what Spark throws is checked, and an Error ends a run as well
      if (whole != null) {
        checkpoints.keep(whole);
      }
      throw failed;
    }
    String why = ending == null ? "all epochs completed" : ending;
    checkpoints.ended(progress.checkpoint(why));
    return progress.fitted(why);
  }

  /** The rounds of an epoch that are still to come, each with one update; gives the mean loss. */
  private double trainOnBatches(ScheduledAlgorithm scheduled) {
    whole = progress::checkpoint;
    long done = progress.epoch().rounds(); // before the run was cut off
    for (Round round : scheduled.rounds(epoch())) {
      if (done-- > 0) {
        continue;
      }
      checkpoints.saveIfDue(progress.rounds(), progress::checkpoint);
      run(
          round,
          sums -> {
            refuseDivergence(sums.total().loss(), "loss");
            scheduled.update(state, round, sums, team);
          });
      if (ending != null) {
        break;
      }
    }
    return progress.epoch().meanLoss();
  }

  /** An iteration of L-BFGS, which runs as many rounds as it needs; gives the mean loss. */
  private double iterate(FullBatch fullBatch) {
    Checkpoint start = checkpoints.areKept() ? progress.checkpoint().withOwnParameters() : null;
    whole = start == null ? null : () -> start;
    boolean done = progress.epoch().rounds() > 0;
    FullBatch.Iteration made = fullBatch.iterate(state, epoch(), done, new AnyRound(), team);
    // That an iteration was the last one is nothing that a checkpoint would tell.
    whole = made.end() == null ? progress::checkpoint : null;
    end(made.end());
    return made.loss();
  }

  /** A round of a search, which only looks at a place. */
  private final class AnyRound implements FullBatch.Oracle {
    @Override
    public Sums sums(Round round, Consumer<Completion> use) {
      return run(round, use);
    }

    @Override
    public boolean isOver() {
      return ending != null;
    }
  }

  /**
   * One round.
   *
   * @param update is given the sums, whose vectors it gives back
   * @return the sums, without vectors
   */
  private Sums run(Round round, Consumer<Completion> update) {
    RoundRunner.Returned returned = rounds.run(state, round);
    long returnedAt = System.nanoTime();
    refuseOtherRows(algorithm.rowsOf(round), returned);
    Completion sums = Completion.of(returned.nodes());
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

  /** Validates what an epoch has reached, and decides by it how to go on, or whether. */
  private void endEpoch(double rowLoss) {
    EpochState epoch = progress.epoch();
    double seconds = epoch.seconds();
    if (epoch.weight() == 0 && ending == null) {
      throw new InvalidInputException(
          "Cannot train: the rows of an epoch weigh nothing (some must; see --weight and --class-weights)");
    }
    for (float parameter : state.parameters()) {
      refuseDivergence(parameter, "a weight");
    }
    double loss = epoch.weight() == 0 ? lastLoss : network.meanLoss(rowLoss, 1);
    refuseDivergence(loss, "loss");
    EpochFigures figures =
        new EpochFigures(loss, validation == null ? null : validation.apply(state.parameters()));
    Map<Metric, Double> metrics = figures.monitored();
    refuseDivergence(metrics.getOrDefault(Metric.LOSS, Double.NaN), "validation loss");
    whole = null;
    FirstLoss.look(epoch.number(), loss, options.featureUnits());
    if (validation != null) {
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
            figures.recorded(),
            state.lastRate(),
            seconds,
            epoch.rows() / seconds,
            isBest);
    progress.endEpoch(record);
    Double monitored = metrics.get(stopping.monitor());
    if (monitored != null && !monitored.isNaN()) { // else there is nothing to lower a rate for
      progress.plateau().observe(monitored);
    }
    state.scaleRate(progress.plateau().factor());
    end(progress.stopping().reasonToEnd(metrics));
    whole = () -> progress.checkpoint(ending);
    end(listener.epochDone(record));
  }

  /** The epoch that is worked on, from 1. */
  private int epoch() {
    return progress.epoch().number();
  }

  private void end(@Nullable String reason) {
    if (ending == null) {
      ending = reason;
    }
  }

  private void end(Verdict verdict) {
    end(verdict == Verdict.STOP ? "stopped by a listener" : null);
  }

  private void endIfLate() {
    Double maxSeconds = stopping.maxSeconds();
    if (maxSeconds != null && progress.seconds() >= maxSeconds) {
      end("time limit of %s s reached".formatted(maxSeconds));
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
  private void refuseOtherRows(long rows, RoundRunner.Returned returned) {
    long found = returned.nodes().stream().mapToLong(node -> node.sum().rows()).sum();
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
