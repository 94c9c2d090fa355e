package org.sparkprop.eval;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sparkprop.eval.TargetEvaluation.Target;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Workspace;

/** Counts rows that have numbers for targets. */
final class TargetTally implements Tally {
  private final int width;
  private long rows;
  private final TargetFigures byRows;
  private final @Nullable TargetFigures byWeight;

  /**
   * @param width number of targets
   * @param weighted whether rows have weights
   */
  TargetTally(int width, boolean weighted) {
    this.width = width;
    this.byRows = new TargetFigures(width);
    this.byWeight = weighted ? new TargetFigures(width) : null;
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
    byRows.add(that.byRows);
    if (byWeight != null && that.byWeight != null) {
      byWeight.add(that.byWeight);
    }
  }

  @Override
  public TargetEvaluation evaluation(Network network) {
    List<Target> targets =
        IntStream.range(0, width)
            .mapToObj(i -> new Target(byRows.rmse(i), byRows.mae(i), byRows.r2(i)))
            .toList();
    return new TargetEvaluation(
        rows,
        metrics(byRows, network),
        byWeight == null ? Map.of() : metrics(byWeight, network),
        targets);
  }

  private static Map<Metric, Double> metrics(TargetFigures figures, Network network) {
    return new Figures()
        .with(Metric.LOSS, network.meanLoss(figures.loss(), figures.weight()))
        .with(Metric.RMSE, figures.rmse())
        .with(Metric.MAE, figures.mae())
        .with(Metric.R2, figures.r2())
        .map();
  }
}
