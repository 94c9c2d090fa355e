package org.sparkprop.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkprop.data.LabelFormat;
import org.sparkprop.data.Layout;
import org.sparkprop.data.Preprocessing.FeatureType;
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.ShardPlan;
import org.sparkprop.data.Shards;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;
import org.sparkprop.optim.LearningRateSchedule;
import org.sparkprop.train.options.LocalSteps;
import org.sparkprop.train.options.Settings;
import org.sparkprop.train.options.TrainingOptions;
import org.sparkprop.train.options.TrainingOptionsBuilder;

/** Measures a network on this cluster, from the matrix product up to whole training runs. */
public final class Benchmark {
  /** Rows to measure with: those of MNIST, or fewer where a network is slow. */
  private static final long MAX_ROWS = 60_000;

  private static final int ROUNDS_OF_AN_EPOCH = 300;
  private static final int KERNEL_ROWS_OF_A_TASK = 2048;
  private static final int TURNS = 7;

  /** Steps take the same time at any rate, and labels that mean nothing make no step diverge. */
  private static final double TINY_RATE = 1e-9;

  private final SparkSession session;
  private final JavaSparkContext spark;
  private final int features;
  private final TrainingOptions options;
  private final double seconds;
  private final Consumer<String> progress;

  /**
   * @param options layers, batch size, optimiser and local steps of the runs
   * @param seconds about how long each measurement takes
   * @param progress is told what is measured next
   */
  public Benchmark(
      SparkSession session,
      int features,
      TrainingOptions options,
      double seconds,
      Consumer<String> progress) {
    this.session = session;
    this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    this.features = features;
    this.options = options;
    this.seconds = seconds;
    this.progress = progress;
  }

  /** Runs everything, one after another. */
  public BenchmarkResult run() {
    Network network = new Network(Topology.of(features, options.layers()), options.loss());
    int threads = spark.getConf().getInt("spark.task.cpus", 1);
    int cores = spark.defaultParallelism();
    int tasks = Math.max(1, cores / threads);
    progress.accept("matrix products and the kernel");
    Floor floor = floor(network, cores);
    double kernel = floor.kernel();
    progress.accept("empty Spark jobs");
    double emptyJob = EmptyJob.milliseconds(spark, tasks);
    progress.accept("training with gradient averaging");
    TrainingSpeed averaging =
        TrainingSpeed.measure(
            session,
            rows(network, kernel, options.batchSize()),
            builder(LocalSteps.ONE, 1),
            seconds);
    progress.accept("training with local steps");
    int workers = options.workers() > 1 ? options.workers() : tasks;
    TrainingSpeed local =
        TrainingSpeed.measure(
            session,
            rows(network, kernel, options.batchSize() * workers),
            builder(
                options.localSteps().equals(LocalSteps.ONE)
                    ? LocalSteps.AUTO
                    : options.localSteps(),
                workers),
            seconds);
    return new BenchmarkResult(
        network, options, floor.executors(), cores, kernel, emptyJob, averaging, workers, local);
  }

  private TrainingOptionsBuilder builder(LocalSteps localSteps, int workers) {
    return TrainingOptions.of(options.layers())
        .loss(options.loss())
        .optimizer(
            options
                .optimizer()
                .withSchedule(LearningRateSchedule.CONSTANT)
                .withLearningRate(TINY_RATE))
        .batchSize(options.batchSize())
        .sliceSize(options.sliceSize())
        .with(Settings.REDUCTION, options.reduction())
        .localSteps(localSteps)
        .workers(workers);
  }

  private int executors() {
    int known = spark.sc().statusTracker().getExecutorInfos().length;
    return spark.isLocal() ? 1 : Math.max(1, known - 1); // the driver is among them
  }

  /** What no training can be faster than. */
  private record Floor(List<ExecutorSpeed> executors, double kernel) {}

  /**
   * Matrix products and the kernel by turns, since a machine that is not ours alone is slower at
   * times; medians.
   */
  private Floor floor(Network network, int cores) {
    int classes = network.classes();
    int rowsOfTask = Math.max(options.sliceSize(), KERNEL_ROWS_OF_A_TASK);
    Dataset<Row> rows = GeneratedRows.of(session, (long) cores * rowsOfTask, features, classes);
    RowFormat format =
        new RowFormat(
            "generated rows", FeatureType.BYTE, features, LabelFormat.classes(classes), false);
    List<List<ExecutorSpeed>> products = new ArrayList<>();
    List<Double> kernels = new ArrayList<>();
    Layout oneEach = Layout.of(cores, cores, 0, cores, null);
    try (Shards shards = Shards.pack(rows, format, ShardPlan.all(cores, 1), oneEach)) {
      KernelSpeed kernel = new KernelSpeed(shards, network, options.sliceSize());
      kernel.measure(seconds); // the JIT compiles
      for (int turn = 0; turn < TURNS; turn++) {
        products.add(ExecutorSpeed.measureAll(spark, executors()));
        kernels.add(kernel.measure(2 * seconds / TURNS));
      }
    }
    kernels.sort(null);
    return new Floor(ExecutorSpeed.medians(products), kernels.get(TURNS / 2));
  }

  /** Rows for an epoch of about a second, or less if asked for, of a few hundred rounds at most. */
  private Dataset<Row> rows(Network network, double kernel, long rowsOfRound) {
    double epoch = Math.min(1, seconds);
    double rounds = ROUNDS_OF_AN_EPOCH * epoch * rowsOfRound;
    long most = (long) Math.min(MAX_ROWS, Math.min(rounds, kernel * epoch));
    long rows = Math.max(4 * rowsOfRound, most);
    return GeneratedRows.of(session, rows, features, network.classes());
  }
}
