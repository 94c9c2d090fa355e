package org.sparkprop.train;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.InvalidInputException;
import org.sparkprop.data.Layout;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.ShardPlan;
import org.sparkprop.data.ShardPlan.Selection;
import org.sparkprop.data.Shards;
import org.sparkprop.eval.Evaluation;
import org.sparkprop.eval.Evaluator;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.model.Model;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;
import org.sparkprop.optim.RunLength;

/** A whole training run on Spark: rows are packed, the trainer trains, a model comes out. */
public final class Training {
  private final JavaSparkContext spark;
  private final TrainingOptions options;
  private final TrainingListener listener;

  public Training(SparkSession spark, TrainingOptions options, TrainingListener listener) {
    this.spark = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.options = options;
    this.listener = listener;
  }

  /**
   * What comes out of a run.
   *
   * @param options those of the run, with the number of local steps where that was measured
   * @param rows rows that were trained on
   */
  public record Result(
      Model model, TrainingOptions options, List<EpochRecord> history, long rows) {}

  /**
   * Trains on rows with the columns {@code row}, {@code features} and {@code label}.
   *
   * @param name what the user calls the rows, for messages
   * @throws InvalidInputException if the rows cannot be used, before the first round
   */
  public Result run(Dataset<Row> rows, String name) {
    return run(rows, formatOf(rows, name));
  }

  /** The format of these rows, for a network of these options. */
  public RowFormat formatOf(Dataset<Row> rows, String name) {
    int outputs = options.layers().get(options.layers().size() - 1).width();
    return RowFormat.of(rows, name, Math.max(2, outputs));
  }

  /** The same with a format that is known already. */
  public Result run(Dataset<Row> rows, RowFormat format) {
    Preprocessing preprocessing = Preprocessing.standard(format.features());
    Network network = networkFor(format);
    long count = RowFormat.count(rows);
    int shards =
        options.shards() == null
            ? Math.max(options.workers(), ShardPlan.standardShards(count, format))
            : options.shards();
    int groups = options.localSteps().equals(StepsPerRound.ONE) ? shards : options.workers();
    try (Shards training = pack(rows, count, format, shards, groups, Selection.TRAINING);
        Shards heldOut = holdOut(rows, count, format, shards)) {
      refuseEmpty(training, heldOut, format.name());
      listener.started(
          new TrainingFacts(
              network,
              options,
              training.rows(),
              heldOut == null ? 0 : heldOut.rows(),
              shards,
              format.packedRowBytes(),
              training.bytes() + (heldOut == null ? 0 : heldOut.bytes()),
              training.bytesOnDisk() + (heldOut == null ? 0 : heldOut.bytesOnDisk()),
              training.blas()));
      return train(network, preprocessing, training, heldOut);
    }
  }

  private Network networkFor(RowFormat format) {
    try {
      return new Network(Topology.of(format.width(), options.layers()), options.loss());
    } catch (IllegalArgumentException tooLarge) {
      throw new InvalidInputException(
          "Cannot use %s: %s".formatted(format.name(), tooLarge.getMessage()), tooLarge);
    }
  }

  private Result train(
      Network network, Preprocessing preprocessing, Shards training, @Nullable Shards heldOut) {
    float[] parameters = options.initializer().parameters(network.topology(), options.seed());
    Evaluator evaluator = new Evaluator(spark, network, preprocessing);
    Function<float[], Evaluation> validation =
        heldOut == null ? null : now -> evaluator.evaluate(heldOut, now);
    Function<Algorithm, SparkRounds> onSpark =
        algorithm -> rounds(network, preprocessing, training, algorithm);
    StepsPerRound steps = localSteps(network, training, onSpark, parameters);
    Algorithm algorithm = algorithm(network, training, steps);
    try (SparkRounds rounds = onSpark.apply(algorithm)) {
      Trainer trainer = new Trainer(network, options, algorithm, rounds, validation, listener);
      List<EpochRecord> history = trainer.fit(parameters);
      List<String> labels =
          IntStream.range(0, network.classes()).mapToObj(Integer::toString).toList();
      Model model = new Model(network, preprocessing, labels, parameters);
      return new Result(model, options.withLocalSteps(steps), history, training.rows());
    }
  }

  private SparkRounds rounds(
      Network network, Preprocessing preprocessing, Shards training, Algorithm algorithm) {
    int sliceRows = Math.max(1, Math.min(options.sliceSize(), training.largestShard()));
    TaskSetup setup =
        new TaskSetup(
            network, preprocessing, algorithm, options.seed(), sliceRows, threads(training));
    return new SparkRounds(spark, training, setup, options.reduction());
  }

  /** The number of local steps, measured if that was asked for. */
  private StepsPerRound localSteps(
      Network network,
      Shards training,
      Function<Algorithm, SparkRounds> onSpark,
      float[] parameters) {
    if (!options.localSteps().equals(StepsPerRound.AUTO)) {
      return options.localSteps();
    }
    TrainingState scratch =
        TrainingState.start(
            parameters.clone(),
            network.topology(),
            options.optimizer(),
            new RunLength(localSteps(training, 1).stepsPerEpoch(), options.epochs()));
    StepsPerRound steps =
        new StepsPerRound(
            LocalStepsTuner.measure(n -> localSteps(training, n), onSpark::apply, scratch));
    listener.localStepsChosen(steps);
    return steps;
  }

  private Algorithm algorithm(Network network, Shards training, StepsPerRound steps) {
    if (!steps.equals(StepsPerRound.ONE)) {
      return localSteps(training, steps.steps());
    }
    Schedule schedule =
        new Schedule(
            training.rowsOfShard(), options.batchSize(), options.sliceSize(), options.seed());
    return options.optimizer().rule().isFullBatch()
        ? new FullBatch(schedule, network.topology(), options.optimizer())
        : new GradientAveraging(schedule);
  }

  private LocalSteps localSteps(Shards training, long stepsPerRound) {
    return new LocalSteps(
        training.rowsOfShard(),
        options.workers(),
        stepsPerRound,
        options.batchSize(),
        options.sliceSize(),
        options.seed(),
        options.optimizer(),
        options.epochs());
  }

  /**
   * Threads of a task: the cores that Spark reserves for it; where all cores are in this JVM, those
   * that would idle, too.
   */
  private int threads(Shards training) {
    int reserved = spark.getConf().getInt("spark.task.cpus", 1);
    int cores = spark.defaultParallelism();
    int tasks = Math.min(training.rdd().getNumPartitions(), Math.max(1, cores / reserved));
    return spark.isLocal() ? Math.max(reserved, cores / tasks) : reserved;
  }

  private @Nullable Shards holdOut(Dataset<Row> rows, long count, RowFormat format, int shards) {
    if (options.validation() == 0) {
      return null;
    }
    int fewer = (int) Math.max(1, Math.ceil(shards * options.validation()));
    return pack(rows, count, format, fewer, fewer, Selection.VALIDATION);
  }

  /**
   * @param groups whole groups lie in a partition: shards, or the workers that they belong to
   */
  private Shards pack(
      Dataset<Row> rows,
      long count,
      RowFormat format,
      int shards,
      int groups,
      Selection selection) {
    ShardPlan plan = new ShardPlan(shards, selection, options.validation(), options.seed());
    Layout layout =
        Layout.of(
            shards,
            groups,
            (long) (plan.share() * count * format.packedRowBytes()),
            spark.defaultParallelism(),
            options.partitions());
    return Shards.pack(rows, format, plan, layout);
  }

  private void refuseEmpty(Shards training, @Nullable Shards heldOut, String name) {
    if (training.rows() == 0 || (heldOut != null && heldOut.rows() == 0)) {
      throw new InvalidInputException(
          "Cannot use %s: --validation %s leaves %d rows to train on and %d to validate (both must be > 0)"
              .formatted(
                  name,
                  options.validation(),
                  training.rows(),
                  heldOut == null ? 0 : heldOut.rows()));
    }
  }
}
