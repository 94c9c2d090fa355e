package org.sparkprop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.sparkprop.cluster.GiveUpAfter;
import org.sparkprop.data.source.column.TableOptions;
import org.sparkprop.data.source.column.TableReading;
import org.sparkprop.eval.Metric;
import org.sparkprop.nn.Dropout;
import org.sparkprop.nn.GaussianNoise;
import org.sparkprop.nn.Initializer;
import org.sparkprop.nn.LayerSize;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.Task;
import org.sparkprop.nn.blas.BlasChoice;
import org.sparkprop.optim.LearningRateSchedule;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.ScheduleUnit;
import org.sparkprop.optim.UpdateRule;
import org.sparkprop.train.TrainingListener;
import org.sparkprop.train.checkpoint.Checkpoints;
import org.sparkprop.train.options.ClassWeighting;
import org.sparkprop.train.options.FeatureUnits;
import org.sparkprop.train.options.Settings;
import org.sparkprop.train.options.StepsPerRound;
import org.sparkprop.train.options.Stopping;
import org.sparkprop.train.options.TargetUnits;
import org.sparkprop.train.options.TrainingOptions;
import org.sparkprop.train.options.TrainingOptionsBuilder;

/**
 * A network that is trained on a Dataset, with the options of the command {@code train}: {@code
 * NeuralNetwork.layers("128 relu, 10 softmax").epochs(5).fit(rows)}. Each setting changes this
 * object and returns it; a value that cannot be is an {@link IllegalArgumentException}, at the
 * latest from {@link #options}, before anything runs.
 *
 * <p>The same rows, settings and seed give the same bits if rows have a column {@code row} of whole
 * numbers, each another, or come from files by picking rows and columns alone. Any others are
 * numbered partition by partition as Spark gives them.
 */
public final class NeuralNetwork {
  private final TrainingOptionsBuilder training;
  private final OptimizerChoice optimizer = new OptimizerChoice();
  private final List<TrainingListener> listeners = new ArrayList<>();
  private StartChoice start = StartChoice.DRAWN;
  private ValidationChoice validation = ValidationChoice.NONE;
  private List<Double> hiddenDropout = List.of();
  private double inputDropout;
  private Metric monitor = Metric.LOSS;
  private @Nullable Integer patience;
  private double minDelta;
  private @Nullable Double maxSeconds;
  private Stopping.@Nullable Target target;
  private List<String> features = List.of();
  private List<String> labels = List.of();
  private List<String> ignored = List.of();
  private @Nullable String weight;
  private BlasChoice blas = BlasChoice.AUTO;
  private CheckpointChoice checkpoint = CheckpointChoice.NONE;
  private GiveUpAfter giveUpAfter = giveUp(GiveUpAfter.SECONDS);

  private NeuralNetwork(List<LayerSize> layers) {
    this.training = TrainingOptions.of(layers);
  }

  /**
   * A network with the defaults of the command line.
   *
   * @param list hidden layers and the last one, such as {@code "128 relu, 10 softmax"}
   */
  public static NeuralNetwork layers(String list) {
    return new NeuralNetwork(LayerSize.parseList(list));
  }

  /** The task, where it is not that of the last layer. */
  public NeuralNetwork task(Task task) {
    training.task(task);
    return this;
  }

  /** The loss, where it is not the one that fits the last layer. */
  public NeuralNetwork loss(Loss loss) {
    training.loss(loss);
    return this;
  }

  /**
   * Error from which Huber's loss is linear, in the units in which targets are learnt; 1 without
   * this.
   */
  public NeuralNetwork huberDelta(double delta) {
    training.with(Settings.HUBER_DELTA, delta);
    return this;
  }

  /** How the first weights are drawn. */
  public NeuralNetwork initializer(Initializer initializer) {
    training.initializer(initializer);
    start = StartChoice.DRAWN;
    return this;
  }

  /** First parameters from a model folder, a .safetensors file or an .npz file. */
  public NeuralNetwork initFrom(String path) {
    start = new StartChoice(path, null);
    return this;
  }

  /** Goes on from another model of the same layers. */
  public NeuralNetwork initFrom(NeuralNetworkModel model) {
    start = new StartChoice(null, model.model());
    return this;
  }

  /**
   * The update rule by its word, such as {@code sgd}; its own defaults hold where nothing is
   * chosen.
   */
  public NeuralNetwork optimizer(String word) {
    optimizer.rule = UpdateRule.of(word);
    return this;
  }

  /** Rule, rate, schedule and regularisation at once; what is chosen later changes them. */
  public NeuralNetwork optimizer(OptimizerSettings settings) {
    optimizer.set(settings);
    return this;
  }

  /** A number of the update rule, such as {@code momentum}; a switch is 0 or 1. */
  public NeuralNetwork hyperparameter(String word, double value) {
    optimizer.hyperparameters.put(word, value);
    return this;
  }

  /** Size of a step. */
  public NeuralNetwork learningRate(double rate) {
    optimizer.learningRate = rate;
    return this;
  }

  /** What becomes of the rate: {@code cosine}, {@code step(30, 0.1)}, … of epochs. */
  public NeuralNetwork schedule(String curve) {
    schedule(curve, ScheduleUnit.EPOCH);
    return this;
  }

  /** What becomes of the rate, counted in epochs or in rounds. */
  public NeuralNetwork schedule(String curve, ScheduleUnit unit) {
    optimizer.curve = LearningRateSchedule.parse(curve, unit, 0).curve();
    optimizer.unit = unit;
    return this;
  }

  /** Units of the schedule in which the rate rises before it begins. */
  public NeuralNetwork warmup(long units) {
    optimizer.warmup = units;
    return this;
  }

  /** Times the sign of each weight is added to the gradient. */
  public NeuralNetwork l1(double penalty) {
    optimizer.l1 = penalty;
    return this;
  }

  /** Times each weight is added to the gradient. */
  public NeuralNetwork l2(double penalty) {
    optimizer.l2 = penalty;
    return this;
  }

  /** Times the rate, this share of each weight is taken away in a step. */
  public NeuralNetwork weightDecay(double share) {
    optimizer.weightDecay = share;
    return this;
  }

  /** Most length of the weights that come into a unit. */
  public NeuralNetwork maxNorm(double bound) {
    optimizer.maxNorm = bound;
    return this;
  }

  /** Most of each element of the mean gradient, either way. */
  public NeuralNetwork clipValue(double bound) {
    optimizer.clipValue = bound;
    return this;
  }

  /** Most length of the mean gradient. */
  public NeuralNetwork clipNorm(double bound) {
    optimizer.clipNorm = bound;
    return this;
  }

  /**
   * Share of the units that is left out in training: one for all hidden layers, or one for each.
   */
  public NeuralNetwork dropout(double... rates) {
    hiddenDropout = Arrays.stream(rates).boxed().toList();
    return this;
  }

  /** Share of the features that is left out in training. */
  public NeuralNetwork inputDropout(double rate) {
    inputDropout = rate;
    return this;
  }

  /** Standard deviation of the normal noise that is added to each feature in training. */
  public NeuralNetwork inputNoise(double deviation) {
    training.inputNoise(new GaussianNoise(deviation));
    return this;
  }

  /** Share of each label that goes to all classes alike. */
  public NeuralNetwork labelSmoothing(double share) {
    training.labelSmoothing(share);
    return this;
  }

  /** What classes weigh: {@code none}, {@code balanced}, or a list such as {@code "1, 20"}. */
  public NeuralNetwork classWeights(String weights) {
    training.classWeights(ClassWeighting.parse(weights));
    return this;
  }

  /** In which units features are seen; rows stay as they are. */
  public NeuralNetwork featureUnits(FeatureUnits units) {
    training.featureUnits(units);
    return this;
  }

  /** In which units a regression learns; predictions are in those of the rows. */
  public NeuralNetwork targetUnits(TargetUnits units) {
    training.targetUnits(units);
    return this;
  }

  /** Passes over all training rows. */
  public NeuralNetwork epochs(int epochs) {
    training.epochs(epochs);
    return this;
  }

  /** Rows of an update; at least all rows for full batches. */
  public NeuralNetwork batchSize(long rows) {
    training.batchSize(rows);
    return this;
  }

  /** Steps of a worker between two rounds; 1 is gradient averaging. */
  public NeuralNetwork localSteps(long steps) {
    localSteps(new StepsPerRound(steps));
    return this;
  }

  /** The same as an epoch has, or as many as are measured to pay. */
  public NeuralNetwork localSteps(StepsPerRound steps) {
    training.localSteps(steps);
    return this;
  }

  /** Groups of shards that take local steps on their own. */
  public NeuralNetwork workers(int workers) {
    training.workers(workers);
    return this;
  }

  /** Groups that the rows are packed into; part of the bits. */
  public NeuralNetwork shards(int shards) {
    training.shards(shards);
    return this;
  }

  /** Spark partitions that hold the shards. Changes no result. */
  public NeuralNetwork partitions(int partitions) {
    training.partitions(partitions);
    return this;
  }

  /** Holds a share of the rows out, to validate on after each epoch. */
  public NeuralNetwork validation(double share) {
    validation = ValidationChoice.ofShare(share);
    return this;
  }

  /** Validates on other rows, which have the same columns. */
  public NeuralNetwork validation(Dataset<Row> rows) {
    validation = ValidationChoice.of(rows);
    return this;
  }

  /** Holds those rows out whose Boolean column is true. */
  public NeuralNetwork validationColumn(String name) {
    validation = ValidationChoice.ofColumn(name);
    return this;
  }

  /** What tells the best epoch, whose parameters the model has. */
  public NeuralNetwork monitor(Metric metric) {
    monitor = metric;
    return this;
  }

  /** Ends after so many epochs without a better value of the monitored metric. */
  public NeuralNetwork patience(int epochs) {
    patience = epochs;
    return this;
  }

  /** By how much a value must be better for the patience to begin anew. */
  public NeuralNetwork minDelta(double delta) {
    minDelta = delta;
    return this;
  }

  /** Ends with the first round that is done later. */
  public NeuralNetwork maxSeconds(double seconds) {
    maxSeconds = seconds;
    return this;
  }

  /** Ends with the first epoch whose validation reaches the value. */
  public NeuralNetwork target(Metric metric, double value) {
    target = new Stopping.Target(metric, value);
    return this;
  }

  /**
   * Keeps the run in a folder, on any Hadoop path, until {@link #fit} returns. A fit that finds a
   * run there that was cut off goes on with it, to the same bits; its rows and settings must be the
   * same.
   */
  public NeuralNetwork checkpoint(String folder) {
    checkpoint = new CheckpointChoice(folder, checkpoint.seconds());
    return this;
  }

  /**
   * Least seconds between two checkpoints, {@value Checkpoints#SECONDS} without this.
   *
   * @param seconds 0 for a checkpoint before each round
   */
  public NeuralNetwork checkpointInterval(double seconds) {
    checkpoint = new CheckpointChoice(checkpoint.folder(), Checkpoints.checkSeconds(seconds));
    return this;
  }

  /**
   * Ends a fit whose tasks have been pending for so long while none ran anywhere, as where all
   * executors are lost or none is large enough; {@value GiveUpAfter#SECONDS} seconds without this.
   * Warnings come before.
   *
   * @param seconds 0 for never
   */
  public NeuralNetwork giveUpAfter(double seconds) {
    giveUpAfter = giveUp(seconds);
    return this;
  }

  static GiveUpAfter giveUp(double seconds) {
    return new GiveUpAfter(seconds, "giveUpAfter");
  }

  /** Decides first weights, held-out rows and orders. */
  public NeuralNetwork seed(long seed) {
    training.seed(seed);
    return this;
  }

  /**
   * Adds a listener, which is told of rounds and epochs on the thread that fits, and may end the
   * run.
   */
  public NeuralNetwork listener(TrainingListener listener) {
    listeners.add(listener);
    return this;
  }

  /**
   * Columns of numbers, booleans or arrays, or one of bytes, in order. Without this, the column
   * {@code features} or, if there is none, all numbers that are nothing else.
   */
  public NeuralNetwork features(String... columns) {
    features = List.of(columns);
    return this;
  }

  /** The column of the label, {@code label} without this; several for several targets. */
  public NeuralNetwork label(String... columns) {
    labels = List.of(columns);
    return this;
  }

  /** Columns that are taken for nothing. */
  public NeuralNetwork ignore(String... columns) {
    ignored = List.of(columns);
    return this;
  }

  /** The column that says what a row counts, a number of at least 0. */
  public NeuralNetwork weight(String column) {
    weight = column;
    return this;
  }

  /**
   * What multiplies. On a cluster, any but the best of each host needs our plugin in the session.
   */
  public NeuralNetwork blas(BlasChoice choice) {
    blas = choice;
    return this;
  }

  /**
   * The settings, checked together.
   *
   * @throws IllegalArgumentException naming the one that cannot be
   */
  public TrainingOptions options() {
    return LibraryCall.of(
        "A check",
        () ->
            training
                .dropout(new Dropout(inputDropout, hiddenDropout))
                .optimizer(optimizer.settings())
                .stopping(new Stopping(monitor, patience, minDelta, maxSeconds, target))
                .validation(validation.holdOut())
                .build());
  }

  /**
   * Trains on these rows, on this thread, and returns when the run has ended.
   *
   * @throws IllegalArgumentException if a setting cannot be
   * @throws org.sparkprop.base.InvalidInputException if the rows cannot be used, before the first
   *     round
   * @throws org.sparkprop.base.GaveUpException if no task could run for as long as {@link
   *     #giveUpAfter} says
   * @throws DivergedFitException if a loss or a weight is no longer finite, with the model of the
   *     last good epoch
   * @throws java.util.concurrent.CancellationException if the thread is interrupted: its jobs end,
   *     its flag is set, and with {@link #checkpoint} the same fit goes on later
   * @throws IllegalStateException if Spark gives the jobs up, with what it threw as the cause; with
   *     {@link #checkpoint}, too, the same fit goes on
   */
  public NeuralNetworkModel fit(Dataset<Row> rows) {
    TableOptions columns =
        new TableOptions(
            null,
            Map.of(),
            features,
            labels,
            weight,
            validation.column(),
            ignored,
            TableReading.OWN);
    return new Fit(
            options(),
            columns,
            validation,
            start,
            checkpoint,
            List.copyOf(listeners),
            blas,
            giveUpAfter)
        .run(rows);
  }
}
