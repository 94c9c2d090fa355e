package org.sparkprop.cli;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.Words;
import org.sparkprop.optim.Hyperparameter;
import org.sparkprop.optim.OptimizerSettingsBuilder;
import org.sparkprop.optim.UpdateRule;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/**
 * The optimiser's options: its name, the learning rate, and one option for each hyperparameter that
 * an {@link UpdateRule} declares, so that a new rule brings its own. Rules that share a word share
 * the option, each with its own default.
 */
final class OptimizerArguments {
  private @Nullable String optimizer;
  private @Nullable Double learningRate;
  private @Nullable Double weightDecay;

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
                "%s. Default: %s.".formatted(words(UpdateRule.ALL), UpdateRule.STANDARD.word()))
            .setter(setter(value -> optimizer = (String) value))
            .build());
    spec.addOption(
        number(
                "--learning-rate",
                "Learning rate.",
                UpdateRule.ALL,
                rule -> Double.toString(rule.learningRate()))
            .paramLabel("RATE")
            .setter(setter(value -> learningRate = (Double) value))
            .build());
    Map<String, List<UpdateRule>> rulesOfWord = new LinkedHashMap<>();
    for (UpdateRule rule : UpdateRule.ALL) {
      for (Hyperparameter hyperparameter : rule.hyperparameters()) {
        rulesOfWord.computeIfAbsent(hyperparameter.word(), key -> new ArrayList<>()).add(rule);
      }
    }
    rulesOfWord.forEach((word, rules) -> spec.addOption(option(word, rules)));
    spec.addOption(
        number(
                "--weight-decay",
                "Decoupled weight decay: subtracts rate · decay · w from each weight w in each step; lamb's rule has it inside.",
                UpdateRule.ALL,
                rule -> Double.toString(rule.weightDecay()))
            .setter(setter(value -> weightDecay = (Double) value))
            .build());
  }

  /**
   * Adds what was given to other choices.
   *
   * @throws IllegalArgumentException if there is no such rule
   */
  void addTo(OptimizerSettingsBuilder settings) {
    if (optimizer != null) {
      settings.rule(UpdateRule.of(optimizer));
    }
    if (learningRate != null) {
      settings.learningRate(learningRate);
    }
    if (weightDecay != null) {
      settings.weightDecay(weightDecay);
    }
    given.forEach(settings::hyperparameter);
  }

  private OptionSpec option(String word, List<UpdateRule> rules) {
    Hyperparameter first = rules.get(0).hyperparameter(word);
    String meaning =
        "With --optimizer %s: %s."
            .formatted(words(rules), byRule(rules, rule -> rule.hyperparameter(word).meaning()));
    if (first.kind() == Hyperparameter.Kind.SWITCH) {
      return OptionSpec.builder("--" + word)
          .type(boolean.class)
          .description(meaning)
          .setter(setter(value -> given.put(word, Boolean.TRUE.equals(value) ? 1.0 : 0.0)))
          .build();
    }
    return number("--" + word, meaning, rules, rule -> standard(rule.hyperparameter(word)))
        .setter(setter(value -> given.put(word, (Double) value)))
        .build();
  }

  private static String standard(Hyperparameter hyperparameter) {
    return hyperparameter.format(hyperparameter.standard());
  }

  private static OptionSpec.Builder number(
      String name, String meaning, List<UpdateRule> rules, Function<UpdateRule, String> standard) {
    return OptionSpec.builder(name)
        .type(Double.class)
        .paramLabel("NUMBER")
        .description("%s Default: %s.".formatted(meaning, byRule(rules, standard)));
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

  /** What all rules say, or each of the things that they say with the rules that say it. */
  private static String byRule(List<UpdateRule> rules, Function<UpdateRule, String> saying) {
    Map<String, List<UpdateRule>> rulesOf =
        rules.stream().collect(groupingBy(saying, LinkedHashMap::new, toList()));
    if (rulesOf.size() == 1) {
      return rulesOf.keySet().iterator().next();
    }
    return rulesOf.entrySet().stream()
        .map(entry -> "%s for %s".formatted(entry.getKey(), words(entry.getValue())))
        .collect(joining("; "));
  }

  /** {@code "a, b or c"}. */
  private static String words(List<UpdateRule> rules) {
    return Words.either(rules.stream().map(UpdateRule::word).toList());
  }
}
