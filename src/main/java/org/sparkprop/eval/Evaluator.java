package org.sparkprop.eval;

import java.io.Serializable;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.Shard;
import org.sparkprop.data.Shards;
import org.sparkprop.data.Shared;
import org.sparkprop.model.FloatVector;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Task;
import org.sparkprop.nn.Workspace;

/** Evaluates parameters on packed rows, in one Spark job over all partitions. */
public final class Evaluator {
  /** Rows of one forward pass, fewer where they are wide; changes no figure but speed. */
  private static final int MOST_ROWS = 256;

  private static final int MOST_FLOATS = 1 << 24;

  private final JavaSparkContext spark;
  private final Network network;
  private final Preprocessing preprocessing;

  public Evaluator(JavaSparkContext spark, Network network, Preprocessing preprocessing) {
    this.spark = spark;
    this.network = network;
    this.preprocessing = preprocessing;
  }

  /** What executors need; one broadcast. */
  private record Setup(
      Network network, Preprocessing preprocessing, FloatVector parameters, int sliceRows)
      implements Serializable {}

  /** Counts of the rows of one partition, and the sum of losses of each of its shards. */
  private record Counts(ConfusionMatrix confusion, Map<Integer, Double> losses)
      implements Serializable {}

  /**
   * The confusion matrix and the mean loss of all rows. Both are the same bits for any number of
   * partitions: counts are whole numbers, and losses are added shard by shard, in order.
   */
  public Evaluation evaluate(Shards shards, float[] parameters) {
    int rows = Math.max(1, Math.min(sliceRows(), shards.largestShard()));
    Setup value = new Setup(network, preprocessing, FloatVector.asView(parameters), rows);
    try (Shared<Setup> shared = Shared.of(spark, value)) {
      Broadcast<Setup> task = shared.broadcast();
      List<Counts> partitions =
          shards.rdd().mapPartitions(partition -> count(task.value(), partition)).collect();
      ConfusionMatrix confusion = new ConfusionMatrix(network.classes());
      Map<Integer, Double> losses = new TreeMap<>();
      for (Counts partition : partitions) {
        confusion.add(partition.confusion());
        losses.putAll(partition.losses());
      }
      double loss = 0;
      for (double ofShard : losses.values()) {
        loss += ofShard;
      }
      return new Evaluation(confusion, network.meanLoss(loss, shards.weight()));
    }
  }

  private int sliceRows() {
    return Math.min(MOST_ROWS, MOST_FLOATS / network.topology().inputWidth());
  }

  private static Iterator<Counts> count(Setup task, Iterator<Shard> shards) {
    Network network = task.network();
    float[] parameters = task.parameters().array();
    Workspace workspace = new Workspace(network.topology(), task.sliceRows());
    ConfusionMatrix confusion = new ConfusionMatrix(network.classes());
    Map<Integer, Double> losses = new TreeMap<>();
    while (shards.hasNext()) {
      Shard shard = shards.next();
      int[] order = shard.storedOrder();
      double loss = 0;
      for (int from = 0; from < shard.rows(); from += task.sliceRows()) {
        int to = Math.min(from + task.sliceRows(), shard.rows());
        shard.decode(order, from, to, task.preprocessing(), workspace);
        loss += network.predictWithLoss(parameters, workspace, to - from);
        for (int row = 0; row < to - from && network.task() == Task.CLASSIFICATION; row++) {
          confusion.add(workspace.labels()[row], network.predictedClass(workspace, row));
        }
      }
      losses.put(shard.number(), loss);
    }
    return Collections.singleton(new Counts(confusion, losses)).iterator();
  }
}
