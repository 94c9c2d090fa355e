package org.sparkprop.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparkprop.train.options.Setting;
import org.sparkprop.train.options.Settings;

/**
 * A heading of the help, and the options under it: each with a value that could be given. A command
 * shows those that it has.
 *
 * @param examples the value of an example by the option, empty for a switch
 */
record HelpSection(String heading, Map<String, String> examples) {
  private static final HelpSection DATA =
      section(
          "Data",
          "--data houses.csv",
          "--label price",
          "--features rooms,area,age",
          "--ignore id,street",
          "--weight importance",
          "--format csv",
          "--read-option sep=;",
          "--part train[0:10000]",
          "--test-data houses-of-2025.csv",
          "--test-part none");

  private static final HelpSection NETWORK =
      section("Network", List.of(Setting.Group.NETWORK), "--init-from models/mnist");

  private static final HelpSection ROWS = section("Generated rows", "--features 100");

  private static final HelpSection OPTIMIZER =
      section("Optimiser", List.of(Setting.Group.OPTIMIZER));

  private static final HelpSection SCHEDULE =
      section("Learning-rate schedule", List.of(Setting.Group.SCHEDULE));

  private static final HelpSection REGULARIZATION =
      section("Regularisation", List.of(Setting.Group.PERTURBATION, Setting.Group.REGULARIZATION));

  private static final HelpSection VALIDATION =
      section("Validation and early stopping", List.of(Setting.Group.STOPPING), "--validation 0.1");

  private static final HelpSection ROUNDS =
      section(
          "Rounds and speed", List.of(Setting.Group.ROUNDS), "--blas java", "--give-up-after 60");

  private static final HelpSection OUTPUT =
      section(
          "Model and report",
          "--model models/houses",
          "--overwrite",
          "--checkpoint-interval 600",
          "--resume",
          "--report reports/houses",
          "--seconds 10",
          "--json bench.json");

  private static final HelpSection GENERAL =
      section("General", "--config conf/mnist.conf", "--verbose", "--help", "--version");

  private static final List<HelpSection> ALL =
      List.of(
          DATA,
          NETWORK,
          ROWS,
          OPTIMIZER,
          SCHEDULE,
          REGULARIZATION,
          VALIDATION,
          ROUNDS,
          OUTPUT,
          GENERAL);

  private static HelpSection section(String heading, String... given) {
    Map<String, String> examples = new LinkedHashMap<>();
    for (String example : given) {
      String[] parts = example.split(" ", 2);
      examples.put(parts[0], parts.length == 1 ? "" : parts[1]);
    }
    return new HelpSection(heading, examples);
  }

  /** With the settings of some groups after what is given. */
  private static HelpSection section(String heading, List<Setting.Group> groups, String... given) {
    Map<String, String> examples = new LinkedHashMap<>(section(heading, given).examples);
    for (Setting.Group group : groups) {
      for (Setting<?> setting : Settings.ALL) {
        if (setting.group() == group) {
          examples.put("--" + setting.name(), setting.example());
        }
      }
    }
    return new HelpSection(heading, examples);
  }

  /** The sections of a command, in their order; other commands' options have the same names. */
  static List<HelpSection> of(String command) {
    HelpSection other = command.equals("bench") ? DATA : ROWS;
    return ALL.stream().filter(section -> !section.equals(other)).toList();
  }
}
