package org.sparkprop.train;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.sparkprop.data.ReductionTree;
import org.sparkprop.data.ReductionTree.Node;
import org.sparkprop.data.Shard;
import org.sparkprop.optim.Optimizer;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.RunLength;
import org.sparkprop.train.Batch.Slice;

/**
 * Several batches a round: each worker takes steps on its own shards, the driver takes the mean of
 * the parameters and moments that they have reached, by the weight of the rows that each has used
 * (McMahan et al. 2017, "federated averaging"). A worker alone is plain mini-batch descent, to the
 * last bit.
 */
final class LocalSgd implements ScheduledAlgorithm {
  private final int shardCount;
  private final List<BatchSchedule> schedules;
  private final OptimizerSettings optimizer;
  private final long stepsPerRound;
  private final RunLength run;

  /**
   * @param stepsPerRound steps of a worker between two rounds; more than an epoch has means all
   */
  LocalSgd(
      int[] rowsOfShard,
      int workers,
      long stepsPerRound,
      long batchSize,
      int sliceSize,
      long seed,
      OptimizerSettings optimizer,
      int epochs) {
    this.shardCount = rowsOfShard.length;
    this.schedules =
        IntStream.range(0, workers)
            .mapToObj(w -> new BatchSchedule(rowsOfShard, w, workers, batchSize, sliceSize, seed))
            .toList();
    this.optimizer = optimizer;
    long stepsPerEpoch = schedules.stream().mapToLong(BatchSchedule::batches).max().orElseThrow();
    this.run = new RunLength(stepsPerEpoch, epochs);
    this.stepsPerRound = Math.min(stepsPerRound, stepsPerEpoch);
  }

  /** Of the longest worker. */
  @Override
  public long stepsPerEpoch() {
    return run.stepsPerEpoch();
  }

  @Override
  public Iterable<Round> rounds(int epoch) {
    long stepsPerEpoch = run.stepsPerEpoch();
    long rounds = (stepsPerEpoch + stepsPerRound - 1) / stepsPerRound;
    return () ->
        LongStream.range(0, rounds)
            .map(round -> round * stepsPerRound)
            .mapToObj(
                first -> new Round(epoch, first, Math.min(stepsPerRound, stepsPerEpoch - first)))
            .iterator();
  }

  @Override
  public RoundInput sent(TrainingState state) {
    return state.sent(state.vectors());
  }

  @Override
  public int[] shardsOf(Round round) {
    return IntStream.range(0, schedules.size())
        .flatMap(w -> shardsOf(w, round).stream().mapToInt(Integer::intValue))
        .toArray();
  }

  @Override
  public long rowsOf(Round round) {
    return schedules.stream()
        .mapToLong(schedule -> schedule.rowsOf(round.first(), round.steps()))
        .sum();
  }

  @Override
  public List<Node<Sums>> sums(
      TaskSetup setup, RoundInput sent, Round round, Iterator<Shard> shards, Team team) {
    ReductionTree<Sums> tree = new ReductionTree<>(Sums::add);
    Map<Integer, Shard> ofWorker = new HashMap<>();
    Set<Integer> needed = Set.of();
    int worker = -1;
    while (shards.hasNext()) {
      Shard shard = shards.next();
      int next = BatchSchedule.workerOf(shard.number(), shardCount, schedules.size());
      if (next != worker) {
        addWorker(tree, worker, setup, sent, round, ofWorker, team);
        worker = next;
        needed = shardsOf(worker, round);
      }
      if (needed.contains(shard.number())) {
        ofWorker.put(shard.number(), shard);
      }
    }
    addWorker(tree, worker, setup, sent, round, ofWorker, team);
    return tree.nodes();
  }

  /** Adds what a worker reaches, if it has rows left, and lets go of its shards. */
  private void addWorker(
      ReductionTree<Sums> tree,
      int worker,
      TaskSetup setup,
      RoundInput sent,
      Round round,
      Map<Integer, Shard> shards,
      Team team) {
    if (!shards.isEmpty()) {
      BatchSchedule schedule = schedules.get(worker);
      tree.add(worker, work(setup, schedule, sent, round, shards, team));
      shards.clear();
    }
  }

  private Set<Integer> shardsOf(int worker, Round round) {
    return schedules.get(worker).shardsOf(round.epoch(), round.first(), round.steps());
  }

  /** A worker's round: where its steps lead, by the weight of the rows that it used. */
  private Sums work(
      TaskSetup setup,
      BatchSchedule schedule,
      RoundInput sent,
      Round round,
      Map<Integer, Shard> shards,
      Team team) {
    int length = setup.parameterCount();
    Optimizer own = optimizer.create(setup.network().topology(), () -> Buffers.take(length));
    own.advance(sent.steps());
    TrainingState state =
        new TrainingState(Buffers.take(length), own, optimizer, run, sent.rateFactor());
    float[][] vectors = state.vectors();
    for (int v = 0; v < vectors.length; v++) {
      System.arraycopy(sent.vectors()[v], 0, vectors[v], 0, vectors[v].length);
    }
    double loss = 0;
    long rows = 0;
    double weight = 0;
    Iterator<Batch> batches = schedule.from(round.epoch(), round.first());
    SliceGradients gradients = new SliceGradients(setup, state.parameters(), round.epoch());
    for (long step = 0; step < round.steps() && batches.hasNext(); step++) {
      List<Slice> slices = batches.next().slices();
      for (int number = 0; number < slices.size(); number++) {
        Slice slice = slices.get(number);
        gradients.add(number, slice, Objects.requireNonNull(shards.get(slice.shard())));
      }
      ReductionTree<Sums> tree = new ReductionTree<>(Sums::add);
      gradients.sumInto(tree, team);
      Completion batch = Completion.of(tree.nodes());
      loss += batch.total().loss();
      rows += batch.total().rows();
      weight += batch.total().weight();
      state.step(batch, team);
    }
    multiply(vectors, factor(weight));
    return new Sums(vectors, loss, rows, weight);
  }

  /** A worker alone counts once, so that nothing is rounded; others count by their weight. */
  private float factor(double weight) {
    return schedules.size() == 1 ? 1 : (float) weight;
  }

  private static void multiply(float[][] vectors, float factor) {
    if (factor == 1) {
      return;
    }
    for (float[] vector : vectors) {
      for (int i = 0; i < vector.length; i++) {
        vector[i] *= factor;
      }
    }
  }

  @Override
  public void update(TrainingState state, Round round, Completion sums, Team team) {
    float[][] into = state.vectors();
    float[][] mean = sums.total().vectors();
    float divisor = factor(sums.total().weight());
    for (int vector = 0; vector < into.length && divisor > 0; vector++) {
      int v = vector;
      team.forBlocks(
          into[v].length,
          (from, to) -> {
            sums.addRange(v, from, to);
            sums.total().divideRange(divisor, v, from, to);
            System.arraycopy(mean[v], from, into[v], from, to - from);
          });
    }
    state.optimizer().advance(round.steps());
    sums.release();
  }
}
