package org.sparkprop.eval;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How well scores put positive rows above negative ones.
 *
 * @param rocAuc the area under the ROC curve: the share of the pairs of a positive and a negative
 *     row in which the positive one has the higher score, ties counting half (Hanley and McNeil
 *     1982); NaN, as is its error, if there is no such pair
 * @param rocAucError how far it may be off, since scores were rounded; 0 where they were not
 * @param prAuc average precision: the precision at each positive row, averaged; NaN, as is its
 *     error, if there is none
 * @param prAucError how far it may be off
 */
record Ranking(double rocAuc, double rocAucError, double prAuc, double prAucError) {
  /** The mean of the areas that there are; NaN where there is none. */
  static Ranking mean(List<Ranking> rankings) {
    return new Ranking(
        mean(rankings, Ranking::rocAuc),
        mean(rankings, Ranking::rocAucError),
        mean(rankings, Ranking::prAuc),
        mean(rankings, Ranking::prAucError));
  }

  private static double mean(List<Ranking> rankings, ToDoubleFunction<Ranking> area) {
    return rankings.stream()
        .mapToDouble(area)
        .filter(value -> !Double.isNaN(value))
        .average()
        .orElse(Double.NaN);
  }
}
