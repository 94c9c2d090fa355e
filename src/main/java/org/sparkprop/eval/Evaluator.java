package org.sparkprop.eval;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.ReductionTree.Node;
import org.sparkprop.data.Shard;
import org.sparkprop.data.ShardTree;
import org.sparkprop.data.Shards;
import org.sparkprop.model.BlasOfJvm;
import org.sparkprop.model.BlasOfRun;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Workspace;
import org.sparkprop.spark.FloatVector;
import org.sparkprop.spark.ScopedBroadcast;

/** Evaluates parameters on packed rows, in one Spark job over all partitions. */
public final class Evaluator {
  /** Rows of one forward pass, fewer where they are wide; changes no figure but speed. */
  private static final int MAX_ROWS = 256;

  private static final int MAX_FLOATS = 1 << 24;

  private final JavaSparkContext spark;
  private final Network network;
  private final Preprocessing preprocessing;
  private final boolean ranked;
  private final BlasOfRun blas;

  /**
   * @param ranked whether rows are ranked by their scores, too, for {@link Metric#ROC_AUC} and
   *     {@link Metric#PR_AUC}; all other metrics are free
   * @param blas is told of every JVM that counts rows
   */
  public Evaluator(
      JavaSparkContext spark,
      Network network,
      Preprocessing preprocessing,
      boolean ranked,
      BlasOfRun blas) {
    this.spark = spark;
    this.network = network;
    this.preprocessing = preprocessing;
    this.ranked = ranked;
    this.blas = blas;
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

  /** What a task gives back. */
  @DefaultSerializer(JavaSerializer.class)
  private record Counted(List<Node<Tally>> nodes, BlasOfJvm blas) implements Serializable {}

  /**
   * The figures of all rows: the same bits for any number of partitions, as a {@link ShardTree}
   * adds the tallies of the shards.
   */
  public Evaluation evaluate(Shards shards, float[] parameters) {
    int rows = Math.max(1, Math.min(sliceRows(), shards.largestShard()));
    boolean weighted = shards.weighted() || !preprocessing.classWeights().isNone();
    TallyPlan plan = TallyPlan.of(network, weighted, ranked, shards.rows());
    Work value = new Work(network, preprocessing, FloatVector.asView(parameters), rows, plan);
    try (ScopedBroadcast<Work> shared = ScopedBroadcast.of(spark, value)) {
      Broadcast<Work> work = shared.broadcast();
      List<Counted> counted =
          shards.rdd().mapPartitions(partition -> count(work.value(), partition)).collect();
      counted.forEach(task -> blas.add(task.blas()));
      shards.tellOfLosses();
      List<Node<Tally>> nodes = counted.stream().flatMap(task -> task.nodes().stream()).toList();
      Tally tally = nodes.isEmpty() ? plan.newTally(0) : ShardTree.complete(nodes);
      Evaluation evaluation = tally.evaluation(network);
      if (evaluation.rows() != shards.rows()) {
        throw new IllegalStateException(
            "The evaluation came back with %,d rows (expected %,d): rows were lost or read twice"
                .formatted(evaluation.rows(), shards.rows()));
      }
      return evaluation;
    }
  }

  private int sliceRows() {
    return Math.min(MAX_ROWS, MAX_FLOATS / network.topology().inputWidth());
  }

  private static Iterator<Counted> count(Work work, Iterator<Shard> shards) {
    Workspace workspace = new Workspace(work.network().topology(), work.sliceRows());
    List<Node<Tally>> nodes = new ArrayList<>();
    ShardTree.count(shards, shard -> count(work, shard, workspace)).forEachRemaining(nodes::add);
    return nodes.isEmpty()
        ? Collections.emptyIterator()
        : List.of(new Counted(nodes, BlasOfJvm.here())).iterator();
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
