package org.sparkprop.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sparkprop.optim.Hyperparameter;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.UpdateRule;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The optimiser's options: its name, the learning rate, and one option for each hyperparameter that
 * an {@link UpdateRule} declares, so that a new rule brings its own.
 */
final class OptimizerArguments {
  @Option(
      names = "--optimizer",
      paramLabel = "RULE",
      defaultValue = "adam",
      description = "adam or sgd. Default: ${DEFAULT-VALUE}.")
  private String optimizer;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "Size of a step. Default: 0.001 for adam, 0.1 for sgd.")
  private @Nullable Double learningRate;

  /** What was given of the rules' own options, by hyperparameter. */
  private final Map<String, Double> given = new LinkedHashMap<>();

  /** For picocli, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  OptimizerArguments() {}

  /** picocli calls this when it has made the options of the fields; the rules' options follow. */
  @Spec(Spec.Target.SELF)
  void addOptionsOfRules(CommandSpec spec) {
    for (UpdateRule rule : UpdateRule.ALL) {
      for (Hyperparameter hyperparameter : rule.hyperparameters()) {
        spec.addOption(option(rule, hyperparameter));
      }
    }
  }

  /**
   * The rule with its numbers, checked.
   *
   * @throws IllegalArgumentException naming the option that cannot be
   */
  OptimizerSettings settings() {
    UpdateRule rule = UpdateRule.of(optimizer);
    double rate = learningRate == null ? rule.learningRate() : learningRate;
    return OptimizerSettings.of(rule, rate, given);
  }

  private OptionSpec option(UpdateRule rule, Hyperparameter hyperparameter) {
    String word = hyperparameter.word();
    ISetter setter =
        new ISetter() {
          @Override
          public <T> T set(T value) {
            if (value instanceof Double number) {
              given.put(word, number);
            } else if (Boolean.TRUE.equals(value)) {
              given.put(word, 1.0);
            }
            return value;
          }
        };
    String meaning = "With --optimizer %s: %s.".formatted(rule.word(), hyperparameter.meaning());
    OptionSpec.Builder option = OptionSpec.builder("--" + word).setter(setter);
    return hyperparameter.isSwitch()
        ? option.type(boolean.class).description(meaning).build()
        : option
            .type(Double.class)
            .paramLabel("NUMBER")
            .description(meaning + " Default: %s.".formatted(hyperparameter.standard()))
            .build();
  }
}
