package org.sparkprop.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.Shard;
import org.sparkprop.data.Shards;
import org.sparkprop.data.Shared;
import org.sparkprop.model.FloatVector;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;
import org.sparkprop.nn.Workspace;
import org.sparkprop.train.Batch.Slice;
import org.sparkprop.train.ReductionTree.Node;

/**
 * A round as one Spark job: broadcast, a task for each partition with rows of the batch, reduce.
 */
final class SparkGradients implements Gradients, AutoCloseable {
  private final JavaSparkContext spark;
  private final Shards shards;
  private final Shared<Setup> setup;

  /**
   * @param sliceSize most rows of a slice
   */
  SparkGradients(
      JavaSparkContext spark,
      Shards shards,
      Network network,
      Preprocessing preprocessing,
      int sliceSize,
      long seed) {
    this.spark = spark;
    this.shards = shards;
    int rows = Math.max(1, Math.min(sliceSize, shards.largestShard()));
    this.setup = Shared.of(spark, new Setup(network, preprocessing, rows, seed));
  }

  /** What stays the same for all rounds. */
  private record Setup(Network network, Preprocessing preprocessing, int sliceSize, long seed)
      implements Serializable {}

  /** What each round broadcasts. */
  private record Round(FloatVector parameters, Batch batch) implements Serializable {}

  @Override
  public GradientSums sum(float[] parameters, Batch batch) {
    Round value = new Round(FloatVector.asView(parameters), batch);
    try (Shared<Round> shared = Shared.of(spark, value)) {
      Broadcast<Round> round = shared.broadcast();
      Broadcast<Setup> setup = this.setup.broadcast();
      JavaRDD<Node> job =
          shards
              .rdd()
              .mapPartitions(partition -> sumSlices(setup.value(), round.value(), partition));
      List<Node> nodes = new ArrayList<>();
      for (List<Node> ofTask : job.collectPartitions(partitionsOf(batch))) {
        nodes.addAll(ofTask);
      }
      return ReductionTree.complete(nodes);
    }
  }

  @Override
  public void close() {
    setup.close();
  }

  /** Partitions without a slice of the batch get no task. */
  private int[] partitionsOf(Batch batch) {
    return batch.slices().stream()
        .mapToInt(slice -> shards.partitionOf(slice.shard()))
        .distinct()
        .toArray();
  }

  /** What a task does: a gradient for each slice that it holds, and the nodes that cover them. */
  private static Iterator<Node> sumSlices(Setup setup, Round round, Iterator<Shard> shards) {
    Network network = setup.network();
    Workspace workspace = Workspaces.of(network.topology(), setup.sliceSize());
    ReductionTree tree = new ReductionTree();
    List<Slice> slices = round.batch().slices();
    int number = 0;
    while (shards.hasNext() && number < slices.size()) {
      Shard shard = shards.next();
      while (number < slices.size() && slices.get(number).shard() < shard.number()) {
        number++;
      }
      int[] order = null;
      for (; number < slices.size() && slices.get(number).shard() == shard.number(); number++) {
        if (order == null) {
          order = shard.epochOrder(setup.seed(), round.batch().epoch());
        }
        Slice slice = slices.get(number);
        shard.decode(order, slice.from(), slice.to(), setup.preprocessing(), workspace);
        float[] gradient = new float[network.topology().parameterCount()];
        double loss =
            network.gradient(round.parameters().array(), workspace, slice.rows(), gradient);
        tree.add(number, new GradientSums(gradient, loss, slice.rows()));
      }
    }
    return tree.nodes().iterator();
  }

  /** The workspace that each of Spark's task threads keeps from round to round. */
  private static final class Workspaces {
    private static final ThreadLocal<@Nullable Workspace> OF_THREAD = new ThreadLocal<>();

    private Workspaces() {}

    static Workspace of(Topology topology, int maxRows) {
      Workspace kept = OF_THREAD.get();
      if (kept == null || kept.topology() != topology || kept.maxRows() != maxRows) {
        kept = new Workspace(topology, maxRows);
        OF_THREAD.set(kept);
      }
      return kept;
    }
  }
}
