package org.sparkprop.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sparkprop.nn.Initializer;
import org.sparkprop.nn.LayerSize;
import org.sparkprop.nn.Loss;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.UpdateRule;

/**
 * Every choice of a training run but the rows and the model's place, checked as a whole.
 *
 * @param layers hidden layers and the last one
 * @param batchSize rows of an update; more than there are means all
 * @param sliceSize most rows of one gradient call
 * @param localSteps steps of a worker between two rounds; one is gradient averaging
 * @param workers groups of shards that take local steps on their own
 * @param reduction where the sums of a round meet. No result depends on it
 * @param shards groups that the rows are packed into; null for as many as suit the rows
 * @param partitions Spark partitions that hold the shards; null for one a core. No result depends
 *     on it
 * @param validation share of the rows that is held out, from 0 to below 1
 */
public record TrainingOptions(
    List<LayerSize> layers,
    Loss loss,
    Initializer initializer,
    OptimizerSettings optimizer,
    int epochs,
    long batchSize,
    int sliceSize,
    StepsPerRound localSteps,
    int workers,
    Reduction reduction,
    @Nullable Integer shards,
    @Nullable Integer partitions,
    double validation,
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
  private static final int GOOD_SLICE = 256;

  public static final int LARGEST_STANDARD_SLICE = 512;

  private static final int MOST = 1_000_000;

  public TrainingOptions {
    loss.checkFits(layers.get(layers.size() - 1).activation());
    check("epochs", epochs, MOST);
    optimizer.schedule().checkFits(epochs);
    check("batch size", batchSize, Long.MAX_VALUE);
    check("slice size", sliceSize, MOST);
    check("number of workers", workers, MOST);
    if (workers > 1 && localSteps.equals(StepsPerRound.ONE)) {
      throw new IllegalArgumentException(
          "Invalid number of workers: %d (must be 1 with --local-steps 1; give more local steps)"
              .formatted(workers));
    }
    if (optimizer.rule().isFullBatch()) {
      checkFullBatch(optimizer.rule().word(), batchSize, localSteps);
    }
    if (shards != null) {
      check("number of shards", shards, 100 * MOST);
      if (shards < workers) {
        throw new IllegalArgumentException(
            "Invalid number of shards: %d (must be >= %d, the number of workers)"
                .formatted(shards, workers));
      }
    }
    if (partitions != null) {
      check("number of partitions", partitions, MOST);
    }
    if (!(validation >= 0 && validation < 1)) {
      throw new IllegalArgumentException(
          "Invalid validation: %s (must be >= 0 and < 1)".formatted(validation));
    }
    layers = List.copyOf(layers);
  }

  /** Options for a network of these layers, with the default for everything else. */
  public static Builder of(List<LayerSize> layers) {
    return new Builder(layers);
  }

  /** The same options with another number of local steps. */
  TrainingOptions withLocalSteps(StepsPerRound steps) {
    return new TrainingOptions(
        layers,
        loss,
        initializer,
        optimizer,
        epochs,
        batchSize,
        sliceSize,
        steps,
        workers,
        reduction,
        shards,
        partitions,
        validation,
        seed);
  }

  /** Every option with its value, by its name on the command line. */
  public Map<String, String> toWords() {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("layers", LayerSize.format(layers));
    words.put("loss", loss.word());
    words.put("init", initializer.toString());
    words.putAll(optimizer.toWords());
    words.put("epochs", Integer.toString(epochs));
    if (!optimizer.rule().isFullBatch()) {
      words.put("batch-size", Long.toString(batchSize));
    }
    words.put("slice-size", Integer.toString(sliceSize));
    words.put("local-steps", localSteps.toString());
    words.put("workers", Integer.toString(workers));
    words.put("reduction", reduction.word());
    words.put("shards", shards == null ? "auto" : Integer.toString(shards));
    words.put("partitions", partitions == null ? "auto" : Integer.toString(partitions));
    words.put("validation", Double.toString(validation));
    words.put("seed", Long.toString(seed));
    return words;
  }

  private static void checkFullBatch(String rule, long batchSize, StepsPerRound localSteps) {
    if (batchSize != ALL_ROWS) {
      throw new IllegalArgumentException(
          "Invalid batch size: %d (must be left out with --optimizer %s, whose batch is all rows)"
              .formatted(batchSize, rule));
    }
    if (!localSteps.equals(StepsPerRound.ONE)) {
      throw new IllegalArgumentException(
          "Invalid local steps: %s (must be 1 with --optimizer %s)".formatted(localSteps, rule));
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

  /** Collects choices; {@link #build} checks them. */
  public static final class Builder {
    private final List<LayerSize> layers;
    private @Nullable Loss loss;
    private Initializer initializer = Initializer.AUTO;
    private OptimizerSettings optimizer = OptimizerSettings.of(UpdateRule.STANDARD);
    private int epochs = EPOCHS;
    private @Nullable Long batchSize;
    private @Nullable Integer sliceSize;
    private StepsPerRound localSteps = StepsPerRound.ONE;
    private int workers = WORKERS;
    private Reduction reduction = Reduction.AUTO;
    private @Nullable Integer shards;
    private @Nullable Integer partitions;
    private double validation;
    private long seed = SEED;

    private Builder(List<LayerSize> layers) {
      this.layers = layers;
    }

    /** Null for the loss that fits the last layer. */
    public Builder loss(@Nullable Loss loss) {
      this.loss = loss;
      return this;
    }

    public Builder initializer(Initializer initializer) {
      this.initializer = initializer;
      return this;
    }

    public Builder optimizer(OptimizerSettings optimizer) {
      this.optimizer = optimizer;
      return this;
    }

    public Builder epochs(int epochs) {
      this.epochs = epochs;
      return this;
    }

    public Builder batchSize(long batchSize) {
      this.batchSize = batchSize;
      return this;
    }

    /** Null for the size that suits the batch. */
    public Builder sliceSize(@Nullable Integer sliceSize) {
      this.sliceSize = sliceSize;
      return this;
    }

    public Builder localSteps(StepsPerRound localSteps) {
      this.localSteps = localSteps;
      return this;
    }

    public Builder workers(int workers) {
      this.workers = workers;
      return this;
    }

    public Builder reduction(Reduction reduction) {
      this.reduction = reduction;
      return this;
    }

    public Builder shards(@Nullable Integer shards) {
      this.shards = shards;
      return this;
    }

    public Builder partitions(@Nullable Integer partitions) {
      this.partitions = partitions;
      return this;
    }

    public Builder validation(double validation) {
      this.validation = validation;
      return this;
    }

    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /**
     * The options, checked.
     *
     * @throws IllegalArgumentException naming the choice that cannot be
     */
    public TrainingOptions build() {
      long batchSize = this.batchSize == null ? standardBatch() : this.batchSize;
      return new TrainingOptions(
          layers,
          loss == null ? Loss.fitting(layers.get(layers.size() - 1).activation()) : loss,
          initializer,
          optimizer,
          epochs,
          batchSize,
          sliceSize == null ? standardSlice(batchSize) : sliceSize,
          localSteps,
          workers,
          reduction,
          shards,
          partitions,
          validation,
          seed);
    }

    private long standardBatch() {
      return optimizer.rule().isFullBatch() ? ALL_ROWS : BATCH_SIZE;
    }

    private static int standardSlice(long batchSize) {
      long half = Math.min(GOOD_SLICE, batchSize - batchSize / 2);
      long eighth = Math.min(LARGEST_STANDARD_SLICE, batchSize / 8);
      return (int) Math.max(1, Math.max(half, eighth));
    }
  }
}
