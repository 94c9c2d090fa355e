package org.sparkprop.train;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.Shard;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Workspace;
import org.sparkprop.train.Batch.Slice;

/** The same sums on one thread without Spark, for tests with thousands of rounds. */
final class LocalGradients implements Gradients {
  private final Map<Integer, Shard> shards = new HashMap<>();
  private final Network network;
  private final Preprocessing preprocessing;
  private final long seed;
  private final Workspace workspace;

  LocalGradients(
      List<Shard> shards, Network network, Preprocessing preprocessing, int sliceSize, long seed) {
    shards.forEach(shard -> this.shards.put(shard.number(), shard));
    this.network = network;
    this.preprocessing = preprocessing;
    this.seed = seed;
    this.workspace = new Workspace(network.topology(), sliceSize);
  }

  @Override
  public GradientSums sum(float[] parameters, Batch batch) {
    ReductionTree tree = new ReductionTree();
    for (int number = 0; number < batch.slices().size(); number++) {
      Slice slice = batch.slices().get(number);
      Shard shard = Objects.requireNonNull(shards.get(slice.shard()));
      int[] order = shard.epochOrder(seed, batch.epoch());
      shard.decode(order, slice.from(), slice.to(), preprocessing, workspace);
      float[] gradient = new float[parameters.length];
      double loss = network.gradient(parameters, workspace, slice.rows(), gradient);
      tree.add(number, new GradientSums(gradient, loss, slice.rows()));
    }
    return ReductionTree.complete(tree.nodes());
  }
}
