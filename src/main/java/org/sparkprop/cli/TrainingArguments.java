package org.sparkprop.cli;

import org.jspecify.annotations.Nullable;
import org.sparkprop.data.HoldOut;
import org.sparkprop.nn.Dropout;
import org.sparkprop.nn.GaussianNoise;
import org.sparkprop.nn.Initializer;
import org.sparkprop.nn.LayerSize;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.Task;
import org.sparkprop.train.options.ClassWeighting;
import org.sparkprop.train.options.FeatureUnits;
import org.sparkprop.train.options.TargetUnits;
import org.sparkprop.train.options.TrainingOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code train} that make up {@link TrainingOptions}. */
final class TrainingArguments {
  @Option(
      names = "--layers",
      required = true,
      paramLabel = "LIST",
      description =
          "Hidden layers and the last one: widths, in units, and activations: linear (where none is named), sigmoid, tanh, relu, leaky-relu, elu, selu, softplus, gelu, silu, mish, exponential; softmax at the end.")
  private String layers;

  @Option(
      names = "--task",
      paramLabel = "TASK",
      description =
          "classification, multi-label or regression. Default: classification for softmax and sigmoid, regression for every other last layer.")
  private @Nullable String task;

  @Option(
      names = "--loss",
      paramLabel = "LOSS",
      description =
          "softmax-cross-entropy, sigmoid-cross-entropy, squared-error, absolute-error, huber or poisson. Default: the one that fits the last layer.")
  private @Nullable String loss;

  @Option(
      names = "--feature-units",
      paramLabel = "UNITS",
      defaultValue = "raw",
      description =
          "In which units the network sees features: raw (bytes as 0 to 1), or standard: deviations from the mean of the training rows, of each feature; of all together where they are bytes, as in images. Default: ${DEFAULT-VALUE}.")
  private String featureUnits;

  @Option(
      names = "--target-units",
      paramLabel = "UNITS",
      defaultValue = "auto",
      description =
          "In which units a regression learns its targets: standard (deviations from the mean), raw, or auto: standard for a linear last layer. Predictions and metrics are in the units of the rows. Default: ${DEFAULT-VALUE}.")
  private String targetUnits;

  @Option(
      names = "--class-weights",
      paramLabel = "WEIGHTS",
      defaultValue = "none",
      description =
          "What rows weigh for their class: none, balanced (all classes the same in total), or a number for each class: \"1, 20\". Default: ${DEFAULT-VALUE}.")
  private String classWeights;

  @Option(
      names = "--input-noise",
      paramLabel = "DEVIATION",
      defaultValue = "0",
      description =
          "Deviation of the normal noise that is added to each feature in training, in the units that the network sees. Default: ${DEFAULT-VALUE}.")
  private double inputNoise;

  @Option(
      names = "--input-dropout",
      paramLabel = "RATE",
      defaultValue = "0",
      description =
          "Share of the features that is left out of each row in training. Default: ${DEFAULT-VALUE}.")
  private double inputDropout;

  @Option(
      names = "--dropout",
      paramLabel = "RATES",
      defaultValue = "0",
      description =
          "Share of the units of hidden layers that is left out of each row in training: 0.5, or one for each layer: \"0.2, 0.5\". Default: ${DEFAULT-VALUE}.")
  private String dropout;

  @Option(
      names = "--label-smoothing",
      paramLabel = "SHARE",
      defaultValue = "0",
      description =
          "Share of each label that goes to all classes alike, in training with a cross-entropy. Default: ${DEFAULT-VALUE}.")
  private double labelSmoothing;

  @Option(
      names = "--init",
      paramLabel = "KIND",
      description =
          "First weights: auto, glorot, he, lecun, uniform(0.5), normal(0.1). Default: auto, which is he for layers that rectify, lecun for selu and glorot for the others.")
  private @Nullable String init;

  @Option(
      names = "--init-from",
      paramLabel = "PATH",
      description =
          "First parameters out of a model folder, a .safetensors file or an .npz file, in place of --init. Default: none.")
  private @Nullable String initFrom;

  @Mixin private RoundArguments round;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "" + TrainingOptions.EPOCHS,
      description = "Passes over all training rows. Default: ${DEFAULT-VALUE}.")
  private int epochs;

  @Mixin private StoppingArguments stopping;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "" + TrainingOptions.SEED,
      description = "Decides first weights, held-out rows and orders. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--shards",
      paramLabel = "N",
      description =
          "Groups that the rows are packed into. Part of the bits. Default: about 1024 rows each.")
  private @Nullable Integer shards;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description =
          "Spark partitions that hold the shards. Changes no result. Default: one a core.")
  private @Nullable Integer partitions;

  /** For picocli, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  TrainingArguments() {}

  /**
   * The options, checked.
   *
   * @param validation which rows are held out
   * @throws IllegalArgumentException naming the option that cannot be
   */
  TrainingOptions options(HoldOut validation) {
    if (init != null && initFrom != null) {
      throw new IllegalArgumentException(
          "Invalid option: --init %s with --init-from %s (must be one of the two)"
              .formatted(init, initFrom));
    }
    return round
        .addTo(TrainingOptions.of(LayerSize.parseList(layers)))
        .task(task == null ? null : Task.of(task))
        .loss(loss == null ? null : Loss.of(loss))
        .featureUnits(FeatureUnits.of(featureUnits))
        .targetUnits(TargetUnits.of(targetUnits))
        .classWeights(ClassWeighting.parse(classWeights))
        .inputNoise(new GaussianNoise(inputNoise))
        .dropout(new Dropout(inputDropout, Dropout.parseRates(dropout)))
        .labelSmoothing(labelSmoothing)
        .initializer(init == null ? Initializer.AUTO : Initializer.parse(init))
        .epochs(epochs)
        .stopping(stopping.stopping())
        .validation(validation)
        .shards(shards)
        .partitions(partitions)
        .seed(seed)
        .build();
  }

  /** Where the first parameters come from; null if they are drawn. */
  @Nullable String initFrom() {
    return initFrom;
  }
}
