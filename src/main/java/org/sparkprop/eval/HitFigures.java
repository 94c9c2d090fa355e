package org.sparkprop.eval;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sums over rows of what each class or label is right and wrong in. */
abstract sealed class HitFigures<F extends HitFigures<F>> extends Figures<F>
    permits ClassFigures, LabelFigures {
  /** By label: rows that have it, rows that have it and for which it was predicted, those. */
  final double[] of;

  final double[] hits;
  final double[] predicted;

  private ScoreCounts[] scores = {};

  /** Of {@link #scores}, once it has been asked for. */
  private transient @Nullable Ranking ranking;

  HitFigures(int labels) {
    this.of = new double[labels];
    this.hits = new double[labels];
    this.predicted = new double[labels];
  }

  /** Takes the scores of rows, before figures are added. */
  final void rank(ScoreCounts[] scoresOfRows) {
    ranking = null;
    scores = scores.length == 0 ? scoresOfRows : ScoreCounts.sum(scores, scoresOfRows);
  }

  /** Adds what two kinds of figures have in common. */
  final void addHits(F right) {
    ranking = null;
    weight += right.weight;
    loss += right.loss;
    for (int label = 0; label < of.length; label++) {
      of[label] += right.of[label];
      hits[label] += right.hits[label];
      predicted[label] += right.predicted[label];
    }
    scores = ScoreCounts.sum(scores, ((HitFigures<?>) right).scores);
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

  /** The mean areas of the labels; NaN if rows were not ranked. */
  final Ranking ranking() {
    if (ranking == null) {
      ranking = Ranking.mean(rankings());
    }
    return ranking;
  }

  /** The areas of each label; empty if rows were not ranked. */
  final List<Ranking> rankings() {
    return Arrays.stream(scores).map(ScoreCounts::ranking).toList();
  }
}
