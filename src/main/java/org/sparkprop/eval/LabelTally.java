package org.sparkprop.eval;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sparkprop.eval.LabelEvaluation.Label;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Workspace;

/** Counts rows that have any of the labels. */
final class LabelTally implements Tally {
  private final int width;
  private final Twice<LabelFigures> figures;
  private transient @Nullable ScoreBuffer scores;

  /**
   * @param width number of labels
   * @param weighted whether rows have weights
   * @param scores takes the scores of the rows of a shard; null if they are not ranked
   */
  LabelTally(int width, boolean weighted, @Nullable ScoreBuffer scores) {
    this.width = width;
    this.figures = Twice.of(() -> new LabelFigures(width), weighted);
    this.scores = scores;
  }

  @Override
  public void add(Workspace slice, int rows) {
    add(slice.output(), slice.logits(), slice.targets(), slice.weights(), slice.losses(), rows);
  }

  /**
   * Counts rows.
   *
   * @param output probabilities (rows, width)
   * @param logits (rows, width)
   * @param targets 0 or 1 (rows, width)
   * @param weights (rows); so are {@code losses}
   */
  void add(
      float[] output, float[] logits, float[] targets, float[] weights, double[] losses, int rows) {
    LabelFigures byRows = figures.byRows();
    LabelFigures byWeight = figures.byWeight();
    for (int row = 0; row < rows; row++) {
      int at = row * width;
      byRows.add(output, targets, at, losses[row], 1);
      if (byWeight != null) {
        byWeight.add(output, targets, at, losses[row], weights[row]);
      }
      if (scores != null) {
        if (scores.isFull()) {
          scores.rank(figures);
        }
        for (int label = 0; label < width; label++) {
          scores.add(label, logits[at + label], LabelFigures.isOn(targets[at + label]));
        }
        scores.endRow(weights[row]);
      }
    }
  }

  @Override
  public void finish() {
    if (scores == null) {
      return;
    }
    scores.rank(figures);
    scores = null;
  }

  @Override
  public void add(Tally right) {
    LabelTally that = (LabelTally) right;
    figures.add(that.figures);
  }

  @Override
  public LabelEvaluation evaluation(Network network) {
    LabelFigures byRows = figures.byRows();
    List<Ranking> rankings = byRows.rankings();
    Ranking none = Ranking.mean(List.of());
    List<Label> labels =
        IntStream.range(0, width)
            .mapToObj(
                label ->
                    new Label(
                        (long) byRows.of(label),
                        byRows.precision(label),
                        byRows.recall(label),
                        byRows.f1(label),
                        rankings.isEmpty() ? none : rankings.get(label)))
            .toList();
    return new LabelEvaluation(
        (long) byRows.weight,
        (long) byRows.exact(),
        figures.metrics(network),
        figures.weightedMetrics(network),
        byRows.ranking(),
        labels);
  }
}
