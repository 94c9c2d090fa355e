package org.sparkprop.eval;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.sparkprop.data.ReductionTree;
import org.sparkprop.data.ShardTree;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.LearningTask;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;
import org.sparkprop.nn.Workspace;

/** Rows with what a network gave for them, as tallies take them. */
final class TallyRows {
  private static final int SLICE = 7;

  private final LearningTask task;
  private final int width;
  private final double[] truth;
  private final float[] logits;
  private final float[] output;
  private final float[] weights;

  /**
   * @param truth classes (rows), or labels or targets (rows, width)
   * @param logits (rows, width); so is {@code output}
   * @param weights (rows)
   */
  TallyRows(
      LearningTask task,
      int width,
      double[] truth,
      float[] logits,
      float[] output,
      float[] weights) {
    this.task = task;
    this.width = width;
    this.truth = truth;
    this.logits = logits;
    this.output = output;
    this.weights = weights;
  }

  int rows() {
    return weights.length;
  }

  Network network() {
    String last =
        switch (task) {
          case CLASSIFICATION -> width == 1 ? "sigmoid" : "softmax";
          case MULTI_LABEL -> "sigmoid";
          case REGRESSION -> "linear";
        };
    Topology topology = Topology.of(1, LayerSpec.parseList(width + " " + last));
    return new Network(topology, Loss.defaultFor(topology.sizes().get(0).activation()), task);
  }

  TallyPlan plan(boolean weighted, boolean ranked) {
    return TallyPlan.of(network(), weighted, ranked, rows());
  }

  /** The figures of all rows as one shard. */
  Evaluation evaluate(TallyPlan plan) {
    return tally(plan, 0, rows()).evaluation(network());
  }

  /** A tally of a shard of neighbouring rows; the loss of each is its number. */
  Tally tally(TallyPlan plan, int from, int to) {
    Tally tally = plan.newTally(to - from);
    Workspace slice = network().workspace(SLICE);
    for (int start = from; start < to; start += SLICE) {
      int end = Math.min(start + SLICE, to);
      for (int row = start; row < end; row++) {
        copy(row, slice, row - start);
      }
      tally.add(slice, end - start);
    }
    tally.finish();
    return tally;
  }

  private void copy(int row, Workspace slice, int to) {
    if (task == LearningTask.CLASSIFICATION) {
      slice.labels()[to] = (int) truth[row];
    }
    for (int i = 0; i < width; i++) {
      if (task != LearningTask.CLASSIFICATION) {
        slice.targets()[to * width + i] = (float) truth[row * width + i];
      }
      slice.logits()[to * width + i] = logits[row * width + i];
      slice.output()[to * width + i] = output[row * width + i];
    }
    slice.weights()[to] = weights[row];
    slice.losses()[to] = row;
  }

  /**
   * The figures from shards that lie in tasks.
   *
   * @param shards the last row of each shard, and one more; an empty shard is not there
   * @param tasks the first shard of each task but the first
   */
  Evaluation evaluate(TallyPlan plan, List<Integer> shards, List<Integer> tasks)
      throws IOException, ClassNotFoundException {
    List<ReductionTree.Node<Tally>> nodes = new ArrayList<>();
    ReductionTree<Tally> tree = new ReductionTree<>(Tally::add);
    int from = 0;
    for (int shard = 0; shard < shards.size(); shard++) {
      if (tasks.contains(shard)) {
        nodes.addAll(0, returned(tree)); // tasks end in any order
        tree = new ReductionTree<>(Tally::add);
      }
      if (shards.get(shard) > from) {
        tree.add(shard, tally(plan, from, shards.get(shard)));
      }
      from = shards.get(shard);
    }
    nodes.addAll(0, returned(tree));
    return ShardTree.complete(nodes).evaluation(network());
  }

  /** The nodes as they come back from a task. */
  @SuppressWarnings("unchecked")
  private static List<ReductionTree.Node<Tally>> returned(ReductionTree<Tally> tree)
      throws IOException, ClassNotFoundException {
    List<ReductionTree.Node<Tally>> nodes = new ArrayList<>();
    for (ReductionTree.Node<Tally> node : tree.nodes()) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(node);
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        nodes.add((ReductionTree.Node<Tally>) in.readObject());
      }
    }
    return nodes;
  }
}
