package org.sparkprop.eval;

import java.util.List;
import java.util.stream.IntStream;
import org.sparkprop.eval.TargetEvaluation.Target;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Workspace;

/** Counts rows that have numbers for targets. */
final class TargetTally implements Tally {
  private final int width;
  private long rows;
  private final Twice<TargetFigures> figures;

  /**
   * @param width number of targets
   * @param weighted whether rows have weights
   */
  TargetTally(int width, boolean weighted) {
    this.width = width;
    this.figures = Twice.of(() -> new TargetFigures(width), weighted);
  }

  @Override
  public void add(Workspace slice, int rowsOfSlice) {
    add(slice.output(), slice.targets(), slice.weights(), slice.losses(), rowsOfSlice);
  }

  /**
   * Counts rows.
   *
   * @param output (rows, width); so are {@code targets}, in the same unit
   * @param weights (rows); so are {@code losses}
   */
  void add(float[] output, float[] targets, float[] weights, double[] losses, int rowsOfSlice) {
    TargetFigures byRows = figures.byRows();
    TargetFigures byWeight = figures.byWeight();
    for (int row = 0; row < rowsOfSlice; row++) {
      int at = row * width;
      byRows.add(output, targets, at, losses[row], 1);
      if (byWeight != null) {
        byWeight.add(output, targets, at, losses[row], weights[row]);
      }
    }
    rows += rowsOfSlice;
  }

  @Override
  public void finish() {
    // All is counted already: numbers are not ranked.
  }

  @Override
  public void add(Tally right) {
    TargetTally that = (TargetTally) right;
    rows += that.rows;
    figures.add(that.figures);
  }

  @Override
  public TargetEvaluation evaluation(Network network) {
    TargetFigures byRows = figures.byRows();
    List<Target> targets =
        IntStream.range(0, width)
            .mapToObj(i -> new Target(byRows.rmse(i), byRows.mae(i), byRows.r2(i)))
            .toList();
    return new TargetEvaluation(
        rows, figures.metrics(network), figures.weightedMetrics(network), targets);
  }
}
