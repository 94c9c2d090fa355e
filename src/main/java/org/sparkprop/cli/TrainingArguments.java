package org.sparkprop.cli;

import org.jspecify.annotations.Nullable;
import org.sparkprop.nn.Initializer;
import org.sparkprop.nn.LayerSize;
import org.sparkprop.nn.Loss;
import org.sparkprop.train.TrainingOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code train} that make up {@link TrainingOptions}. */
final class TrainingArguments {
  @Option(
      names = "--layers",
      required = true,
      paramLabel = "LIST",
      description =
          "Hidden layers and the last one: \"128 relu, 10 softmax\". Activations: linear (where none is named), sigmoid, tanh, relu, leaky-relu, elu, softplus, gelu, silu; softmax at the end.")
  private String layers;

  @Option(
      names = "--loss",
      paramLabel = "LOSS",
      description =
          "squared-error, softmax-cross-entropy or sigmoid-cross-entropy. Default: the one that fits the last layer.")
  private @Nullable String loss;

  @Option(
      names = "--init",
      paramLabel = "KIND",
      description =
          "First weights: auto, glorot, he, uniform(0.5), normal(0.1). Default: auto, which is he for layers that rectify and glorot for the others.")
  private @Nullable String init;

  @Option(
      names = "--init-from",
      paramLabel = "PATH",
      description =
          "First parameters out of a model folder, a .safetensors file or an .npz file, in place of --init.")
  private @Nullable String initFrom;

  @Mixin private RoundArguments round;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "" + TrainingOptions.EPOCHS,
      description = "Passes over all training rows. Default: ${DEFAULT-VALUE}.")
  private int epochs;

  @Option(
      names = "--validation",
      paramLabel = "SHARE",
      defaultValue = "0",
      description =
          "Share of the training rows that is held out and evaluated after each epoch. Default: ${DEFAULT-VALUE}.")
  private double validation;

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
   * @throws IllegalArgumentException naming the option that cannot be
   */
  TrainingOptions options() {
    if (init != null && initFrom != null) {
      throw new IllegalArgumentException(
          "Invalid option: --init %s with --init-from %s (must be one of the two)"
              .formatted(init, initFrom));
    }
    return round
        .addTo(TrainingOptions.of(LayerSize.parseList(layers)))
        .loss(loss == null ? null : Loss.of(loss))
        .initializer(init == null ? Initializer.AUTO : Initializer.parse(init))
        .epochs(epochs)
        .shards(shards)
        .partitions(partitions)
        .validation(validation)
        .seed(seed)
        .build();
  }

  /** Where the first parameters come from; null if they are drawn. */
  @Nullable String initFrom() {
    return initFrom;
  }
}
