package org.sparkprop.cli;

import org.jspecify.annotations.Nullable;
import org.sparkprop.data.HoldOut;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.train.InitFrom;
import org.sparkprop.train.options.Settings;
import org.sparkprop.train.options.TrainingOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code train} that make up {@link TrainingOptions}. */
final class TrainingArguments {
  @Mixin private final SettingArguments settings = new SettingArguments(Settings.ALL);

  @Option(
      names = "--init-from",
      paramLabel = "PATH",
      description =
          "Initial parameters from a model folder, a .safetensors file or an .npz file, in place of --init. Default: none.")
  private @Nullable String initFrom;

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
    String init = settings.text(Settings.INIT);
    if (init != null && initFrom != null) {
      throw new IllegalArgumentException(
          "Invalid option: --init %s with --init-from %s (must be one of the two)"
              .formatted(init, initFrom));
    }
    String layers = String.valueOf(settings.text(Settings.LAYERS)); // it is required
    return settings
        .addTo(TrainingOptions.of(LayerSpec.parseList(layers)))
        .validation(validation)
        .build();
  }

  /** Where the initial parameters come from. */
  InitFrom initFrom() {
    return initFrom == null ? InitFrom.DRAWN : InitFrom.path(initFrom);
  }
}
