package org.sparkprop.train;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.sparkprop.data.ReductionTree.Node;
import org.sparkprop.data.Shard;
import org.sparkprop.model.BlasOfJvm;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction2;

/**
 * The reduction of a round on the executors: the elements are cut into ranges, a shuffle brings all
 * nodes of a range together, and the driver gets the total of each range. The tree is the same for
 * each element, and so are the bits.
 */
final class ExecutorReduction {
  private ExecutorReduction() {}

  /** The total of a range of the elements; each vector has that range of its elements. */
  @DefaultSerializer(JavaSerializer.class)
  private record Total(int range, TaskSums sums) implements Serializable {}

  /**
   * Runs a job whose tasks are {@code task}, and gives one node for all of them.
   *
   * @param shards a partition for each task
   * @param ranges how many ranges, and so tasks of the second stage
   */
  static TaskSums run(
      JavaRDD<Shard> shards,
      AbstractFunction2<TaskContext, scala.collection.Iterator<Shard>, TaskSums> task,
      int ranges) {
    PairFlatMapFunction<Iterator<Shard>, Integer, TaskSums> cut =
        partition ->
            task.apply(TaskContext.get(), CollectionConverters.asScala(partition)).cut(ranges);
    JavaPairRDD<Integer, TaskSums> pieces =
        shards.mapPartitionsToPair(cut).partitionBy(new HashPartitioner(ranges));
    JavaRDD<Total> totals =
        pieces.mapPartitionsWithIndex((range, ofRange) -> complete(range, ofRange), true);
    try {
      List<Total> collected = new ArrayList<>(totals.collect());
      collected.sort(Comparator.comparingInt(Total::range));
      return TaskSums.join(collected.stream().map(Total::sums).toList());
    } finally {
      totals.rdd().cleanShuffleDependencies(false);
    }
  }

  private static Iterator<Total> complete(int range, Iterator<Tuple2<Integer, TaskSums>> ofRange) {
    List<Node<Sums>> nodes = new ArrayList<>();
    long nanos = 0;
    Set<BlasOfJvm> blas = new HashSet<>();
    while (ofRange.hasNext()) {
      TaskSums piece = ofRange.next()._2();
      nodes.addAll(piece.nodes());
      nanos = Math.max(nanos, piece.nanos());
      blas.addAll(piece.blas());
    }
    Completion sums = Completion.of(nodes);
    float[][] vectors = sums.total().vectors();
    IntStream.range(0, vectors.length).forEach(v -> sums.addRange(v, 0, vectors[v].length));
    Node<Sums> total = new Node<>(0, 0, sums.total());
    return List.of(new Total(range, new TaskSums(List.of(total), nanos, blas))).iterator();
  }
}
