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
import org.sparkprop.nn.LayerSize;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Task;
import org.sparkprop.nn.Topology;
import org.sparkprop.optim.GrowingSample;
import org.sparkprop.optim.OptimizerSettings;

/**
 * Every choice of a training run but the rows and the model's place, checked as a whole.
 *
 * @param layers hidden layers and the last one
 * @param inputNoise what is added to features in training
 * @param labelSmoothing share of a label that goes to all outputs alike, from 0 to below 1
 * @param classWeights what classes weigh in training
 * @param featureUnits in which units features are seen
 * @param targetUnits in which units targets are learnt
 * @param stopping which epoch is the best, and what ends a run before the last
 * @param batchSize rows of an update; more than there are means all
 * @param sliceSize most rows of one gradient call
 * @param localSteps steps of a worker between two rounds; one is gradient averaging
 * @param workers groups of shards that take local steps on their own
 * @param reduction where the sums of a round meet. No result depends on it
 * @param shards groups that the rows are packed into; null for as many as suit the rows
 * @param partitions Spark partitions that hold the shards; null for one a core. No result depends
 *     on it
 * @param validation which rows are held out
 */
public record TrainingOptions(
    List<LayerSize> layers,
    Task task,
    Loss loss,
    GaussianNoise inputNoise,
    Dropout dropout,
    double labelSmoothing,
    Initializer initializer,
    ClassWeighting classWeights,
    FeatureUnits featureUnits,
    TargetUnits targetUnits,
    OptimizerSettings optimizer,
    int epochs,
    Stopping stopping,
    long batchSize,
    int sliceSize,
    StepsPerRound localSteps,
    int workers,
    Reduction reduction,
    @Nullable Integer shards,
    @Nullable Integer partitions,
    HoldOut validation,
    long seed) {
  public static final int EPOCHS = 10;
  public static final long BATCH_SIZE = 512;

  /** A batch that has all rows, however many there are. */
  public static final long ALL_ROWS = Long.MAX_VALUE;

  public static final int WORKERS = 1;
  public static final long SEED = 1;

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
  static final int GOOD_SLICE = 256;

  public static final int LARGEST_STANDARD_SLICE = 512;

  private static final int MOST = 1_000_000;

  public TrainingOptions {
    Topology.of(1, layers); // too large for any table
    LayerSize lastLayer = layers.get(layers.size() - 1);
    Activation last = lastLayer.activation();
    loss.checkCompatible(last);
    loss.checkCompatible(task);
    dropout.checkCompatible(layers.size() - 1);
    checkLabels(layers, task, loss, labelSmoothing, classWeights, targetUnits);
    check("epochs", epochs, MOST);
    optimizer.schedule().checkCompatible(epochs);
    check("batch size", batchSize, Long.MAX_VALUE);
    check("slice size", sliceSize, MOST);
    check("number of workers", workers, MOST);
    if (workers > 1 && localSteps.equals(StepsPerRound.ONE)) {
      throw new IllegalArgumentException(
          "Invalid number of workers: %d (must be 1 with --local-steps 1; give more local steps)"
              .formatted(workers));
    }
    if (optimizer.rule().isFullBatch()) {
      checkFullBatch(optimizer.rule().word(), batchSize, localSteps, inputNoise, dropout);
    }
    if (shards != null) {
      check("number of shards", shards, 100 * MOST);
      if (shards < workers) {
        throw new IllegalArgumentException(
            "Invalid number of shards: %d (must be >= %d, the --workers)"
                .formatted(shards, workers));
      }
    }
    if (partitions != null) {
      check("number of partitions", partitions, MOST);
    }
    boolean validated = !validation.equals(HoldOut.NONE);
    stopping.checkCompatible(task, lastLayer, validated);
    if (optimizer.rule().isFullBatch()) {
      GrowingSample sample = GrowingSample.of(optimizer);
      sample.checkCompatible(epochs);
      stopping.checkCompatible(sample, validated);
    }
    layers = List.copyOf(layers);
  }

  /** Options for a network of these layers, with the default for everything else. */
  public static TrainingOptionsBuilder of(List<LayerSize> layers) {
    return new TrainingOptionsBuilder(layers);
  }

  /** The same options with another number of local steps. */
  public TrainingOptions withLocalSteps(StepsPerRound steps) {
    return new TrainingOptionsBuilder(this).localSteps(steps).build();
  }

  /** The same options with other rows held out. */
  public TrainingOptions withValidation(HoldOut validation) {
    return new TrainingOptionsBuilder(this).validation(validation).build();
  }

  /** The network of these options on so many features. */
  public Network network(int features) {
    return new Network(
        Topology.of(features, layers), loss, task, inputNoise, dropout, labelSmoothing);
  }

  /**
   * What a network does with the numbers of a table. Targets may be less a number that predictions
   * get back where the last layer is linear: it reaches any number as well, and its losses know
   * differences alone.
   */
  public TableReading.Use useOfTable() {
    Activation last = lastActivation();
    boolean bounded = task == Task.REGRESSION && targetUnits != TargetUnits.STANDARD;
    return new TableReading.Use(
        task == Task.REGRESSION && last == Activation.LINEAR,
        featureUnits == FeatureUnits.RAW,
        last.word(),
        bounded ? last.lowest() : Double.NEGATIVE_INFINITY,
        bounded ? last.highest() : Double.POSITIVE_INFINITY);
  }

  /** The activation of the last layer. */
  Activation lastActivation() {
    return layers.get(layers.size() - 1).activation();
  }

  /** What the labels of rows must look like. */
  public LabelFormat labels() {
    return LabelFormat.of(network(1));
  }

  /** Every option with its value, by its name on the command line. */
  public Map<String, String> toWords() {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("layers", LayerSize.format(layers));
    words.put("task", task.word());
    words.put("loss", loss.word());
    words.put("input-noise", Double.toString(inputNoise.deviation()));
    words.put("input-dropout", Double.toString(dropout.input()));
    words.put("dropout", dropout.hiddenWords());
    words.put("label-smoothing", Double.toString(labelSmoothing));
    words.put("class-weights", classWeights.toString());
    words.put("feature-units", featureUnits.word());
    words.put("target-units", targetUnits.word());
    words.put("init", initializer.toString());
    words.putAll(optimizer.toWords());
    words.put("epochs", Integer.toString(epochs));
    words.putAll(stopping.toWords());
    if (!optimizer.rule().isFullBatch()) {
      words.put("batch-size", Long.toString(batchSize));
    }
    words.put("slice-size", Integer.toString(sliceSize));
    words.put("local-steps", localSteps.toString());
    words.put("workers", Integer.toString(workers));
    words.put("reduction", reduction.word());
    words.put("shards", shards == null ? "auto" : Integer.toString(shards));
    words.put("partitions", partitions == null ? "auto" : Integer.toString(partitions));
    words.put("seed", Long.toString(seed));
    return words;
  }

  private static void checkLabels(
      List<LayerSize> layers,
      Task task,
      Loss loss,
      double labelSmoothing,
      ClassWeighting classWeights,
      TargetUnits targetUnits) {
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new IllegalArgumentException(
          "Invalid label smoothing: %s (must be >= 0 and < 1)".formatted(labelSmoothing));
    }
    boolean entropy = loss == Loss.SOFTMAX_CROSS_ENTROPY || loss == Loss.SIGMOID_CROSS_ENTROPY;
    if (labelSmoothing > 0 && !entropy) {
      throw new IllegalArgumentException(
          "Invalid label smoothing: %s with --loss %s (it needs softmax- or sigmoid-cross-entropy)"
              .formatted(labelSmoothing, loss.word()));
    }
    if (!classWeights.isNone() && task != Task.CLASSIFICATION) {
      throw new IllegalArgumentException(
          "Invalid class weights: %s with --task %s (they need classification)"
              .formatted(classWeights, task.word()));
    }
    int classes = Math.max(2, layers.get(layers.size() - 1).width());
    if (!classWeights.given().isEmpty() && classWeights.given().size() != classes) {
      throw new IllegalArgumentException(
          "Invalid class weights: %s (must be %d numbers, one for each class)"
              .formatted(classWeights, classes));
    }
    if (targetUnits != TargetUnits.AUTO && task != Task.REGRESSION) {
      throw new IllegalArgumentException(
          "Invalid target units: %s with --task %s (they are for regression; classes have no units)"
              .formatted(targetUnits.word(), task.word()));
    }
    if (targetUnits == TargetUnits.STANDARD && loss == Loss.POISSON) {
      throw new IllegalArgumentException(
          "Invalid target units: standard with --loss poisson (counts have no units)");
    }
  }

  private static void checkFullBatch(
      String rule,
      long batchSize,
      StepsPerRound localSteps,
      GaussianNoise inputNoise,
      Dropout dropout) {
    if (batchSize != ALL_ROWS) {
      throw new IllegalArgumentException(
          "Invalid batch size: %d (must be left out with --optimizer %s, whose batch is all rows)"
              .formatted(batchSize, rule));
    }
    if (!localSteps.equals(StepsPerRound.ONE)) {
      throw new IllegalArgumentException(
          "Invalid local steps: %s (must be 1 with --optimizer %s)".formatted(localSteps, rule));
    }
    if (!inputNoise.isNone()) {
      throw new IllegalArgumentException(
          "Invalid input noise: %s (must be 0 with --optimizer %s, whose loss may not be a random one)"
              .formatted(inputNoise.deviation(), rule));
    }
    if (!dropout.isNone()) {
      throw new IllegalArgumentException(
          "Invalid dropout: %s (must be none with --optimizer %s, whose loss may not be a random one)"
              .formatted(dropout, rule));
    }
  }

  private static void check(String what, long value, long most) {
    if (value < 1) {
      throw new IllegalArgumentException("Invalid %s: %d (must be > 0)".formatted(what, value));
    }
    if (value > most) {
      throw new IllegalArgumentException(
          "Invalid %s: %d (must be <= %d)".formatted(what, value, most));
    }
  }
}
