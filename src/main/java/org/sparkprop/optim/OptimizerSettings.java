package org.sparkprop.optim;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.sparkprop.nn.Activation;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Topology;

/**
 * An update rule with every number decided and checked.
 *
 * @param learningRate the rate that the schedule starts from, or climbs to
 * @param values a value for each hyperparameter of the rule, in the rule's order
 */
public record OptimizerSettings(
    UpdateRule rule,
    double learningRate,
    Map<String, Double> values,
    LearningRateSchedule schedule,
    Regularization regularization)
    implements Serializable {
  private static final Topology SMALLEST =
      Topology.of(1, List.of(new LayerSpec(1, Activation.LINEAR)));

  public OptimizerSettings {
    PositiveFloat.check("learning rate", learningRate);
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** The rule with its own defaults for all numbers. */
  public static OptimizerSettings of(UpdateRule rule) {
    return of(rule, rule.learningRate(), Map.of());
  }

  /**
   * The rule with the given numbers and its own defaults for the others, at a constant rate.
   *
   * @throws IllegalArgumentException if a number is out of bounds, or the rule does not take it
   */
  public static OptimizerSettings of(
      UpdateRule rule, double learningRate, Map<String, Double> given) {
    return of(
        rule, learningRate, given, LearningRateSchedule.CONSTANT, Regularization.standard(rule));
  }

  /**
   * The same with a schedule and a regularisation.
   *
   * @throws IllegalArgumentException if a number is out of bounds, or the rule does not take it
   */
  public static OptimizerSettings of(
      UpdateRule rule,
      double learningRate,
      Map<String, Double> given,
      LearningRateSchedule schedule,
      Regularization regularization) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (Hyperparameter hyperparameter : rule.hyperparameters()) {
      double value = given.getOrDefault(hyperparameter.word(), hyperparameter.byDefault());
      hyperparameter.check(value);
      values.put(hyperparameter.word(), value);
    }
    for (String word : given.keySet()) {
      if (!values.containsKey(word)) {
        throw new IllegalArgumentException(
            "Invalid option: --%s with --optimizer %s (it takes %s)"
                .formatted(
                    word,
                    rule.word(),
                    values.keySet().stream().map(w -> "--" + w).collect(Collectors.joining(", "))));
      }
    }
    return new OptimizerSettings(rule, learningRate, values, schedule, regularization).checked();
  }

  /** The same rule and numbers at another learning rate. */
  public OptimizerSettings withLearningRate(double learningRate) {
    return new OptimizerSettings(rule, learningRate, values, schedule, regularization).checked();
  }

  /** The same rule and numbers with another schedule. */
  public OptimizerSettings withSchedule(LearningRateSchedule schedule) {
    return new OptimizerSettings(rule, learningRate, values, schedule, regularization).checked();
  }

  /** The same rule and numbers with another regularisation. */
  public OptimizerSettings withRegularization(Regularization regularization) {
    return new OptimizerSettings(rule, learningRate, values, schedule, regularization).checked();
  }

  /** The rule's own checks, of values that do not go together. */
  private OptimizerSettings checked() {
    if (rule.isFullBatch()) {
      checkFullBatch();
    } else {
      create(SMALLEST);
    }
    return this;
  }

  /** A line search decides each step: of what else shapes steps, only L2 has a meaning there. */
  private void checkFullBatch() {
    Regularization allowed = Regularization.ofL2(regularization.l2());
    Map<String, String> words =
        new OptimizerSettings(rule, learningRate, values, LearningRateSchedule.CONSTANT, allowed)
            .toWords();
    toWords()
        .forEach(
            (word, value) -> {
              if (!value.equals(words.get(word))) {
                throw new IllegalArgumentException(
                    "Invalid %s: %s (must be %s with --optimizer %s)"
                        .formatted(word.replace('-', ' '), value, words.get(word), rule.word()));
              }
            });
  }

  /** The value of the hyperparameter {@code word} of the rule. */
  double value(String word) {
    return Objects.requireNonNull(values.get(word), word);
  }

  /** A minimiser that has made no step yet. */
  public Minimizer minimizer(Topology topology) {
    return rule.factory().create(this, topology, () -> new float[topology.parameterCount()]);
  }

  /** An optimiser that has made no step yet; of a rule of batches. */
  public Optimizer create(Topology topology) {
    return (Optimizer) minimizer(topology);
  }

  /**
   * An optimiser whose moments the caller fills, to go on from them; of a rule of batches.
   *
   * @param moment gives an array as long as the parameters
   */
  public Optimizer create(Topology topology, Supplier<float[]> moment) {
    return (Optimizer) rule.factory().create(this, topology, moment);
  }

  /**
   * The learning rate of a step, but for what a {@link Plateau} has lowered.
   *
   * @param step its number in the run, from 0
   */
  public double rateAt(long step, RunLength run) {
    return learningRate * schedule.factor(step, run);
  }

  /** Every choice by its name on the command line. */
  public Map<String, String> toWords() {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("optimizer", rule.word());
    words.put("learning-rate", Double.toString(learningRate));
    values.forEach((word, value) -> words.put(word, rule.hyperparameter(word).format(value)));
    words.putAll(schedule.toWords());
    words.putAll(regularization.toWords());
    return words;
  }

  /** The rule, its rate, and what else is not as usual. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(rule.word() + " " + learningRate);
    if (!schedule.equals(LearningRateSchedule.CONSTANT)) {
      text.append(", ").append(schedule);
    }
    Map<String, String> usual = Regularization.NONE.toWords();
    regularization
        .toWords()
        .forEach(
            (word, value) -> {
              if (!value.equals(usual.get(word))) {
                text.append(", %s %s".formatted(word, value));
              }
            });
    return text.toString();
  }
}
