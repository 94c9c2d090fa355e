package org.sparkprop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.sparkprop.cluster.GiveUpAfter;
import org.sparkprop.data.source.column.TableOptions;
import org.sparkprop.data.source.column.TableReading;
import org.sparkprop.eval.Metric;
import org.sparkprop.nn.Initializer;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.LearningTask;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.blas.BlasChoice;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.RateCurve;
import org.sparkprop.optim.ScheduleUnit;
import org.sparkprop.optim.UpdateRule;
import org.sparkprop.train.InitFrom;
import org.sparkprop.train.TrainingListener;
import org.sparkprop.train.checkpoint.Checkpointer;
import org.sparkprop.train.options.ClassWeighting;
import org.sparkprop.train.options.FeatureUnits;
import org.sparkprop.train.options.LocalSteps;
import org.sparkprop.train.options.Setting;
import org.sparkprop.train.options.Settings;
import org.sparkprop.train.options.StepSettings;
import org.sparkprop.train.options.Stopping;
import org.sparkprop.train.options.StoppingSettings;
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
  private final List<TrainingListener> listeners = new ArrayList<>();
  private InitFrom initFrom = InitFrom.DRAWN;
  private ValidationChoice validation = ValidationChoice.NONE;
  private List<String> features = List.of();
  private List<String> labels = List.of();
  private List<String> ignored = List.of();
  private @Nullable String weight;
  private BlasChoice blas = BlasChoice.AUTO;
  private @Nullable String checkpointFolder;
  private double checkpointSeconds = Checkpointer.SECONDS;
  private GiveUpAfter giveUpAfter = giveUp(GiveUpAfter.SECONDS);

  private NeuralNetwork(List<LayerSpec> layers) {
    this.training = TrainingOptions.of(layers);
  }

  /**
   * A network with the defaults of the command line.
   *
   * @param list hidden layers and the last one, such as {@code "128 relu, 10 softmax"}
   */
  public static NeuralNetwork layers(String list) {
    return new NeuralNetwork(LayerSpec.parseList(list));
  }

  /** Task: what the outputs stand for. Without this, the one of the last layer. */
  public NeuralNetwork task(LearningTask task) {
    return with(Settings.TASK, task);
  }

  /** Loss: the objective that training minimises. Without this, the one of the last layer. */
  public NeuralNetwork loss(Loss loss) {
    training.loss(loss);
    return this;
  }

  /**
   * Error from which Huber's loss is linear, in the units in which targets are learnt; 1 without
   * this.
   */
  public NeuralNetwork huberDelta(double delta) {
    return with(Settings.HUBER_DELTA, delta);
  }

  /** Distribution of the initial weights. */
  public NeuralNetwork initializer(Initializer initializer) {
    initFrom = InitFrom.DRAWN;
    return with(Settings.INIT, initializer);
  }

  /** Initial parameters from a model folder, a .safetensors file or an .npz file. */
  public NeuralNetwork initFrom(String path) {
    initFrom = InitFrom.path(path);
    return this;
  }

  /** Initial parameters from another model of the same layers. */
  public NeuralNetwork initFrom(NeuralNetworkModel model) {
    initFrom = InitFrom.model(model.model());
    return this;
  }

  /**
   * Optimiser by its name, such as {@code sgd}. Its own defaults hold for whatever is not chosen.
   */
  public NeuralNetwork optimizer(String word) {
    return with(StepSettings.OPTIMIZER, UpdateRule.of(word));
  }

  /** Optimiser, rate, schedule and regularisation at once; later calls change single ones. */
  public NeuralNetwork optimizer(OptimizerSettings settings) {
    training.optimizer(settings);
    return this;
  }

  /** Hyperparameter of the optimiser, such as {@code momentum}; a switch is 0 or 1. */
  public NeuralNetwork hyperparameter(String word, double value) {
    return with(StepSettings.hyperparameter(word), value);
  }

  /** Learning rate. */
  public NeuralNetwork learningRate(double rate) {
    return with(StepSettings.LEARNING_RATE, rate);
  }

  /** Learning-rate schedule, such as {@code cosine} or {@code step(30, 0.1)}, in epochs. */
  public NeuralNetwork schedule(String curve) {
    return schedule(curve, ScheduleUnit.EPOCH);
  }

  /** Learning-rate schedule in epochs or in rounds. */
  public NeuralNetwork schedule(String curve, ScheduleUnit unit) {
    return with(StepSettings.SCHEDULE, RateCurve.parse(curve)).with(StepSettings.SCHEDULE_BY, unit);
  }

  /** Number of units of the schedule in which the learning rate rises before it begins. */
  public NeuralNetwork warmup(long units) {
    return with(StepSettings.WARMUP, units);
  }

  /** L1 penalty: adds {@code l1 · sign(w)} to the gradient of each weight w. */
  public NeuralNetwork l1(double penalty) {
    return with(StepSettings.L1, penalty);
  }

  /** L2 penalty: adds {@code l2 · w} to the gradient of each weight w. */
  public NeuralNetwork l2(double penalty) {
    return with(StepSettings.L2, penalty);
  }

  /** Decoupled weight decay: subtracts {@code rate · decay · w} from each weight w in each step. */
  public NeuralNetwork weightDecay(double share) {
    return with(StepSettings.WEIGHT_DECAY, share);
  }

  /** Maximum norm of a unit's incoming weights. */
  public NeuralNetwork maxNorm(double bound) {
    return with(StepSettings.MAX_NORM, bound);
  }

  /** Clips each element of the mean gradient to [−c, c]. */
  public NeuralNetwork clipValue(double bound) {
    return with(StepSettings.CLIP_VALUE, bound);
  }

  /** Clips the mean gradient to norm c. */
  public NeuralNetwork clipNorm(double bound) {
    return with(StepSettings.CLIP_NORM, bound);
  }

  /** Fraction of the hidden units to drop in training: one for all layers, or one for each. */
  public NeuralNetwork dropout(double... rates) {
    return with(Settings.DROPOUT, Arrays.stream(rates).boxed().toList());
  }

  /** Fraction of the features to drop in training. */
  public NeuralNetwork inputDropout(double rate) {
    return with(Settings.INPUT_DROPOUT, rate);
  }

  /** Standard deviation of the Gaussian noise added to each feature in training. */
  public NeuralNetwork inputNoise(double deviation) {
    return with(Settings.INPUT_NOISE, deviation);
  }

  /** Fraction of each label that is spread over all classes. */
  public NeuralNetwork labelSmoothing(double share) {
    return with(Settings.LABEL_SMOOTHING, share);
  }

  /** Class weights: {@code none}, {@code balanced}, or a list such as {@code "1, 20"}. */
  public NeuralNetwork classWeights(String weights) {
    return with(Settings.CLASS_WEIGHTS, ClassWeighting.parse(weights));
  }

  /** Units in which the network sees features; the rows stay as they are. */
  public NeuralNetwork featureUnits(FeatureUnits units) {
    return with(Settings.FEATURE_UNITS, units);
  }

  /** Units in which a regression learns its targets; predictions are in those of the rows. */
  public NeuralNetwork targetUnits(TargetUnits units) {
    return with(Settings.TARGET_UNITS, units);
  }

  /** Number of passes over all training rows. */
  public NeuralNetwork epochs(int epochs) {
    return with(Settings.EPOCHS, epochs);
  }

  /** Number of rows per update; more than there are means all. */
  public NeuralNetwork batchSize(long rows) {
    return with(Settings.BATCH_SIZE, rows);
  }

  /** Local steps per round: steps of a worker between two rounds; 1 is gradient averaging. */
  public NeuralNetwork localSteps(long steps) {
    return localSteps(new LocalSteps(steps));
  }

  /**
   * Local steps per round: a number, {@code EPOCH} (one round per epoch) or {@code AUTO}
   * (measured).
   */
  public NeuralNetwork localSteps(LocalSteps steps) {
    return with(Settings.LOCAL_STEPS, steps);
  }

  /** Number of groups of shards that take local steps on their own. */
  public NeuralNetwork workers(int workers) {
    return with(Settings.WORKERS, workers);
  }

  /** Number of groups that the rows are packed into. Affects the bits of a result. */
  public NeuralNetwork shards(int shards) {
    return with(Settings.SHARDS, Optional.of(shards));
  }

  /** Number of Spark partitions that hold the shards. Does not affect results. */
  public NeuralNetwork partitions(int partitions) {
    return with(Settings.PARTITIONS, Optional.of(partitions));
  }

  /** Fraction of the rows to hold out, to validate on after each epoch. */
  public NeuralNetwork validation(double share) {
    validation = ValidationChoice.ofShare(share);
    return this;
  }

  /** Rows to validate on after each epoch, with the same columns. */
  public NeuralNetwork validation(Dataset<Row> rows) {
    validation = ValidationChoice.of(rows);
    return this;
  }

  /** Boolean column that is true for the rows to hold out. */
  public NeuralNetwork validationColumn(String name) {
    validation = ValidationChoice.ofColumn(name);
    return this;
  }

  /** Metric that selects the best epoch, whose parameters the model has. */
  public NeuralNetwork monitor(Metric metric) {
    return with(StoppingSettings.MONITOR, metric);
  }

  /** Stops after this many epochs without improvement of the monitored metric. */
  public NeuralNetwork patience(int epochs) {
    return with(StoppingSettings.PATIENCE, Optional.of(epochs));
  }

  /** Smallest change that counts as an improvement. */
  public NeuralNetwork minDelta(double delta) {
    return with(StoppingSettings.MIN_DELTA, delta);
  }

  /** Time limit in seconds; training stops after the round that exceeds it. */
  public NeuralNetwork maxSeconds(double seconds) {
    return with(StoppingSettings.MAX_SECONDS, Optional.of(seconds));
  }

  /** Stops after the first epoch whose validation metric reaches the value. */
  public NeuralNetwork target(Metric metric, double value) {
    return with(StoppingSettings.TARGET, Optional.of(new Stopping.Target(metric, value)));
  }

  /**
   * Folder for checkpoints, on any Hadoop path, which are removed when {@link #fit} returns. A fit
   * that finds an interrupted run there resumes it, to the same bits; its rows and settings must be
   * the same.
   */
  public NeuralNetwork checkpoint(String folder) {
    checkpointFolder = folder;
    return this;
  }

  /**
   * Minimum seconds between checkpoints, {@value Checkpointer#SECONDS} without this.
   *
   * @param seconds 0 for a checkpoint before each round
   */
  public NeuralNetwork checkpointInterval(double seconds) {
    checkpointSeconds = Checkpointer.checkSeconds(seconds);
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

  /** Random seed for initial weights, the validation split and shuffling. */
  public NeuralNetwork seed(long seed) {
    return with(Settings.SEED, seed);
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

  /** Columns to leave out. */
  public NeuralNetwork ignore(String... columns) {
    ignored = List.of(columns);
    return this;
  }

  /** Column of sample weights, numbers of at least 0. */
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
    return LibraryCall.of("A check", () -> training.validation(validation.holdOut()).build());
  }

  private <T> NeuralNetwork with(Setting<T> setting, T value) {
    LibraryCall.of("A check", () -> training.with(setting, value));
    return this;
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
            initFrom,
            checkpointFolder,
            checkpointSeconds,
            List.copyOf(listeners),
            blas,
            giveUpAfter)
        .run(rows);
  }
}
