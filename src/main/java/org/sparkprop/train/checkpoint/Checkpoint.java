package org.sparkprop.train.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.nn.Topology;
import org.sparkprop.optim.Plateau;

/**
 * Where a run is between two rounds, to the last bit.
 *
 * @param numbers all of it that is neither a vector nor history
 * @param vectors the parameters, those of the best epoch if they are others, and what the optimiser
 *     remembers, by name
 * @param history of the epochs that are done
 * @param ending why there is no further round, in words; null if there is one
 */
public record Checkpoint(
    Numbers numbers,
    Map<String, float[]> vectors,
    List<EpochRecord> history,
    @Nullable String ending) {
  /**
   * Counters, and what the rules of the run remember.
   *
   * @param rounds over all epochs
   * @param seconds of the whole run
   * @param steps of the optimiser, or iterations
   * @param rateFactor what the learning rate is lowered by, past its schedule
   * @param objective what the optimiser last had there; NaN where it keeps none
   */
  public record Numbers(
      Epoch epoch,
      long rounds,
      double seconds,
      long steps,
      double rateFactor,
      double objective,
      Stopping stopping,
      Plateau.Memory plateau) {}

  /** What the rounds of the epoch that is worked on have come to, by {@code EpochState}. */
  public record Epoch(
      int number, long rounds, long rows, double loss, double weight, double seconds) {}

  /** What {@code EarlyStopping} remembers of the epochs that are done. */
  public record Stopping(double best, double reference, int epochsSinceReference) {}

  private static final String PARAMETERS = "parameters";
  private static final String BEST = "best";
  private static final String OPTIMIZER = "optimizer.";
  private static final float[] NONE = {};

  /**
   * Of these vectors, not copied.
   *
   * @param ofState the parameters, and what the optimiser remembers
   * @param best the best parameters so far, which may be those of the state
   */
  public static Checkpoint of(
      Numbers numbers,
      float[][] ofState,
      float[] best,
      List<EpochRecord> history,
      @Nullable String ending) {
    Map<String, float[]> vectors = new LinkedHashMap<>();
    vectors.put(PARAMETERS, ofState[0]);
    for (int v = 1; v < ofState.length; v++) {
      vectors.put(OPTIMIZER + (v - 1), ofState[v]);
    }
    if (best != ofState[0]) {
      vectors.put(BEST, best);
    }
    return new Checkpoint(numbers, vectors, List.copyOf(history), ending);
  }

  /** The same with parameters of its own, which stay as they are while others are tried. */
  public Checkpoint withOwnParameters() {
    Map<String, float[]> own = new LinkedHashMap<>(vectors);
    own.computeIfPresent(PARAMETERS, (name, parameters) -> parameters.clone());
    return new Checkpoint(numbers, own, history, ending);
  }

  public ResumePoint resumption() {
    return new ResumePoint(history, numbers.rounds(), numbers.epoch().rows());
  }

  /**
   * What no run has, where a file says so; null if all is well. A run that went on from it would
   * diverge, or never end.
   *
   * @param ofRun rows that the run trains on
   */
  @Nullable String problem(long ofRun) {
    Epoch epoch = numbers.epoch();
    if (epoch.number() != history.size() + 1) {
      return "it is in epoch %d after a history of %d".formatted(epoch.number(), history.size());
    }
    long before = history.isEmpty() ? 0 : history.get(history.size() - 1).rounds();
    if (epoch.rounds() < 0 || numbers.rounds() != before + epoch.rounds()) {
      return "it has %d rounds, %d of them in its epoch (its history has %d)"
          .formatted(numbers.rounds(), epoch.rounds(), before);
    }
    if (epoch.rows() < 0 || epoch.rows() / Math.max(1, epoch.rounds()) > ofRun) {
      return "%d rounds of its epoch have used %d rows".formatted(epoch.rounds(), epoch.rows());
    }
    long rows = epoch.rows() + history.stream().mapToLong(EpochRecord::rows).sum();
    if (numbers.steps() < 0 || numbers.steps() > rows + numbers.rounds()) {
      return "it has %d steps after %d rows".formatted(numbers.steps(), rows);
    }
    if (!isCount(numbers.seconds()) || !isCount(epoch.seconds()) || !isCount(epoch.weight())) {
      return "it has seconds or a weight below 0, or none";
    }
    if (!(numbers.rateFactor() > 0 && numbers.rateFactor() <= 1)
        || !(numbers.plateau().factor() > 0 && numbers.plateau().factor() <= 1)) {
      return "the factor of its rate is %s".formatted(numbers.rateFactor());
    }
    if (numbers.stopping().epochsSinceReference() < 0 || numbers.plateau().epochsWithout() < 0) {
      return "it counts epochs below 0";
    }
    for (String name : List.of(PARAMETERS, BEST)) {
      for (float parameter : vectors.getOrDefault(name, NONE)) {
        if (!Float.isFinite(parameter)) {
          return "one of its %s is %s".formatted(name, parameter);
        }
      }
    }
    return Double.isNaN(epoch.loss()) ? "its loss is NaN" : null;
  }

  private static boolean isCount(double value) {
    return value >= 0 && value < Double.POSITIVE_INFINITY;
  }

  /**
   * Refuses vectors of another network.
   *
   * @throws InvalidInputException with both lengths
   */
  public void checkCompatible(Topology topology) {
    int wanted = topology.parameterCount();
    if (!vectors.containsKey(PARAMETERS)) {
      throw new InvalidInputException("Cannot resume: the checkpoint has no parameters");
    }
    vectors.forEach(
        (name, vector) -> {
          if (vector.length != wanted) {
            throw new InvalidInputException(
                "Cannot resume: %s of the checkpoint has %,d numbers (must be %,d, for %s)"
                    .formatted(name, vector.length, wanted, topology));
          }
        });
  }

  public float[] parameters() {
    return Objects.requireNonNull(vectors.get(PARAMETERS));
  }

  /** What the optimiser remembers. */
  public List<float[]> optimizer() {
    List<float[]> remembered = new ArrayList<>();
    for (float[] vector = vectors.get(OPTIMIZER + 0);
        vector != null;
        vector = vectors.get(OPTIMIZER + remembered.size())) {
      remembered.add(vector);
    }
    return remembered;
  }

  /** The best parameters so far: those that are worked on, if there are no others. */
  public float[] best() {
    return vectors.getOrDefault(BEST, parameters());
  }
}
