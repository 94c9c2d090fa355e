package org.sparkprop.optim;

import java.io.Serializable;

/**
 * How many of the rows an iteration of {@link Lbfgs} sees: a part at first, which doubles after
 * some iterations again and again until it is all of them (Friedlander and Schmidt 2012, "Hybrid
 * deterministic-stochastic methods for data fitting"; progressive batching in Bollapragada et al.
 * 2018). Far from the minimum, few rows tell as well as all where it lies.
 *
 * @param doublings how often it doubles: the first part is of 1 / 2^doublings of the rows
 * @param iterations before it doubles
 */
public record GrowingSample(int doublings, int iterations) implements Serializable {
  private static final int MAX_DOUBLINGS = 20;
  private static final int MAX_ITERATIONS = 1_000_000;

  static final Hyperparameter DOUBLINGS =
      Hyperparameter.count(
          "sample-doublings",
          0,
          3,
          0,
          MAX_DOUBLINGS,
          "times that the rows of an iteration double until they are all: 5 begins with a 32nd of them");

  static final Hyperparameter ITERATIONS =
      Hyperparameter.count(
          "sample-iterations", 3, 10, 1, MAX_ITERATIONS, "iterations before the rows double");

  /** The sample that these settings ask for; all rows from the first iteration by default. */
  public static GrowingSample of(OptimizerSettings settings) {
    return new GrowingSample(
        (int) settings.value(DOUBLINGS.word()), (int) settings.value(ITERATIONS.word()));
  }

  /**
   * Refuses a run that would end before it has seen all rows.
   *
   * @throws IllegalArgumentException with the epochs that it needs
   */
  public void checkCompatible(int epochs) {
    long sampled = (long) doublings * iterations;
    if (epochs <= sampled) {
      throw new IllegalArgumentException(
          "Invalid %s: %d with --%s %d and --epochs %d (needs more than %d epochs to see all rows)"
              .formatted(
                  DOUBLINGS.word(), doublings, ITERATIONS.word(), iterations, epochs, sampled));
    }
  }

  /**
   * How often the sample has still to double: an epoch, counted from 1, sees 1 / 2^this of the
   * rows.
   */
  public int doublingsLeft(int epoch) {
    return Math.max(0, doublings - (epoch - 1) / iterations);
  }

  /** Whether an epoch sees other rows than the one before. */
  public boolean growsBefore(int epoch) {
    return epoch > 1 && doublingsLeft(epoch) != doublingsLeft(epoch - 1);
  }
}
