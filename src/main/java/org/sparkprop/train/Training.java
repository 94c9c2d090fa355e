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
import org.sparkprop.data.JobDescription;
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

/** A whole training run on Spark: rows are packed, the trainer trains, a model comes out. */
public final class Training {
  private final JavaSparkContext spark;
  private final TrainingOptions options;
  private final FirstParameters first;
  private final TrainingListener listener;

  /** A run that starts from parameters that the options' initializer draws. */
  public Training(SparkSession spark, TrainingOptions options, TrainingListener listener) {
    this(
        spark,
        options,
        (network, preprocessing) ->
            options.initializer().parameters(network.topology(), options.seed()),
        listener);
  }

  /** A run that starts from other parameters. */
  public Training(
      SparkSession spark,
      TrainingOptions options,
      FirstParameters first,
      TrainingListener listener) {
    this.spark = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.options = options;
    this.first = first;
    this.listener = TrainingListeners.of(DriverMetrics.current(), listener);
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

  /**
   * The parameters that a run on rows of this format starts from.
   *
   * @throws InvalidInputException if they do not fit these rows
   */
  public float[] firstParameters(RowFormat format) {
    return first.of(networkFor(format), Preprocessing.standard(format.features()));
  }

  /** The same with a format that is known already. */
  public Result run(Dataset<Row> rows, RowFormat format) {
    return run(rows, format, firstParameters(format));
  }

  /**
   * The same with first parameters that are known already.
   *
   * @param parameters on return, the trained ones
   */
  public Result run(Dataset<Row> rows, RowFormat format, float[] parameters) {
    Preprocessing preprocessing = Preprocessing.standard(format.features());
    Network network = networkFor(format);
    long count = RowFormat.count(rows, format.name());
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
      return train(network, preprocessing, training, heldOut, parameters);
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
      Network network,
      Preprocessing preprocessing,
      Shards training,
      @Nullable Shards heldOut,
      float[] parameters) {
    Function<Algorithm, SparkRounds> onSpark =
        algorithm -> rounds(network, preprocessing, training, algorithm);
    StepsPerRound steps = localSteps(training, onSpark, parameters);
    Algorithm algorithm =
        steps.equals(StepsPerRound.ONE)
            ? gradientAveraging(training)
            : localSteps(training, steps.steps());
    try (SparkRounds onCluster = onSpark.apply(algorithm)) {
      DescribedRounds rounds = new DescribedRounds(spark.sc(), onCluster, options.epochs());
      Evaluator evaluator = new Evaluator(spark, network, preprocessing);
      Function<float[], Evaluation> validation =
          heldOut == null ? null : now -> rounds.validation(() -> evaluator.evaluate(heldOut, now));
      TrainingListener all = TrainingListeners.of(rounds, listener);
      Trainer trainer = new Trainer(network, options, algorithm, rounds, validation, all);
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
      Shards training, Function<Algorithm, SparkRounds> onSpark, float[] parameters) {
    if (!options.localSteps().equals(StepsPerRound.AUTO)) {
      return options.localSteps();
    }
    TrainingState scratch = TrainingState.start(parameters.clone(), options.optimizer());
    long measured =
        JobDescription.during(
            spark.sc(),
            "measuring local steps",
            () -> LocalStepsTuner.measure(n -> localSteps(training, n), onSpark::apply, scratch));
    StepsPerRound steps = new StepsPerRound(measured);
    listener.localStepsChosen(steps);
    return steps;
  }

  private Algorithm gradientAveraging(Shards training) {
    return new GradientAveraging(
        new Schedule(
            training.rowsOfShard(), options.batchSize(), options.sliceSize(), options.seed()));
  }

  private LocalSteps localSteps(Shards training, long stepsPerRound) {
    return new LocalSteps(
        training.rowsOfShard(),
        options.workers(),
        stepsPerRound,
        options.batchSize(),
        options.sliceSize(),
        options.seed(),
        options.optimizer());
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
