package org.sparkprop.train.options;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.HoldOut;
import org.sparkprop.nn.Dropout;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.LearningTask;
import org.sparkprop.nn.Loss;
import org.sparkprop.optim.OptimizerSettings;

/** Collects the choices of {@link TrainingOptions}; {@link #build} checks that they go together. */
public final class TrainingOptionsBuilder {
  private final Map<Setting<?>, Object> given;
  private HoldOut validation = HoldOut.NONE;

  TrainingOptionsBuilder(List<LayerSpec> layers) {
    this.given = new HashMap<>(Map.of(Settings.LAYERS, List.copyOf(layers)));
  }

  /** Begins with the choices of other options. */
  TrainingOptionsBuilder(TrainingOptions options) {
    this.given = new HashMap<>(options.given());
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
  public TrainingOptionsBuilder task(@Nullable LearningTask task) {
    return orDefault(Settings.TASK, task);
  }

  /** Null for the loss of the output layer. */
  public TrainingOptionsBuilder loss(@Nullable Loss loss) {
    return loss == null
        ? orDefault(Settings.LOSS, null)
        : with(Settings.LOSS, loss.withDelta(1)).with(Settings.HUBER_DELTA, loss.huberDelta());
  }

  /** Null for the size that suits the batch. */
  public TrainingOptionsBuilder sliceSize(@Nullable Integer rows) {
    return orDefault(Settings.SLICE_SIZE, rows);
  }

  public TrainingOptionsBuilder dropout(Dropout dropout) {
    return with(Settings.INPUT_DROPOUT, dropout.input()).with(Settings.DROPOUT, dropout.hidden());
  }

  /** The update rule with its numbers, schedule and regularisation, in place of all before. */
  public TrainingOptionsBuilder optimizer(OptimizerSettings optimizer) {
    StepSettings.HYPERPARAMETERS.forEach(given::remove);
    return StepSettings.with(this, optimizer);
  }

  public TrainingOptionsBuilder stopping(Stopping stopping) {
    return StoppingSettings.with(this, stopping);
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
    return orDefault(Settings.SHARDS, shards == null ? null : Optional.of(shards));
  }

  public TrainingOptionsBuilder partitions(@Nullable Integer partitions) {
    return orDefault(Settings.PARTITIONS, partitions == null ? null : Optional.of(partitions));
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
    return new TrainingOptions(given, validation).checked();
  }
}
