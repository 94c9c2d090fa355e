package org.sparkprop.train.options;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.HoldOut;
import org.sparkprop.nn.Dropout;
import org.sparkprop.nn.GaussianNoise;
import org.sparkprop.nn.Initializer;
import org.sparkprop.nn.LayerSize;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.Task;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.UpdateRule;

/** Collects the choices of {@link TrainingOptions}; {@link #build} checks that they go together. */
public final class TrainingOptionsBuilder {
  private final Map<Setting<?>, Object> given;
  private OptimizerSettings optimizer = OptimizerSettings.of(UpdateRule.STANDARD);
  private Stopping stopping = Stopping.NEVER;
  private HoldOut validation = HoldOut.NONE;

  TrainingOptionsBuilder(List<LayerSize> layers) {
    this.given = new HashMap<>(Map.of(Settings.LAYERS, List.copyOf(layers)));
  }

  /** Begins with the choices of other options. */
  TrainingOptionsBuilder(TrainingOptions options) {
    this.given = new HashMap<>(options.given());
    this.optimizer = options.optimizer();
    this.stopping = options.stopping();
    this.validation = options.validation();
  }

  /**
   * Gives a setting its value.
   *
   * @throws IllegalArgumentException if that cannot be, whatever the others are
   */
  public <T> TrainingOptionsBuilder with(Setting<T> setting, T value) {
    given.put(setting, setting.parse(setting.format(value))); // the checks of the form
    return this;
  }

  /**
   * Gives a setting the value that a text names.
   *
   * @throws IllegalArgumentException if it names none
   */
  public <T> TrainingOptionsBuilder withText(Setting<T> setting, String text) {
    return with(setting, setting.parse(text));
  }

  /** Null for the task that the output layer is made for. */
  public TrainingOptionsBuilder task(@Nullable Task task) {
    return orDefault(Settings.TASK, task);
  }

  /** Null for the loss of the output layer. */
  public TrainingOptionsBuilder loss(@Nullable Loss loss) {
    return loss == null
        ? orDefault(Settings.LOSS, null)
        : with(Settings.LOSS, loss.withDelta(1)).with(Settings.HUBER_DELTA, loss.huberDelta());
  }

  public TrainingOptionsBuilder initializer(Initializer initializer) {
    return with(Settings.INIT, initializer);
  }

  public TrainingOptionsBuilder classWeights(ClassWeighting weights) {
    return with(Settings.CLASS_WEIGHTS, weights);
  }

  public TrainingOptionsBuilder featureUnits(FeatureUnits units) {
    return with(Settings.FEATURE_UNITS, units);
  }

  public TrainingOptionsBuilder targetUnits(TargetUnits units) {
    return with(Settings.TARGET_UNITS, units);
  }

  public TrainingOptionsBuilder labelSmoothing(double fraction) {
    return with(Settings.LABEL_SMOOTHING, fraction);
  }

  /** Null for the size that suits the batch. */
  public TrainingOptionsBuilder sliceSize(@Nullable Integer rows) {
    return orDefault(Settings.SLICE_SIZE, rows);
  }

  public TrainingOptionsBuilder reduction(Reduction reduction) {
    return with(Settings.REDUCTION, reduction);
  }

  public TrainingOptionsBuilder inputNoise(GaussianNoise inputNoise) {
    return with(Settings.INPUT_NOISE, inputNoise.deviation());
  }

  public TrainingOptionsBuilder dropout(Dropout dropout) {
    return with(Settings.INPUT_DROPOUT, dropout.input()).with(Settings.DROPOUT, dropout.hidden());
  }

  public TrainingOptionsBuilder optimizer(OptimizerSettings optimizer) {
    this.optimizer = optimizer;
    return this;
  }

  public TrainingOptionsBuilder stopping(Stopping stopping) {
    this.stopping = stopping;
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

  public TrainingOptionsBuilder epochs(int epochs) {
    return with(Settings.EPOCHS, epochs);
  }

  public TrainingOptionsBuilder batchSize(long rows) {
    return with(Settings.BATCH_SIZE, rows);
  }

  public TrainingOptionsBuilder localSteps(LocalSteps steps) {
    return with(Settings.LOCAL_STEPS, steps);
  }

  public TrainingOptionsBuilder workers(int workers) {
    return with(Settings.WORKERS, workers);
  }

  public TrainingOptionsBuilder shards(@Nullable Integer shards) {
    return orDefault(Settings.SHARDS, shards == null ? null : OptionalInt.of(shards));
  }

  public TrainingOptionsBuilder partitions(@Nullable Integer partitions) {
    return orDefault(Settings.PARTITIONS, partitions == null ? null : OptionalInt.of(partitions));
  }

  public TrainingOptionsBuilder seed(long seed) {
    return with(Settings.SEED, seed);
  }

  private <T> TrainingOptionsBuilder orDefault(Setting<T> setting, @Nullable T value) {
    if (value == null) {
      given.remove(setting);
      return this;
    }
    return with(setting, value);
  }

  /**
   * The options, checked to go together.
   *
   * @throws IllegalArgumentException naming the choice that cannot be
   */
  public TrainingOptions build() {
    return new TrainingOptions(given, optimizer, stopping, validation).checked();
  }
}
