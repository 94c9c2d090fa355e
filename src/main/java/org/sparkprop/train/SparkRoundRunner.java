package org.sparkprop.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.ReductionTree.Node;
import org.sparkprop.data.Shard;
import org.sparkprop.data.Shards;
import org.sparkprop.model.BlasOfJvm;
import org.sparkprop.model.BlasOfRun;
import org.sparkprop.spark.ScopedBroadcast;
import org.sparkprop.train.options.ReductionPlace;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;

/**
 * A round as one Spark job: broadcast, a task for each partition with rows of the round, one result
 * a task.
 */
final class SparkRoundRunner implements RoundRunner, AutoCloseable {
  private static final ClassTag<TaskSums> TASK_SUMS = ClassTag$.MODULE$.apply(TaskSums.class);

  private final JavaSparkContext spark;
  private final Shards shards;
  private final Algorithm algorithm;
  private final ScopedBroadcast<TaskSetup> setup;
  private final ReductionPlace reduction;
  private final BlasOfRun blas;

  /**
   * @param reduction where the sums of tasks meet
   * @param blas is told of every JVM whose sums come back
   */
  SparkRoundRunner(
      JavaSparkContext spark,
      Shards shards,
      TaskSetup setup,
      ReductionPlace reduction,
      BlasOfRun blas) {
    this.spark = spark;
    this.shards = shards;
    this.algorithm = setup.algorithm();
    this.setup = ScopedBroadcast.of(spark, setup);
    this.reduction = reduction;
    this.blas = blas;
  }

  @Override
  public Returned run(TrainingState state, Round round) {
    RoundInput sent = algorithm.sent(state);
    // Partitions without rows of the round get no task, and blocks without are not read.
    JavaRDD<Shard> some = shards.holding(algorithm.shardsOf(round));
    long bytes = (long) sent.vectors().length * state.parameters().length * Float.BYTES;
    if (reduction.onExecutors(some.getNumPartitions(), bytes, spark.isLocal())) {
      return runOnCluster(sent, round, task -> reduceOnExecutors(task, some));
    }
    return spark.isLocal()
        ? runInProcess(sent, round, some)
        : runOnCluster(sent, round, task -> runJob(task, some));
  }

  @Override
  public void close() {
    setup.close();
  }

  private Returned runInProcess(RoundInput sent, Round round, JavaRDD<Shard> shards) {
    try (InProcessRound here = InProcessRound.open(sent)) {
      long start = System.nanoTime();
      runJob(new Task(setup.broadcast(), round, null, here.number()), shards);
      return returned(here.sums(), 0, System.nanoTime() - start);
    }
  }

  private Returned runOnCluster(RoundInput sent, Round round, Function<Task, List<TaskSums>> job) {
    long start = System.nanoTime();
    try (ScopedBroadcast<RoundInput> state = ScopedBroadcast.of(spark, sent)) {
      long broadcast = System.nanoTime();
      List<TaskSums> sums = job.apply(new Task(setup.broadcast(), round, state.broadcast(), 0));
      return returned(sums, broadcast - start, System.nanoTime() - broadcast);
    }
  }

  private List<TaskSums> runJob(Task task, JavaRDD<Shard> shards) {
    Object ofTasks = withinLimit(true, () -> spark.sc().runJob(shards.rdd(), task, TASK_SUMS));
    return Arrays.asList((TaskSums[]) ofTasks);
  }

  private List<TaskSums> reduceOnExecutors(Task task, JavaRDD<Shard> shards) {
    int ranges = Math.min(shards.getNumPartitions(), spark.defaultParallelism());
    return List.of(withinLimit(false, () -> ExecutorReduction.run(shards, task, ranges)));
  }

  private static <T> T withinLimit(boolean perTask, Supplier<T> job) {
    try {
      return job.get();
    } catch (Throwable failed) { // Spark's exceptions are checked, which Scala does not declare
      InvalidInputException tooMuch = ResultLimit.in(failed, perTask);
      if (tooMuch == null) {
        throw failed;
      }
      throw tooMuch;
    }
  }

  private Returned returned(List<TaskSums> ofTasks, long broadcastNanos, long jobNanos) {
    List<Node<Sums>> nodes = new ArrayList<>();
    long longest = 0;
    for (TaskSums ofTask : ofTasks) {
      nodes.addAll(ofTask.nodes());
      longest = Math.max(longest, ofTask.nanos());
      ofTask.blas().forEach(blas::add);
    }
    shards.tellOfLosses();
    return new Returned(nodes, broadcastNanos, jobNanos, longest);
  }

  /**
   * What a task does. A class of its own, not a lambda: Spark reads the class file of whoever makes
   * a lambda, for each job anew, to see what it captures.
   */
  private static final class Task extends AbstractFunction2<TaskContext, Iterator<Shard>, TaskSums>
      implements Serializable {
    private final Broadcast<TaskSetup> setup;
    private final Round round;
    private final @Nullable Broadcast<RoundInput> state;
    private final long inProcess;

    Task(
        Broadcast<TaskSetup> setup,
        Round round,
        @Nullable Broadcast<RoundInput> state,
        long inProcess) {
      this.setup = setup;
      this.round = round;
      this.state = state;
      this.inProcess = inProcess;
    }

    @Override
    public TaskSums apply(TaskContext context, Iterator<Shard> shards) {
      if (state != null) {
        return sums(state.value(), shards);
      }
      InProcessRound here = InProcessRound.of(inProcess);
      here.put(context.partitionId(), sums(here.state(), shards));
      return new TaskSums();
    }

    private TaskSums sums(RoundInput sent, Iterator<Shard> shards) {
      TaskSetup setup = this.setup.value();
      long start = System.nanoTime();
      try (Team team = new Team(setup.threads())) {
        List<Node<Sums>> nodes =
            setup.algorithm().sums(setup, sent, round, CollectionConverters.asJava(shards), team);
        long nanos = System.nanoTime() - start;
        ExecutorMetrics.task(nanos);
        return new TaskSums(nodes, nanos, Set.of(BlasOfJvm.here()));
      }
    }
  }
}
