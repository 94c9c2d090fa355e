package org.sparkprop.train.options;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.HoldOut;
import org.sparkprop.data.LabelFormat;
import org.sparkprop.data.source.column.TableReading;
import org.sparkprop.nn.Activation;
import org.sparkprop.nn.Dropout;
import org.sparkprop.nn.GaussianNoise;
import org.sparkprop.nn.Initializer;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.LearningTask;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;
import org.sparkprop.optim.GrowingSample;
import org.sparkprop.optim.OptimizerSettings;

/**
 * Every choice of a training run but the rows and the model's place, checked as a whole.
 *
 * @param given the settings that are not left to their defaults
 * @param validation which rows are held out
 */
public record TrainingOptions(Map<Setting<?>, Object> given, HoldOut validation) {
  public static final long BATCH_SIZE = 512;

  /** A batch that has all rows, however many there are. */
  public static final long ALL_ROWS = Long.MAX_VALUE;

  /**
   * Rows of a slice, and what the kernel then does of the peak (two threads, medians of 11 turns):
   *
   * <pre>
   *               64    128    256    512   1024
   *   784-800-10  70 %  78 %   83 %   86 %  84 %
   *   784-128-10  71 %  77 %   81 %   81 %  80 %
   * </pre>
   *
   * The sums of two slices are added in the time of 3 (784-128-10) to 10 rows (784-800-10); a batch
   * is to give work to two cores at least, and a large one to eight.
   */
  private static final int GOOD_SLICE = 256;

  static final int MAX_DEFAULT_SLICE = 512;

  public TrainingOptions {
    given = Map.copyOf(given);
  }

  /** The value of a setting: the one that was given, or its default. */
  public <T> T get(Setting<T> setting) {
    @SuppressWarnings("unchecked") // TrainingOptionsBuilder.with has put it there
    T value = (T) given.get(setting);
    return value == null ? setting.defaultOf(this) : value;
  }

  /** The same options, checked to go together. */
  TrainingOptions checked() {
    List<LayerSpec> layers = layers();
    Topology.of(1, layers); // too large for any table
    LayerSpec lastLayer = layers.get(layers.size() - 1);
    loss().checkCompatible(lastLayer.activation());
    loss().checkCompatible(task());
    dropout().checkCompatible(layers.size() - 1);
    checkLabels();
    OptimizerSettings optimizer = optimizer();
    optimizer.schedule().checkCompatible(epochs());
    if (workers() > 1 && localSteps().equals(LocalSteps.ONE)) {
      throw new IllegalArgumentException(
          "Invalid number of workers: %d (must be 1 with --local-steps 1; give more local steps)"
              .formatted(workers()));
    }
    if (isFullBatch()) {
      checkFullBatch(optimizer.rule().word());
    }
    Integer shards = shards();
    if (shards != null && shards < workers()) {
      throw new IllegalArgumentException(
          "Invalid number of shards: %d (must be >= %d, the --workers)"
              .formatted(shards, workers()));
    }
    boolean validated = !validation.equals(HoldOut.NONE);
    Stopping stopping = stopping();
    stopping.checkCompatible(task(), lastLayer, validated);
    if (isFullBatch()) {
      GrowingSample sample = GrowingSample.of(optimizer);
      sample.checkCompatible(epochs());
      stopping.checkCompatible(sample, validated);
    }
    return this;
  }

  /** The update rule with its numbers, schedule and regularisation. */
  public OptimizerSettings optimizer() {
    return StepSettings.of(this);
  }

  /** Whether each step is of all rows. */
  boolean isFullBatch() {
    return get(StepSettings.OPTIMIZER).isFullBatch();
  }

  /** Which epoch is the best, and what ends a run before the last. */
  public Stopping stopping() {
    return StoppingSettings.of(this);
  }

  public List<LayerSpec> layers() {
    return get(Settings.LAYERS);
  }

  public LearningTask task() {
    return get(Settings.TASK);
  }

  public Loss loss() {
    return get(Settings.LOSS).withDelta(get(Settings.HUBER_DELTA));
  }

  /** What is added to features in training. */
  public GaussianNoise inputNoise() {
    return new GaussianNoise(get(Settings.INPUT_NOISE));
  }

  /** What is left out of rows and of hidden layers in training. */
  public Dropout dropout() {
    return new Dropout(get(Settings.INPUT_DROPOUT), get(Settings.DROPOUT));
  }

  public Initializer initializer() {
    return get(Settings.INIT);
  }

  public ClassWeighting classWeights() {
    return get(Settings.CLASS_WEIGHTS);
  }

  public FeatureUnits featureUnits() {
    return get(Settings.FEATURE_UNITS);
  }

  public TargetUnits targetUnits() {
    return get(Settings.TARGET_UNITS);
  }

  public int epochs() {
    return get(Settings.EPOCHS);
  }

  /** Rows of an update; more than there are means all. */
  public long batchSize() {
    return get(Settings.BATCH_SIZE);
  }

  /** Most rows of one gradient computation. */
  public int sliceSize() {
    return get(Settings.SLICE_SIZE);
  }

  public LocalSteps localSteps() {
    return get(Settings.LOCAL_STEPS);
  }

  /** Groups of shards that take local steps on their own. */
  public int workers() {
    return get(Settings.WORKERS);
  }

  public ReductionPlace reduction() {
    return get(Settings.REDUCTION);
  }

  /** Groups that the rows are packed into; null for as many as suit the rows. */
  public @Nullable Integer shards() {
    return get(Settings.SHARDS).orElse(null);
  }

  /** Spark partitions that hold the shards; null for one per core. */
  public @Nullable Integer partitions() {
    return get(Settings.PARTITIONS).orElse(null);
  }

  public long seed() {
    return get(Settings.SEED);
  }

  /** The slice that suits a batch. */
  static int defaultSlice(long batchSize) {
    long half = Math.min(GOOD_SLICE, batchSize - batchSize / 2);
    long eighth = Math.min(MAX_DEFAULT_SLICE, batchSize / 8);
    return (int) Math.max(1, Math.max(half, eighth));
  }

  /** Options for a network of these layers, with the default for everything else. */
  public static TrainingOptionsBuilder of(List<LayerSpec> layers) {
    return new TrainingOptionsBuilder(layers);
  }

  /** The same options with another number of local steps. */
  public TrainingOptions withLocalSteps(LocalSteps steps) {
    return new TrainingOptionsBuilder(this).localSteps(steps).build();
  }

  /** The same options with other rows held out. */
  public TrainingOptions withValidation(HoldOut validation) {
    return new TrainingOptionsBuilder(this).validation(validation).build();
  }

  /** The network of these options on so many features. */
  public Network network(int features) {
    return new Network(
        Topology.of(features, layers()),
        loss(),
        task(),
        inputNoise(),
        dropout(),
        get(Settings.LABEL_SMOOTHING));
  }

  /**
   * What a network does with the numbers of a table. Targets may be less a number that predictions
   * get back where the last layer is linear: it reaches any number as well, and its losses know
   * differences alone.
   */
  public TableReading.Use useOfTable() {
    Activation last = lastActivation();
    boolean bounded = task() == LearningTask.REGRESSION && targetUnits() != TargetUnits.STANDARD;
    return new TableReading.Use(
        task() == LearningTask.REGRESSION && last == Activation.LINEAR,
        featureUnits() == FeatureUnits.RAW,
        last.word(),
        bounded ? last.lowest() : Double.NEGATIVE_INFINITY,
        bounded ? last.highest() : Double.POSITIVE_INFINITY);
  }

  /** The activation of the last layer. */
  Activation lastActivation() {
    return layers().get(layers().size() - 1).activation();
  }

  /** What the labels of rows must look like. */
  public LabelFormat labels() {
    return LabelFormat.of(network(1));
  }

  /** Every option with its value, by its name on the command line. */
  public Map<String, String> toWords() {
    Map<String, String> words = new LinkedHashMap<>();
    for (Setting<?> setting : Settings.ALL) {
      if (setting.isOf(this)) {
        words.put(setting.name(), text(setting));
      }
    }
    return words;
  }

  /** Those settings of a group that are not as they are by default, in words. */
  public Map<String, String> chosen(Setting.Group group) {
    Map<String, String> words = new LinkedHashMap<>();
    for (Setting<?> setting : Settings.ALL) {
      if (setting.group() == group && setting.isOf(this) && !isDefault(setting)) {
        words.put(setting.name(), text(setting));
      }
    }
    return words;
  }

  private <T> String text(Setting<T> setting) {
    return setting.format(get(setting));
  }

  private <T> boolean isDefault(Setting<T> setting) {
    return text(setting).equals(setting.format(setting.defaultOf(this)));
  }

  private void checkLabels() {
    Loss loss = loss();
    double labelSmoothing = get(Settings.LABEL_SMOOTHING);
    boolean entropy =
        loss.equals(Loss.SOFTMAX_CROSS_ENTROPY) || loss.equals(Loss.SIGMOID_CROSS_ENTROPY);
    if (labelSmoothing > 0 && !entropy) {
      throw new IllegalArgumentException(
          "Invalid label smoothing: %s with --loss %s (it needs softmax- or sigmoid-cross-entropy)"
              .formatted(labelSmoothing, loss.word()));
    }
    ClassWeighting classWeights = classWeights();
    if (!classWeights.isNone() && task() != LearningTask.CLASSIFICATION) {
      throw new IllegalArgumentException(
          "Invalid class weights: %s with --task %s (they need classification)"
              .formatted(classWeights, task().word()));
    }
    int classes = Math.max(2, layers().get(layers().size() - 1).width());
    if (!classWeights.given().isEmpty() && classWeights.given().size() != classes) {
      throw new IllegalArgumentException(
          "Invalid class weights: %s (must be %d numbers, one for each class)"
              .formatted(classWeights, classes));
    }
    if (targetUnits() != TargetUnits.AUTO && task() != LearningTask.REGRESSION) {
      throw new IllegalArgumentException(
          "Invalid target units: %s with --task %s (they are for regression; classes have no units)"
              .formatted(targetUnits().word(), task().word()));
    }
    if (targetUnits() == TargetUnits.STANDARD && loss.equals(Loss.POISSON)) {
      throw new IllegalArgumentException(
          "Invalid target units: standard with --loss poisson (counts have no units)");
    }
  }

  private void checkFullBatch(String rule) {
    if (batchSize() != ALL_ROWS) {
      throw new IllegalArgumentException(
          "Invalid batch size: %d (must be left out with --optimizer %s, whose batch is all rows)"
              .formatted(batchSize(), rule));
    }
    if (!localSteps().equals(LocalSteps.ONE)) {
      throw new IllegalArgumentException(
          "Invalid local steps: %s (must be 1 with --optimizer %s)".formatted(localSteps(), rule));
    }
    if (!inputNoise().isNone()) {
      throw new IllegalArgumentException(
          "Invalid input noise: %s (must be 0 with --optimizer %s, whose loss may not be a random one)"
              .formatted(inputNoise().deviation(), rule));
    }
    if (!dropout().isNone()) {
      throw new IllegalArgumentException(
          "Invalid dropout: %s (must be none with --optimizer %s, whose loss may not be a random one)"
              .formatted(dropout(), rule));
    }
  }
}
