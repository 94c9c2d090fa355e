package org.sparkprop.eval;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sums over rows that have any of the labels, by the rows or by their weights, and the figures from
 * them. Figures are NaN where there is nothing to take them of.
 */
final class LabelFigures implements Serializable {
  private double weight;
  private double loss;
  private double exact;
  private double wrongCells;

  /** By label: rows that have it, rows that have it and for which it was predicted, those. */
  private final double[] of;

  private final double[] hits;
  private final double[] predicted;

  private ScoreCounts[] scores = {};

  LabelFigures(int labels) {
    this.of = new double[labels];
    this.hits = new double[labels];
    this.predicted = new double[labels];
  }

  /**
   * Adds a row.
   *
   * @param output probabilities, from {@code at} on one for each label; so are {@code targets}
   */
  void add(float[] output, float[] targets, int at, double lossOfRow, double weightOfRow) {
    int wrong = 0;
    for (int label = 0; label < of.length; label++) {
      boolean has = isOn(targets[at + label]);
      boolean taken = isOn(output[at + label]);
      of[label] += has ? weightOfRow : 0;
      predicted[label] += taken ? weightOfRow : 0;
      hits[label] += has && taken ? weightOfRow : 0;
      wrong += has == taken ? 0 : 1;
    }
    weight += weightOfRow;
    loss += weightOfRow * lossOfRow;
    exact += wrong == 0 ? weightOfRow : 0;
    wrongCells += weightOfRow * wrong;
  }

  /** Whether a target is a label, or an output predicts it. */
  static boolean isOn(float value) {
    return value > 0.5f;
  }

  /** Takes the scores of the rows, once, before figures are added. */
  void rank(ScoreCounts[] scoresOfRows) {
    scores = scoresOfRows;
  }

  void add(LabelFigures right) {
    weight += right.weight;
    loss += right.loss;
    exact += right.exact;
    wrongCells += right.wrongCells;
    for (int label = 0; label < of.length; label++) {
      of[label] += right.of[label];
      hits[label] += right.hits[label];
      predicted[label] += right.predicted[label];
    }
    scores = ScoreCounts.sum(scores, right.scores);
  }

  double weight() {
    return weight;
  }

  /** The sum of the losses. */
  double loss() {
    return loss;
  }

  /** What the rows weigh whose labels are all predicted, and no other. */
  double exact() {
    return exact;
  }

  double hammingLoss() {
    return wrongCells / (weight * of.length);
  }

  /** What the rows weigh that have a label. */
  double of(int label) {
    return of[label];
  }

  double precision(int label) {
    return hits[label] / predicted[label];
  }

  double recall(int label) {
    return hits[label] / of[label];
  }

  double f1(int label) {
    return 2 * hits[label] / (of[label] + predicted[label]);
  }

  double f1Micro() {
    return 2
        * Arrays.stream(hits).sum()
        / (Arrays.stream(of).sum() + Arrays.stream(predicted).sum());
  }

  double f1Macro() {
    return IntStream.range(0, of.length)
        .mapToDouble(this::f1)
        .filter(f1 -> !Double.isNaN(f1))
        .average()
        .orElse(Double.NaN);
  }

  /** The areas of each label; empty if rows were not ranked. */
  List<Ranking> rankings() {
    return Arrays.stream(scores).map(ScoreCounts::ranking).toList();
  }
}
