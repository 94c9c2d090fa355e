package org.sparkprop.eval;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sparkprop.eval.LabelEvaluation.Label;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Workspace;

/** Counts rows that have any of the labels. */
final class LabelTally implements Tally {
  private final int width;
  private final LabelFigures byRows;
  private final @Nullable LabelFigures byWeight;
  private transient @Nullable ScoreBuffer scores;

  /**
   * @param width number of labels
   * @param weighted whether rows have weights
   * @param scores takes the scores of the rows of a shard; null if they are not ranked
   */
  LabelTally(int width, boolean weighted, @Nullable ScoreBuffer scores) {
    this.width = width;
    this.byRows = new LabelFigures(width);
    this.byWeight = weighted ? new LabelFigures(width) : null;
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
    for (int row = 0; row < rows; row++) {
      int at = row * width;
      byRows.add(output, targets, at, losses[row], 1);
      if (byWeight != null) {
        byWeight.add(output, targets, at, losses[row], weights[row]);
      }
      if (scores != null) {
        if (scores.isFull()) {
          scores.rank(byRows, byWeight);
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
    scores.rank(byRows, byWeight);
    scores = null;
  }

  @Override
  public void add(Tally right) {
    LabelTally that = (LabelTally) right;
    byRows.add(that.byRows);
    if (byWeight != null && that.byWeight != null) {
      byWeight.add(that.byWeight);
    }
  }

  @Override
  public LabelEvaluation evaluation(Network network) {
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
        (long) byRows.weight(),
        (long) byRows.exact(),
        metrics(byRows, Ranking.mean(rankings), network),
        byWeight == null ? Map.of() : metrics(byWeight, Ranking.mean(byWeight.rankings()), network),
        Ranking.mean(rankings),
        labels);
  }

  private static Map<Metric, Double> metrics(
      LabelFigures figures, Ranking ranking, Network network) {
    return new Figures()
        .with(Metric.LOSS, network.meanLoss(figures.loss(), figures.weight()))
        .with(Metric.ACCURACY, 1 - figures.hammingLoss())
        .with(Metric.SUBSET_ACCURACY, figures.exact() / figures.weight())
        .with(Metric.HAMMING_LOSS, figures.hammingLoss())
        .with(Metric.F1_MICRO, figures.f1Micro())
        .with(Metric.F1_MACRO, figures.f1Macro())
        .with(Metric.ROC_AUC, ranking.rocAuc())
        .with(Metric.PR_AUC, ranking.prAuc())
        .map();
  }
}
