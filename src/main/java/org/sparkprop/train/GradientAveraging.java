package org.sparkprop.train;

import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import org.sparkprop.data.ReductionTree;
import org.sparkprop.data.ReductionTree.Node;
import org.sparkprop.data.Shard;
import org.sparkprop.train.Batch.Slice;

/**
 * A batch a round: tasks sum the gradients of their slices, the driver takes the mean and one step.
 */
final class GradientAveraging implements ScheduledAlgorithm {
  /**
   * Slices of a thread before its results are added; shards that lie on disk are read as needed.
   */
  private static final int SLICES_AT_A_TIME = 8;

  private final BatchSchedule schedule;

  GradientAveraging(BatchSchedule schedule) {
    this.schedule = schedule;
  }

  @Override
  public Iterable<Round> rounds(int epoch) {
    return () ->
        LongStream.range(0, schedule.batches())
            .mapToObj(batch -> new Round(epoch, batch, 1))
            .iterator();
  }

  @Override
  public long stepsPerEpoch() {
    return schedule.batches();
  }

  @Override
  public RoundInput sent(TrainingState state) {
    return state.sent(state.parameters());
  }

  @Override
  public int[] shardsOf(Round round) {
    return batch(round).slices().stream().mapToInt(Slice::shard).toArray();
  }

  @Override
  public long rowsOf(Round round) {
    return schedule.rowsOf(round.first(), 1);
  }

  @Override
  public List<Node<Sums>> sums(
      TaskSetup setup, RoundInput sent, Round round, Iterator<Shard> shards, Team team) {
    List<Slice> slices = batch(round).slices();
    SliceGradients gradients = new SliceGradients(setup, sent.vectors()[0], round.epoch());
    ReductionTree<Sums> tree = new ReductionTree<>(Sums::add);
    int number = 0;
    while (shards.hasNext() && number < slices.size()) {
      Shard shard = shards.next();
      while (number < slices.size() && slices.get(number).shard() < shard.number()) {
        number++;
      }
      for (; number < slices.size() && slices.get(number).shard() == shard.number(); number++) {
        gradients.add(number, slices.get(number), shard);
        if (gradients.size() == SLICES_AT_A_TIME * team.threads()) {
          gradients.sumInto(tree, team);
        }
      }
    }
    gradients.sumInto(tree, team);
    return tree.nodes();
  }

  @Override
  public void update(TrainingState state, Round round, Completion gradients, Team team) {
    state.step(gradients, team);
  }

  private Batch batch(Round round) {
    return schedule.from(round.epoch(), round.first()).next();
  }
}
