package org.sparkprop.eval;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sparkprop.eval.TargetEvaluation.Target;
import org.sparkprop.nn.Task;

/**
 * The report of a network that gives numbers. Figures are those of {@link Metric}, each row alike.
 *
 * @param rmse in the targets' unit; so is {@code mae}
 * @param loss in the unit in which the network learned its targets
 */
public record RegressionReport(
    String task,
    long rows,
    @Nullable Double rmse,
    @Nullable Double mae,
    @Nullable Double r2,
    @Nullable Double loss,
    @Nullable Map<String, Double> weighted,
    List<TargetReport> targets,
    @JsonUnwrapped Facts facts)
    implements Report {
  /** How one target fared; {@code r2} is null if it is the same in all rows. */
  public record TargetReport(
      String target, @Nullable Double rmse, @Nullable Double mae, @Nullable Double r2) {}

  static RegressionReport of(TargetEvaluation evaluation, List<String> names, Facts facts) {
    Map<Metric, Double> metrics = evaluation.metrics();
    return new RegressionReport(
        Task.REGRESSION.word(),
        evaluation.rows(),
        metrics.get(Metric.RMSE),
        metrics.get(Metric.MAE),
        metrics.get(Metric.R2),
        metrics.get(Metric.LOSS),
        ReportFigures.fields(evaluation.weightedMetrics()),
        IntStream.range(0, names.size())
            .mapToObj(i -> target(names.get(i), evaluation.targets().get(i)))
            .toList(),
        facts);
  }

  private static TargetReport target(String name, Target target) {
    return new TargetReport(
        name,
        Figures.orNull(target.rmse()),
        Figures.orNull(target.mae()),
        Figures.orNull(target.r2()));
  }
}
