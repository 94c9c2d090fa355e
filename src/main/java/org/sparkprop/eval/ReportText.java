package org.sparkprop.eval;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sparkprop.eval.ClassificationReport.ClassReport;
import org.sparkprop.eval.MultiLabelReport.LabelReport;
import org.sparkprop.eval.RegressionReport.TargetReport;
import org.sparkprop.nn.LearningTask;

/**
 * A report as lines for the console: a headline, further figures by the words of their metrics, the
 * same by weight where rows have weights, and a table.
 */
public final class ReportText {
  /** More classes, labels or targets do not fit a screen; they are in {@code report.json}. */
  private static final int MAX_LINES = 20;

  private static final Character[] PLAIN = AsciiTable.NO_BORDERS;

  private ReportText() {}

  /** The report as text, without a line end at its end. */
  public static String of(Report report) {
    if (report instanceof ClassificationReport classes) {
      return classification(classes);
    }
    if (report instanceof MultiLabelReport labels) {
      return multiLabel(labels);
    }
    return regression((RegressionReport) report);
  }

  private static String classification(ClassificationReport report) {
    StringBuilder text =
        new StringBuilder(
            "%s: accuracy %s%s, %,d errors, loss %s"
                .formatted(
                    rows(report),
                    percent(report.accuracy()),
                    interval(report.accuracyInterval()),
                    report.errors(),
                    number(report.loss())));
    appendOthers(text, report, Set.of(Metric.ACCURACY));
    appendWeighted(text, report);
    if (report.classes().stream().anyMatch(of -> of.rows() == report.rows())) {
      text.append("\nall rows are of one class: that tells little, and roc-auc nothing");
    }
    appendUnranked(text, LearningTask.CLASSIFICATION, report.labels().size());
    List<List<Long>> confusion = report.confusion();
    if (confusion == null) {
      text.append(
          "\n%,d classes, too many for a confusion matrix: the figures of each are in the report"
              .formatted(report.labels().size()));
    } else if (report.labels().size() > MAX_LINES) {
      text.append(
          "\n%,d classes: the confusion matrix is in the report".formatted(report.labels().size()));
    } else {
      text.append("\n\nrows are truth, columns are predictions\n").append(table(report, confusion));
    }
    return text.toString();
  }

  private static String multiLabel(MultiLabelReport report) {
    StringBuilder text =
        new StringBuilder(
            "%s: accuracy %s of the cells, %s of the rows%s, %,d errors, loss %s"
                .formatted(
                    rows(report),
                    percent(report.accuracy()),
                    percent(report.subsetAccuracy()),
                    interval(report.subsetAccuracyInterval()),
                    report.errors(),
                    number(report.loss())));
    appendOthers(text, report, Set.of(Metric.ACCURACY, Metric.SUBSET_ACCURACY));
    appendWeighted(text, report);
    appendUnranked(text, LearningTask.MULTI_LABEL, report.labels().size());
    if (report.labels().size() > MAX_LINES) {
      return text.append("\n%,d labels: they are in the report".formatted(report.labels().size()))
          .toString();
    }
    List<ColumnData<LabelReport>> columns =
        List.of(
            column("", LabelReport::label),
            column("rows", label -> "%,d".formatted(label.rows())),
            column("precision", label -> percent(label.precision())),
            column("recall", label -> percent(label.recall())),
            column("F1", label -> percent(label.f1())),
            column("ROC AUC", label -> number(label.rocAuc())),
            column("PR AUC", label -> number(label.prAuc())));
    return text.append("\n\n").append(table(report.labels(), columns)).toString();
  }

  private static String regression(RegressionReport report) {
    StringBuilder text =
        new StringBuilder(
            "%s: RMSE %s, MAE %s, R² %s, loss %s"
                .formatted(
                    rows(report),
                    number(report.rmse()),
                    number(report.mae()),
                    number(report.r2()),
                    number(report.loss())));
    appendOthers(text, report, Set.of(Metric.RMSE, Metric.MAE, Metric.R2));
    appendWeighted(text, report);
    if (report.r2() == null) {
      text.append("\nR² has no value, since no target changes from row to row");
    }
    int targets = report.targets().size();
    if (targets > MAX_LINES) {
      text.append("\n%,d targets: they are in the report".formatted(targets));
    } else if (targets > 1) {
      List<ColumnData<TargetReport>> columns =
          List.of(
              column("", TargetReport::target),
              column("RMSE", target -> number(target.rmse())),
              column("MAE", target -> number(target.mae())),
              column("R²", target -> number(target.r2())));
      text.append("\n\n").append(table(report.targets(), columns));
    }
    return text.toString();
  }

  private static String rows(Report report) {
    return "%,d rows of %s".formatted(report.rows(), report.facts().data());
  }

  /** A line of the metrics that have a value and do not stand above; with its interval, a share. */
  private static void appendOthers(StringBuilder text, Report report, Set<Metric> above) {
    List<String> figures = new ArrayList<>();
    report
        .figures()
        .values()
        .forEach(
            (metric, value) -> {
              if (value != null && metric != Metric.LOSS && !above.contains(metric)) {
                List<Double> interval = report.figures().intervals().get(metric);
                figures.add(
                    metric.word()
                        + " "
                        + (interval == null ? number(value) : percent(value) + interval(interval)));
              }
            });
    if (!figures.isEmpty()) {
      text.append('\n').append(String.join(", ", figures));
    }
  }

  private static void appendUnranked(StringBuilder text, LearningTask task, int width) {
    if (!TallyPlan.canRank(task, width)) {
      text.append(
          "\nroc-auc and pr-auc are not measured for more than %,d"
              .formatted(TallyPlan.MAX_RANKINGS));
    }
  }

  private static void appendWeighted(StringBuilder text, Report report) {
    Map<String, Double> weighted = report.weighted();
    if (weighted != null) {
      List<String> figures = new ArrayList<>();
      weighted.forEach(
          (field, value) -> figures.add(Metric.of(field).word() + " " + number(value)));
      text.append("\nby weight: ").append(String.join(", ", figures));
    }
  }

  /** A class with its row of the confusion matrix. */
  private record Line(ClassReport figures, List<Long> counts) {}

  private static String table(ClassificationReport report, List<List<Long>> confusion) {
    List<Line> lines = new ArrayList<>();
    List<ColumnData<Line>> columns = new ArrayList<>();
    columns.add(column("", line -> line.figures().label()));
    for (int i = 0; i < confusion.size(); i++) {
      int predicted = i;
      lines.add(new Line(report.classes().get(i), confusion.get(i)));
      columns.add(column(report.labels().get(i), line -> count(line.counts().get(predicted))));
    }
    columns.add(column("rows", line -> "%,d".formatted(line.figures().rows())));
    columns.add(column("precision", line -> percent(line.figures().precision())));
    columns.add(column("recall", line -> percent(line.figures().recall())));
    columns.add(column("F1", line -> percent(line.figures().f1())));
    return table(lines, columns);
  }

  private static <T> String table(List<T> lines, List<ColumnData<T>> columns) {
    return AsciiTable.builder().border(PLAIN).data(lines, columns).asString();
  }

  private static <T> ColumnData<T> column(String header, Function<T, String> cell) {
    return new Column()
        .header(header)
        .headerAlign(HorizontalAlign.RIGHT)
        .dataAlign(HorizontalAlign.RIGHT)
        .with(cell);
  }

  /** A dot for zero lets the errors stand out. */
  private static String count(long rows) {
    return rows == 0 ? "·" : Long.toString(rows);
  }

  private static String percent(@Nullable Double share) {
    return share == null ? "–" : "%.2f %%".formatted(100 * share);
  }

  private static String interval(@Nullable List<Double> ends) {
    return ends == null
        ? ""
        : " (95 %% interval %s to %s)".formatted(percent(ends.get(0)), percent(ends.get(1)));
  }

  /** Four decimals; numbers that these do not suit have five digits. */
  private static String number(@Nullable Double figure) {
    if (figure == null) {
      return "–";
    }
    double size = Math.abs(figure);
    boolean plain = size == 0 || (size >= 0.001 && size < 10_000);
    return (plain ? "%.4f" : "%.4e").formatted(figure);
  }
}
