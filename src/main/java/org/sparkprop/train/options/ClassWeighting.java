package org.sparkprop.train.options;

import java.util.ArrayList;
import java.util.List;
import org.sparkprop.base.Nearest;
import org.sparkprop.data.ClassWeights;
import org.sparkprop.data.RowStatistics;
import org.sparkprop.data.Shards;

/**
 * What the classes are to weigh: all alike, a number each, or so that all have the same in total.
 *
 * @param given a number for each class, in their order; empty where they are balanced or alike
 */
public record ClassWeighting(boolean balanced, List<Double> given) {
  public static final ClassWeighting NONE = new ClassWeighting(false, List.of());
  public static final ClassWeighting BALANCED = new ClassWeighting(true, List.of());

  public ClassWeighting {
    given = List.copyOf(given);
    ClassWeights.of(given); // its checks
  }

  /**
   * The weighting that {@code none}, {@code balanced} or a list such as {@code "1, 5"} names.
   *
   * @throws IllegalArgumentException if the word does not read so
   */
  public static ClassWeighting parse(String word) {
    String trimmed = word.trim();
    if (trimmed.equals("none")) {
      return NONE;
    }
    if (trimmed.equals("balanced")) {
      return BALANCED;
    }
    List<Double> weights = new ArrayList<>();
    try {
      for (String weight : trimmed.split(",", -1)) {
        weights.add(Double.parseDouble(weight.trim()));
      }
    } catch (NumberFormatException notANumber) {
      throw Nearest.refusal(
          "class weights",
          trimmed,
          "none, balanced, or a number for each class: 1, 5",
          List.of("none", "balanced"));
    }
    return new ClassWeighting(false, weights);
  }

  public boolean isNone() {
    return !balanced && given.isEmpty();
  }

  /** The weights for these rows; counting the classes is one Spark job. */
  public ClassWeights of(Shards training, int classes) {
    return balanced ? RowStatistics.balancedClasses(training, classes) : ClassWeights.of(given);
  }

  /** The word that {@link #parse} reads. */
  @Override
  public String toString() {
    if (balanced) {
      return "balanced";
    }
    return given.isEmpty()
        ? "none"
        : String.join(", ", given.stream().map(weight -> Double.toString(weight)).toList());
  }
}
