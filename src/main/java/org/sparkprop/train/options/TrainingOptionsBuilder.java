package org.sparkprop.train.options;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.HoldOut;
import org.sparkprop.nn.Activation;
import org.sparkprop.nn.Dropout;
import org.sparkprop.nn.GaussianNoise;
import org.sparkprop.nn.Initializer;
import org.sparkprop.nn.LayerSize;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.Task;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.UpdateRule;

/** Collects the choices of {@link TrainingOptions}; {@link #build} checks them. */
public final class TrainingOptionsBuilder {
  private final List<LayerSize> layers;
  private @Nullable Task task;
  private @Nullable Loss loss;
  private GaussianNoise inputNoise = GaussianNoise.NONE;
  private Dropout dropout = Dropout.NONE;
  private double labelSmoothing;
  private Initializer initializer = Initializer.AUTO;
  private ClassWeighting classWeights = ClassWeighting.NONE;
  private FeatureUnits featureUnits = FeatureUnits.RAW;
  private TargetUnits targetUnits = TargetUnits.AUTO;
  private OptimizerSettings optimizer = OptimizerSettings.of(UpdateRule.STANDARD);
  private int epochs = TrainingOptions.EPOCHS;
  private Stopping stopping = Stopping.NEVER;
  private @Nullable Long batchSize;
  private @Nullable Integer sliceSize;
  private StepsPerRound localSteps = StepsPerRound.ONE;
  private int workers = TrainingOptions.WORKERS;
  private Reduction reduction = Reduction.AUTO;
  private @Nullable Integer shards;
  private @Nullable Integer partitions;
  private HoldOut validation = HoldOut.NONE;
  private long seed = TrainingOptions.SEED;

  TrainingOptionsBuilder(List<LayerSize> layers) {
    this.layers = layers;
  }

  /** Begins with the choices of other options. */
  TrainingOptionsBuilder(TrainingOptions options) {
    layers = options.layers();
    task = options.task();
    loss = options.loss();
    inputNoise = options.inputNoise();
    dropout = options.dropout();
    labelSmoothing = options.labelSmoothing();
    initializer = options.initializer();
    classWeights = options.classWeights();
    featureUnits = options.featureUnits();
    targetUnits = options.targetUnits();
    optimizer = options.optimizer();
    epochs = options.epochs();
    stopping = options.stopping();
    batchSize = options.batchSize();
    sliceSize = options.sliceSize();
    localSteps = options.localSteps();
    workers = options.workers();
    reduction = options.reduction();
    shards = options.shards();
    partitions = options.partitions();
    validation = options.validation();
    seed = options.seed();
  }

  /** Null for the task that the last layer is made for. */
  public TrainingOptionsBuilder task(@Nullable Task task) {
    this.task = task;
    return this;
  }

  /** Null for the loss that fits the last layer. */
  public TrainingOptionsBuilder loss(@Nullable Loss loss) {
    this.loss = loss;
    return this;
  }

  public TrainingOptionsBuilder inputNoise(GaussianNoise inputNoise) {
    this.inputNoise = inputNoise;
    return this;
  }

  public TrainingOptionsBuilder dropout(Dropout dropout) {
    this.dropout = dropout;
    return this;
  }

  public TrainingOptionsBuilder labelSmoothing(double labelSmoothing) {
    this.labelSmoothing = labelSmoothing;
    return this;
  }

  public TrainingOptionsBuilder classWeights(ClassWeighting classWeights) {
    this.classWeights = classWeights;
    return this;
  }

  public TrainingOptionsBuilder featureUnits(FeatureUnits featureUnits) {
    this.featureUnits = featureUnits;
    return this;
  }

  public TrainingOptionsBuilder targetUnits(TargetUnits targetUnits) {
    this.targetUnits = targetUnits;
    return this;
  }

  public TrainingOptionsBuilder initializer(Initializer initializer) {
    this.initializer = initializer;
    return this;
  }

  public TrainingOptionsBuilder optimizer(OptimizerSettings optimizer) {
    this.optimizer = optimizer;
    return this;
  }

  public TrainingOptionsBuilder epochs(int epochs) {
    this.epochs = epochs;
    return this;
  }

  public TrainingOptionsBuilder stopping(Stopping stopping) {
    this.stopping = stopping;
    return this;
  }

  public TrainingOptionsBuilder batchSize(long batchSize) {
    this.batchSize = batchSize;
    return this;
  }

  /** Null for the size that suits the batch. */
  public TrainingOptionsBuilder sliceSize(@Nullable Integer sliceSize) {
    this.sliceSize = sliceSize;
    return this;
  }

  public TrainingOptionsBuilder localSteps(StepsPerRound localSteps) {
    this.localSteps = localSteps;
    return this;
  }

  public TrainingOptionsBuilder workers(int workers) {
    this.workers = workers;
    return this;
  }

  public TrainingOptionsBuilder reduction(Reduction reduction) {
    this.reduction = reduction;
    return this;
  }

  public TrainingOptionsBuilder shards(@Nullable Integer shards) {
    this.shards = shards;
    return this;
  }

  public TrainingOptionsBuilder partitions(@Nullable Integer partitions) {
    this.partitions = partitions;
    return this;
  }

  /** Holds out a share of the rows, from 0 to below 1. */
  public TrainingOptionsBuilder validation(double share) {
    return validation(HoldOut.share(share));
  }

  public TrainingOptionsBuilder validation(HoldOut validation) {
    this.validation = validation;
    return this;
  }

  public TrainingOptionsBuilder seed(long seed) {
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
    Activation last = layers.get(layers.size() - 1).activation();
    return new TrainingOptions(
        layers,
        task == null ? Task.defaultFor(last) : task,
        loss == null ? Loss.defaultFor(last) : loss,
        inputNoise,
        dropout,
        labelSmoothing,
        initializer,
        classWeights,
        featureUnits,
        targetUnits,
        optimizer,
        epochs,
        stopping,
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
    return optimizer.rule().isFullBatch() ? TrainingOptions.ALL_ROWS : TrainingOptions.BATCH_SIZE;
  }

  private static int standardSlice(long batchSize) {
    long half = Math.min(TrainingOptions.GOOD_SLICE, batchSize - batchSize / 2);
    long eighth = Math.min(TrainingOptions.LARGEST_STANDARD_SLICE, batchSize / 8);
    return (int) Math.max(1, Math.max(half, eighth));
  }
}
