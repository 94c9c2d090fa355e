package org.sparkprop.eval;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.Shard;
import org.sparkprop.data.ShardTree;
import org.sparkprop.data.Shards;
import org.sparkprop.data.Shared;
import org.sparkprop.model.FloatVector;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Workspace;

/** Evaluates parameters on packed rows, in one Spark job over all partitions. */
public final class Evaluator {
  /** Rows of one forward pass, fewer where they are wide; changes no figure but speed. */
  private static final int MOST_ROWS = 256;

  private static final int MOST_FLOATS = 1 << 24;

  private final JavaSparkContext spark;
  private final Network network;
  private final Preprocessing preprocessing;
  private final boolean ranked;

  /**
   * @param ranked whether rows are ranked by their scores, too, for {@link Metric#ROC_AUC} and
   *     {@link Metric#PR_AUC}; all other metrics are free
   */
  public Evaluator(
      JavaSparkContext spark, Network network, Preprocessing preprocessing, boolean ranked) {
    this.spark = spark;
    this.network = network;
    this.preprocessing = preprocessing;
    this.ranked = ranked;
  }

  /** What executors need; one broadcast. */
  @DefaultSerializer(JavaSerializer.class)
  private record Work(
      Network network,
      Preprocessing preprocessing,
      FloatVector parameters,
      int sliceRows,
      TallyPlan plan)
      implements Serializable {}

  /**
   * The figures of all rows: the same bits for any number of partitions, as a {@link ShardTree}
   * adds the tallies of the shards.
   */
  public Evaluation evaluate(Shards shards, float[] parameters) {
    int rows = Math.max(1, Math.min(sliceRows(), shards.largestShard()));
    boolean weighted = shards.weighted() || !preprocessing.classWeights().isNone();
    TallyPlan plan = TallyPlan.of(network, weighted, ranked, shards.rows());
    Work value = new Work(network, preprocessing, FloatVector.asView(parameters), rows, plan);
    try (Shared<Work> shared = Shared.of(spark, value)) {
      Broadcast<Work> work = shared.broadcast();
      List<ShardTree.Node<Tally>> nodes =
          shards.rdd().mapPartitions(partition -> count(work.value(), partition)).collect();
      Tally tally = nodes.isEmpty() ? plan.newTally(0) : ShardTree.complete(nodes);
      return tally.evaluation(network);
    }
  }

  private int sliceRows() {
    return Math.min(MOST_ROWS, MOST_FLOATS / network.topology().inputWidth());
  }

  private static Iterator<ShardTree.Node<Tally>> count(Work work, Iterator<Shard> shards) {
    Workspace workspace = new Workspace(work.network().topology(), work.sliceRows());
    return ShardTree.count(shards, shard -> count(work, shard, workspace));
  }

  private static Tally count(Work work, Shard shard, Workspace workspace) {
    float[] parameters = work.parameters().array();
    Tally tally = work.plan().newTally(shard.rows());
    int[] order = shard.storedOrder();
    for (int from = 0; from < shard.rows(); from += work.sliceRows()) {
      int rows = Math.min(work.sliceRows(), shard.rows() - from);
      shard.decode(order, from, from + rows, work.preprocessing(), workspace);
      work.network().predictWithLoss(parameters, workspace, rows);
      work.preprocessing().targetScaling().restore(workspace.output(), rows);
      work.preprocessing().targetScaling().restore(workspace.targets(), rows);
      tally.add(workspace, rows);
    }
    tally.finish();
    return tally;
  }
}
