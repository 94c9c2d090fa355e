package org.sparkprop.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.sparkprop.base.RandomStream;
import org.sparkprop.base.RandomStream.Purpose;
import org.sparkprop.data.ReductionTree;
import org.sparkprop.data.ReductionTree.Node;
import org.sparkprop.data.Shard;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Workspace;
import org.sparkprop.train.Batch.Slice;

/** The gradients of some slices of a batch, shared among the threads of a task. */
final class SliceGradients {
  private final TaskSetup setup;
  private final float[] parameters;
  private final int epoch;
  private final List<Piece> pieces = new ArrayList<>();

  /** A slice with its place in the batch, and the shard that holds its rows. */
  private record Piece(int number, Slice slice, Shard shard) {}

  SliceGradients(TaskSetup setup, float[] parameters, int epoch) {
    this.setup = setup;
    this.parameters = parameters;
    this.epoch = epoch;
  }

  /** Adds a slice, ascending by number. */
  void add(int number, Slice slice, Shard shard) {
    pieces.add(new Piece(number, slice, shard));
  }

  int size() {
    return pieces.size();
  }

  /**
   * Computes what was added, and adds it to the tree; in a task that Spark wants to end, ends it.
   */
  void sumInto(ReductionTree<Sums> tree, Team team) {
    endIfKilled();
    int parts = Math.min(team.threads(), pieces.size());
    if (parts <= 1) {
      sumRun(0, pieces.size(), tree);
    } else {
      List<List<Node<Sums>>> nodes = new ArrayList<>(Collections.nCopies(parts, List.of()));
      team.run(
          parts,
          part -> {
            // A run of neighbours, so that few nodes are left to add afterwards.
            ReductionTree<Sums> ofRun = new ReductionTree<>(Sums::add);
            sumRun(pieces.size() * part / parts, pieces.size() * (part + 1) / parts, ofRun);
            nodes.set(part, ofRun.nodes());
          });
      nodes.forEach(ofRun -> ofRun.forEach(tree::add));
    }
    pieces.clear();
  }

  /** Spark marks the tasks of a cancelled job and waits until they look; a round may be long. */
  private static void endIfKilled() {
    TaskContext task = TaskContext.get();
    if (task != null && task.isInterrupted()) {
      throw new TaskKilledException("its job was cancelled, or it was killed");
    }
  }

  private void sumRun(int from, int to, ReductionTree<Sums> tree) {
    Network network = setup.network();
    Workspace workspace = setup.takeWorkspace();
    long ofEpoch = RandomStream.hash(setup.seed(), Purpose.DROPOUT, epoch);
    for (int i = from; i < to; i++) {
      Piece piece = pieces.get(i);
      Slice slice = piece.slice();
      int[] order = piece.shard().epochOrder(setup.seed(), epoch);
      piece.shard().decode(order, slice.from(), slice.to(), setup.preprocessing(), workspace);
      float[] gradient = Buffers.take(parameters.length);
      long key = RandomStream.hash(ofEpoch, Purpose.DROPOUT, slice.shard(), slice.from());
      double loss = network.gradient(parameters, workspace, slice.rows(), gradient, key);
      ExecutorMetrics.slice(slice.rows());
      double weight = workspace.totalWeight(slice.rows());
      tree.add(piece.number(), new Sums(new float[][] {gradient}, loss, slice.rows(), weight));
    }
    setup.giveWorkspace(workspace);
  }
}
