package org.sparkprop.optim;

import java.io.Serializable;
import java.util.List;
import java.util.function.Supplier;
import org.sparkprop.base.Nearest;
import org.sparkprop.nn.Topology;

/**
 * An optimiser that can be chosen by name.
 *
 * @param word its name in options and files
 * @param learningRate the rate where none is given
 * @param weightDecay the decoupled decay where none is given
 * @param hyperparameters what else it can be told
 * @param kind what a step is made from
 * @param factory makes the minimiser of one run
 */
public record UpdateRule(
    String word,
    double learningRate,
    double weightDecay,
    List<Hyperparameter> hyperparameters,
    Kind kind,
    Factory factory)
    implements Serializable {
  /** What a rule makes a step from. */
  public enum Kind {
    /** The gradient of a batch: an {@link Optimizer}. */
    BATCHES,
    /** Loss and gradient of all rows, evaluated as often as it likes: {@link Lbfgs}. */
    FULL_BATCHES
  }

  /** A rule whose steps are made from the gradients of batches. */
  UpdateRule(
      String word,
      double learningRate,
      double weightDecay,
      List<Hyperparameter> hyperparameters,
      Factory factory) {
    this(word, learningRate, weightDecay, hyperparameters, Kind.BATCHES, factory);
  }

  /** Every rule there is, in the order of the help. */
  public static final List<UpdateRule> ALL =
      List.of(
          Sgd.RULE,
          Adam.RULE,
          AdamW.RULE,
          Nadam.RULE,
          Adagrad.RULE,
          Adadelta.RULE,
          RmsProp.RULE,
          Lamb.RULE,
          Lbfgs.RULE);

  /** The rule where none is chosen: the one that needs the least tuning. */
  public static final UpdateRule DEFAULT = Adam.RULE;

  /** Makes a minimiser from settings of its own rule. */
  public interface Factory {
    /**
     * A minimiser that has made no step yet.
     *
     * @param moment gives an array for each moment that a rule of batches keeps
     */
    Minimizer create(OptimizerSettings settings, Topology topology, Supplier<float[]> moment);
  }

  /** Whether a step takes the loss and the gradient of all rows, as often as it likes. */
  public boolean isFullBatch() {
    return kind == Kind.FULL_BATCHES;
  }

  /**
   * What this rule calls {@code word}.
   *
   * @throws IllegalArgumentException if it does not take it
   */
  public Hyperparameter hyperparameter(String word) {
    return hyperparameters.stream()
        .filter(hyperparameter -> hyperparameter.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(this.word + " takes no " + word));
  }

  /**
   * The rule that {@code word} names.
   *
   * @throws IllegalArgumentException if there is none, with the words that there are
   */
  public static UpdateRule of(String word) {
    return Nearest.named("optimizer", word, ALL, UpdateRule::word);
  }

  /** Travels as its word; a factory is code, which the other side has. */
  private Object writeReplace() {
    return new Word(word);
  }

  private record Word(String word) implements Serializable {
    private Object readResolve() {
      return UpdateRule.of(word);
    }
  }
}
