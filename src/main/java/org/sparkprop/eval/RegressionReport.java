package org.sparkprop.eval;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sparkprop.eval.TargetEvaluation.Target;
import org.sparkprop.nn.LearningTask;

/**
 * The report of a network that gives numbers. The metrics are those of {@link #metric}; some have
 * methods of their own. The loss is in the unit in which the network learned its targets.
 */
public record RegressionReport(
    String task,
    long rows,
    @JsonUnwrapped ReportFigures figures,
    @Nullable Map<String, Double> weighted,
    List<TargetReport> targets,
    @JsonUnwrapped Facts facts)
    implements Report {
  /** How one target fared; {@code r2} is null if it is the same in all rows. */
  public record TargetReport(
      String target, @Nullable Double rmse, @Nullable Double mae, @Nullable Double r2) {}

  static RegressionReport of(TargetEvaluation evaluation, List<String> names, Facts facts) {
    return new RegressionReport(
        LearningTask.REGRESSION.word(),
        evaluation.rows(),
        ReportFigures.of(LearningTask.REGRESSION, evaluation),
        ReportFigures.fields(evaluation.weightedMetrics()),
        IntStream.range(0, names.size())
            .mapToObj(i -> target(names.get(i), evaluation.targets().get(i)))
            .toList(),
        facts);
  }

  /** The root of the mean squared error, in the targets' unit. */
  public @Nullable Double rmse() {
    return metric(Metric.RMSE);
  }

  /** The mean absolute error, in the targets' unit. */
  public @Nullable Double mae() {
    return metric(Metric.MAE);
  }

  /** The share of the targets' variance that is explained. */
  public @Nullable Double r2() {
    return metric(Metric.R2);
  }

  private static TargetReport target(String name, Target target) {
    return new TargetReport(
        name,
        Figures.orNull(target.rmse()),
        Figures.orNull(target.mae()),
        Figures.orNull(target.r2()));
  }
}
