package org.sparkprop.train;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.ClassWeights;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.Shards;
import org.sparkprop.data.source.column.TableFacts;
import org.sparkprop.eval.Evaluation;
import org.sparkprop.eval.Evaluator;
import org.sparkprop.model.BlasOfRun;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.model.Model;
import org.sparkprop.model.ModelDescription;
import org.sparkprop.nn.Network;
import org.sparkprop.spark.BuildVersions;
import org.sparkprop.spark.JobDescription;
import org.sparkprop.train.checkpoint.Checkpoint;
import org.sparkprop.train.checkpoint.Checkpointer;
import org.sparkprop.train.options.LocalSteps;
import org.sparkprop.train.options.TrainingOptions;

/** A whole training run on Spark: rows are packed, the trainer trains, a model comes out. */
public final class Training {
  /** The ending of a run whose model is only that of its last good epoch. */
  static final String DIVERGED = "it diverged";

  private final JavaSparkContext spark;
  private final TrainingOptions options;
  private final InitialParameters first;
  private final TrainingListener listener;
  private final Checkpointer checkpoints;
  private final TableFacts table;

  /** A run that starts from parameters that the options' initializer draws. */
  public Training(SparkSession spark, TrainingOptions options, TrainingListener listener) {
    this(
        spark,
        options,
        InitialParameters.drawn(options),
        listener,
        Checkpointer.none(),
        TableFacts.NONE);
  }

  /**
   * A run that starts from other parameters, or goes on from a checkpoint.
   *
   * @param table what is to be remembered of the table that the rows are of
   */
  public Training(
      SparkSession spark,
      TrainingOptions options,
      InitialParameters first,
      TrainingListener listener,
      Checkpointer checkpoints,
      TableFacts table) {
    this.spark = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.options = options;
    this.first = first;
    this.listener = TrainingListeners.of(DriverMetrics.ofNewRun(), listener);
    this.checkpoints = checkpoints;
    this.table = table;
  }

  /**
   * What comes out of a run.
   *
   * @param options those of the run, with the number of local steps where that was measured
   * @param history a record an epoch; the model is that of the last {@link EpochRecord#best}
   * @param ending why there was no further round, in words
   * @param rows rows that were trained on
   * @param dataFingerprint tells those rows from others, whatever their order
   * @param blas of every JVM whose sums went into it
   * @param table what is to be remembered of the table that they are of
   */
  public record Result(
      Model model,
      TrainingOptions options,
      List<EpochRecord> history,
      String ending,
      long rows,
      String dataFingerprint,
      BlasOfRun blas,
      TableFacts table) {
    /**
     * The epoch whose parameters the model has: the best or, where none could be told, the last.
     */
    public int epoch() {
      return history.stream()
          .filter(EpochRecord::best)
          .mapToInt(EpochRecord::epoch)
          .max()
          .orElse(history.isEmpty() ? 0 : history.get(history.size() - 1).epoch());
    }

    /**
     * What is to lie beside the model's weights.
     *
     * @param words every option of the run, by its name on the command line
     */
    public ModelDescription description(Map<String, String> words) {
      return ModelDescription.of(
              model, rows, epoch(), ending, options.seed(), words, BuildVersions.all(), blas)
          .withTable(table)
          .withDataFingerprint(dataFingerprint);
    }
  }

  /**
   * Looks at rows with the columns {@code row}, {@code features} and {@code label}, and makes the
   * first parameters for them.
   *
   * @param name what the user calls the rows, for messages
   * @throws InvalidInputException if the network, or parameters of an earlier run, do not fit them
   */
  public Run on(Dataset<Row> rows, String name) {
    RowFormat format = RowFormat.of(rows, name, options.labels());
    return new Run(rows, format, first.of(networkFor(format), preparation(format).raw()));
  }

  /** The same, with all that may be validated on held out of them, and trains. */
  public Result run(Dataset<Row> rows, String name) {
    return on(rows, name).fit(null);
  }

  /** A run on certain rows, which begins with {@link #fit}. */
  public final class Run {
    private final Dataset<Row> rows;
    private final RowFormat format;
    private final float[] parameters;

    private Run(Dataset<Row> rows, RowFormat format, float[] parameters) {
      this.rows = rows;
      this.format = format;
      this.parameters = parameters;
    }

    public RowFormat format() {
      return format;
    }

    /**
     * Trains.
     *
     * @param others of the same format to validate on; null for none, or for those that the options
     *     hold out
     * @throws InvalidInputException if the rows cannot be used, before the first round
     * @throws DivergedException if a loss or a weight is no longer finite
     */
    public Result fit(@Nullable Dataset<Row> others) {
      try (PackedRows packed = PackedRows.pack(spark, options, rows, format, others)) {
        return Training.this.fit(packed, format, parameters);
      }
    }
  }

  private Result fit(PackedRows packed, RowFormat format, float[] parameters) {
    Network network = networkFor(format);
    Preprocessing preprocessing = preparation(format).of(packed.training());
    checkSteering(packed, preprocessing, format);
    RunInfo facts = packed.facts(network, options, format);
    BlasWatch watch = new BlasWatch();
    Preprocessing ofTable = preprocessing.withOffsets(table.offsets());
    checkpoints.started(
        facts.rows(),
        facts.validationRows(),
        RunFingerprint.of(packed, ofTable, parameters),
        watch.run());
    String resumedFrom = checkpoints.place();
    if (resumedFrom != null) {
      watch.resumedFrom(resumedFrom, checkpoints.blasBefore());
    }
    listener.started(facts);
    return train(network, preprocessing, packed, parameters, watch.run());
  }

  private void checkSteering(PackedRows packed, Preprocessing preprocessing, RowFormat format) {
    ClassWeights weights = preprocessing.classWeights();
    Steering.checkWeights(weights, packed.training(), format.labels(), format.name());
    Shards heldOut = packed.heldOut();
    if (heldOut != null) {
      Steering.checkWeights(weights, heldOut, format.labels(), "the validation rows");
      Steering.check(options.stopping(), heldOut, format.labels());
    }
  }

  private PreprocessingPlan preparation(RowFormat format) {
    return new PreprocessingPlan(options, format, first.preprocessing());
  }

  private Network networkFor(RowFormat format) {
    try {
      return options.network(format.width());
    } catch (IllegalArgumentException tooLarge) {
      throw new InvalidInputException(
          "Cannot use %s: %s".formatted(format.name(), tooLarge.getMessage()), tooLarge);
    }
  }

  private Result train(
      Network network,
      Preprocessing preprocessing,
      PackedRows packed,
      float[] parameters,
      BlasOfRun blas) {
    Shards training = packed.training();
    Shards heldOut = packed.heldOut();
    Evaluator evaluator =
        new Evaluator(spark, network, preprocessing, options.stopping().needsRanking(), blas);
    Function<Algorithm, SparkRoundRunner> onSpark =
        algorithm -> rounds(network, preprocessing, training, algorithm, blas);
    Algorithms algorithms = new Algorithms(options, training.rowsOfShard(), network.topology());
    LocalSteps steps = localSteps(algorithms, onSpark, parameters);
    Algorithm algorithm = algorithms.of(steps);
    try (SparkRoundRunner onCluster = onSpark.apply(algorithm)) {
      LabelledRounds rounds = new LabelledRounds(spark.sc(), onCluster, options.epochs());
      Function<float[], Evaluation> validation =
          heldOut == null ? null : now -> rounds.validation(() -> evaluator.evaluate(heldOut, now));
      TrainingListener all = TrainingListeners.of(rounds, listener);
      Checkpoint from = checkpoints.checkpoint();
      if (from != null) {
        all.resumed(from.resumption());
      }
      checkpoints.localStepsChosen(steps);
      Trainer trainer =
          new Trainer(
              network, options, algorithm, rounds, validation, all, checkpoints, parameters, from);
      Function<Outcome, Result> result =
          fitted -> result(fitted, network, preprocessing, steps, training, blas);
      try {
        return result.apply(trainer.fit());
      } catch (Divergence diverged) {
        Outcome lastGood = diverged.lastGood();
        throw new DivergedException(diverged, lastGood == null ? null : result.apply(lastGood));
      }
    }
  }

  private Result result(
      Outcome fitted,
      Network network,
      Preprocessing preprocessing,
      LocalSteps steps,
      Shards training,
      BlasOfRun blas) {
    List<String> labels = IntStream.range(0, network.labels()).mapToObj(Integer::toString).toList();
    Preprocessing ofRows = preprocessing.withOffsets(table.offsets());
    Model model = new Model(network, ofRows, labels, fitted.parameters());
    return new Result(
        model,
        options.withLocalSteps(steps),
        fitted.history(),
        fitted.ending(),
        training.rows(),
        training.rowsFingerprint(),
        blas,
        table.withNotes(training.losses()));
  }

  private SparkRoundRunner rounds(
      Network network,
      Preprocessing preprocessing,
      Shards training,
      Algorithm algorithm,
      BlasOfRun blas) {
    int sliceRows = Math.max(1, Math.min(options.sliceSize(), training.largestShard()));
    TaskSetup setup =
        new TaskSetup(
            network, preprocessing, algorithm, options.seed(), sliceRows, threads(training));
    return new SparkRoundRunner(spark, training, setup, options.reduction(), blas);
  }

  /** The number of local steps, measured if that was asked for. */
  private LocalSteps localSteps(
      Algorithms algorithms, Function<Algorithm, SparkRoundRunner> onSpark, float[] parameters) {
    if (!options.localSteps().equals(LocalSteps.AUTO)) {
      return options.localSteps();
    }
    LocalSteps before = checkpoints.localSteps();
    if (before != null) {
      return before;
    }
    TrainingState scratch = algorithms.firstState(parameters.clone());
    long measured =
        JobDescription.during(
            spark.sc(),
            "measuring local steps",
            () -> LocalStepsTuner.measure(algorithms::localSteps, onSpark::apply, scratch));
    LocalSteps steps = new LocalSteps(measured);
    listener.localStepsChosen(steps);
    return steps;
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
}
