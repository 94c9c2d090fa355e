package org.sparkprop.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sparkprop.optim.Hyperparameter;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.UpdateRule;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/**
 * The optimiser's options: its name, the learning rate, and one option for each hyperparameter that
 * an {@link UpdateRule} declares, so that a new rule brings its own. Rules that share a word share
 * the option.
 */
final class OptimizerArguments {
  private @Nullable String optimizer;
  private @Nullable Double learningRate;

  /** What was given of the rules' own options, by hyperparameter. */
  private final Map<String, Double> given = new LinkedHashMap<>();

  /** picocli calls this when it makes the command. */
  @Spec(Spec.Target.SELF)
  void addOptions(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder("--optimizer")
            .type(String.class)
            .paramLabel("RULE")
            .description(
                "%s. Default: %s."
                    .formatted(
                        join(UpdateRule.ALL, UpdateRule::word, " or "), UpdateRule.STANDARD.word()))
            .setter(setter(value -> optimizer = (String) value))
            .build());
    spec.addOption(
        OptionSpec.builder("--learning-rate")
            .type(Double.class)
            .paramLabel("RATE")
            .description(
                "Size of a step. Default: %s."
                    .formatted(
                        join(
                            UpdateRule.ALL,
                            rule -> rule.learningRate() + " for " + rule.word(),
                            ", ")))
            .setter(setter(value -> learningRate = (Double) value))
            .build());
    Map<String, List<UpdateRule>> rulesOfWord = new LinkedHashMap<>();
    for (UpdateRule rule : UpdateRule.ALL) {
      for (Hyperparameter hyperparameter : rule.hyperparameters()) {
        rulesOfWord.computeIfAbsent(hyperparameter.word(), key -> new ArrayList<>()).add(rule);
      }
    }
    rulesOfWord.forEach((word, rules) -> spec.addOption(option(word, rules)));
  }

  /**
   * The rule with its numbers, checked.
   *
   * @throws IllegalArgumentException naming the option that cannot be
   */
  OptimizerSettings settings() {
    UpdateRule rule = optimizer == null ? UpdateRule.STANDARD : UpdateRule.of(optimizer);
    double rate = learningRate == null ? rule.learningRate() : learningRate;
    return OptimizerSettings.of(rule, rate, given);
  }

  private OptionSpec option(String word, List<UpdateRule> rules) {
    Hyperparameter first = rules.get(0).hyperparameter(word);
    String meaning =
        "With --optimizer %s: %s."
            .formatted(join(rules, UpdateRule::word, " or "), first.meaning());
    OptionSpec.Builder option = OptionSpec.builder("--" + word);
    if (first.kind() == Hyperparameter.Kind.SWITCH) {
      return option
          .type(boolean.class)
          .description(meaning)
          .setter(setter(value -> given.put(word, Boolean.TRUE.equals(value) ? 1.0 : 0.0)))
          .build();
    }
    String standards =
        join(
            rules,
            rule -> rule.hyperparameter(word).format(rule.hyperparameter(word).standard()),
            ", ");
    return option
        .type(Double.class)
        .paramLabel("NUMBER")
        .description(meaning + " Default: %s.".formatted(standards))
        .setter(setter(value -> given.put(word, (Double) value)))
        .build();
  }

  /** What picocli calls with a value, and with null for an option that is not given. */
  private static ISetter setter(Consumer<Object> receiver) {
    return new ISetter() {
      @Override
      public <T> T set(T value) {
        if (value != null) {
          receiver.accept(value);
        }
        return value;
      }
    };
  }

  private static String join(
      List<UpdateRule> rules, Function<UpdateRule, String> word, String between) {
    return rules.stream().map(word).distinct().collect(Collectors.joining(between));
  }
}
