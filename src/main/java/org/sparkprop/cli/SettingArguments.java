package org.sparkprop.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sparkprop.train.options.Setting;
import org.sparkprop.train.options.TrainingOptionsBuilder;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** An option for each of some settings, made of what they declare. */
final class SettingArguments {
  private final List<Setting<?>> settings;

  /** What was given, as it was written. */
  private final Map<Setting<?>, String> given = new LinkedHashMap<>();

  SettingArguments(List<Setting<?>> settings) {
    this.settings = settings;
  }

  /** picocli calls this when it makes the command. */
  @Spec(Spec.Target.SELF)
  void addOptions(CommandSpec spec) {
    for (Setting<?> setting : settings) {
      spec.addOption(
          OptionSpec.builder("--" + setting.name())
              .type(setting.isSwitch() ? boolean.class : String.class)
              .paramLabel(setting.label())
              .required(setting.isRequired())
              .description(setting.description().replace("%", "%%"))
              .setter(setter(setting))
              .build());
    }
  }

  private ISetter setter(Setting<?> setting) {
    return new ISetter() {
      @Override
      public <T> T set(T value) {
        if (value != null) {
          given.put(setting, value.toString());
        }
        return value;
      }
    };
  }

  /** What was given for a setting, as it was written; null if nothing was. */
  @Nullable String text(Setting<?> setting) {
    return given.get(setting);
  }

  /**
   * Adds what was given to other choices.
   *
   * @throws IllegalArgumentException naming the option that cannot be
   */
  TrainingOptionsBuilder addTo(TrainingOptionsBuilder options) {
    given.forEach(options::withText);
    return options;
  }
}
