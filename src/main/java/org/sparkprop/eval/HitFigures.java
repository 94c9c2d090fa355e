package org.sparkprop.eval;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * Sums over rows, by the rows or by their weights, of what each class or label is right and wrong
 * in, and the figures from them. Figures are NaN where there is nothing to take them of.
 */
abstract class HitFigures implements Serializable {
  double weight;
  double loss;

  /** By label: rows that have it, rows that have it and for which it was predicted, those. */
  final double[] of;

  final double[] hits;
  final double[] predicted;

  private ScoreCounts[] scores = {};

  HitFigures(int labels) {
    this.of = new double[labels];
    this.hits = new double[labels];
    this.predicted = new double[labels];
  }

  /** Takes the scores of rows, before figures are added. */
  final void rank(ScoreCounts[] scoresOfRows) {
    scores = scores.length == 0 ? scoresOfRows : ScoreCounts.sum(scores, scoresOfRows);
  }

  /** Adds what two kinds of figures have in common. */
  final void addHits(HitFigures right) {
    weight += right.weight;
    loss += right.loss;
    for (int label = 0; label < of.length; label++) {
      of[label] += right.of[label];
      hits[label] += right.hits[label];
      predicted[label] += right.predicted[label];
    }
    scores = ScoreCounts.sum(scores, right.scores);
  }

  final double weight() {
    return weight;
  }

  /** The sum of the losses. */
  final double loss() {
    return loss;
  }

  /** What the rows weigh that have a label. */
  final double of(int label) {
    return of[label];
  }

  final double precision(int label) {
    return hits[label] / predicted[label];
  }

  final double recall(int label) {
    return hits[label] / of[label];
  }

  final double f1(int label) {
    return 2 * hits[label] / (of[label] + predicted[label]);
  }

  /** The mean over labels that occur or are predicted. */
  final double f1Macro() {
    double f1s = 0;
    int labels = 0;
    for (int label = 0; label < of.length; label++) {
      if (of[label] + predicted[label] > 0) {
        f1s += f1(label);
        labels++;
      }
    }
    return f1s / labels;
  }

  /** The areas of each label; empty if rows were not ranked. */
  final List<Ranking> rankings() {
    return Arrays.stream(scores).map(ScoreCounts::ranking).toList();
  }
}
