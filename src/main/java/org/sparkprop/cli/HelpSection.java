package org.sparkprop.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparkprop.optim.Hyperparameter;
import org.sparkprop.optim.UpdateRule;
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
      section("Network", Setting.Group.NETWORK, "--init-from models/mnist");

  private static final HelpSection ROWS = section("Generated rows", "--features 100");

  private static final HelpSection OPTIMIZER = optimizer();

  private static final HelpSection SCHEDULE =
      section(
          "Learning-rate schedule",
          "--schedule step(30, 0.1)",
          "--schedule-by round",
          "--warmup 5");

  private static final HelpSection REGULARIZATION =
      section(
          "Regularisation",
          Setting.Group.REGULARIZATION,
          "--weight-decay 0.01",
          "--l1 0.0001",
          "--l2 0.0001",
          "--max-norm 3",
          "--clip-value 0.5",
          "--clip-norm 1");

  private static final HelpSection VALIDATION =
      section(
          "Validation and early stopping",
          "--validation 0.1",
          "--monitor accuracy",
          "--patience 5",
          "--min-delta 0.001",
          "--target accuracy=0.98",
          "--max-seconds 600");

  private static final HelpSection ROUNDS =
      section("Rounds and speed", Setting.Group.ROUNDS, "--blas java", "--give-up-after 60");

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

  /** With the settings of a group before what is given. */
  private static HelpSection section(String heading, Setting.Group group, String... given) {
    Map<String, String> examples = new LinkedHashMap<>();
    for (Setting<?> setting : Settings.ALL) {
      if (setting.group() == group) {
        examples.put("--" + setting.name(), setting.example());
      }
    }
    examples.putAll(section(heading, given).examples);
    return new HelpSection(heading, examples);
  }

  /** With a learning rate and what the rules declare, so that a new rule brings its own. */
  private static HelpSection optimizer() {
    HelpSection section =
        section("Optimiser", Setting.Group.OPTIMIZER, "--optimizer adamw", "--learning-rate 0.01");
    for (UpdateRule rule : UpdateRule.ALL) {
      rule.hyperparameters()
          .forEach(number -> section.examples.putIfAbsent("--" + number.word(), example(number)));
    }
    return section;
  }

  private static String example(Hyperparameter number) {
    return number.kind() == Hyperparameter.Kind.SWITCH ? "" : number.format(number.example());
  }

  /** The sections of a command, in their order; other commands' options have the same names. */
  static List<HelpSection> of(String command) {
    HelpSection other = command.equals("bench") ? DATA : ROWS;
    return ALL.stream().filter(section -> !section.equals(other)).toList();
  }
}
