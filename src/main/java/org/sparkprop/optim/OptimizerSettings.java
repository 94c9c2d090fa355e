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
import org.sparkprop.nn.LayerSize;
import org.sparkprop.nn.Topology;

/**
 * An update rule with every number decided and checked.
 *
 * @param learningRate the rate of each step
 * @param values a value for each hyperparameter of the rule, in the rule's order
 */
public record OptimizerSettings(UpdateRule rule, double learningRate, Map<String, Double> values)
    implements Serializable {
  private static final Topology SMALLEST =
      Topology.of(1, List.of(new LayerSize(1, Activation.LINEAR)));

  public OptimizerSettings {
    if (!(learningRate > 0)) {
      throw new IllegalArgumentException(
          "Invalid learning rate: %s (must be > 0)".formatted(learningRate));
    }
    if (!(learningRate >= Float.MIN_NORMAL && learningRate <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "Invalid learning rate: %s (must be a float, %s to %s)"
              .formatted(learningRate, Float.MIN_NORMAL, Float.MAX_VALUE));
    }
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** The rule with its own defaults for all numbers. */
  public static OptimizerSettings of(UpdateRule rule) {
    return of(rule, rule.learningRate(), Map.of());
  }

  /**
   * The rule with the given numbers and its own defaults for the others.
   *
   * @throws IllegalArgumentException if a number is out of bounds, or the rule does not take it
   */
  public static OptimizerSettings of(
      UpdateRule rule, double learningRate, Map<String, Double> given) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (Hyperparameter hyperparameter : rule.hyperparameters()) {
      double value = given.getOrDefault(hyperparameter.word(), hyperparameter.standard());
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
    OptimizerSettings settings = new OptimizerSettings(rule, learningRate, values);
    if (!rule.isFullBatch()) {
      settings.create(SMALLEST); // the rule's own checks, of values that do not go together
    }
    return settings;
  }

  /** The same rule and numbers at another learning rate. */
  public OptimizerSettings withLearningRate(double learningRate) {
    return new OptimizerSettings(rule, learningRate, values);
  }

  /** The value of the hyperparameter {@code word} of the rule. */
  double value(String word) {
    return Objects.requireNonNull(values.get(word), word);
  }

  /** An optimiser that has made no step yet. */
  public Optimizer create(Topology topology) {
    return create(topology, () -> new float[topology.parameterCount()]);
  }

  /**
   * An optimiser whose moments the caller fills, to go on from them.
   *
   * @param moment gives an array as long as the parameters
   */
  public Optimizer create(Topology topology, Supplier<float[]> moment) {
    return Objects.requireNonNull(rule.factory()).create(this, topology, moment);
  }

  /** L-BFGS that has made no iteration yet. */
  public Lbfgs createLbfgs() {
    return new Lbfgs((int) value("history"), learningRate, value("tolerance"));
  }

  @Override
  public String toString() {
    return rule.word() + " " + learningRate;
  }
}
