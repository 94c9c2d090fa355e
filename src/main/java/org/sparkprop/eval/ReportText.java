package org.sparkprop.eval;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sparkprop.eval.Report.ClassReport;

/** A report as lines for the console: accuracy, confusion matrix, and the figures by class. */
public final class ReportText {
  /** A wider matrix does not fit a screen; it is in {@code report.json}. */
  private static final int MOST_CLASSES = 20;

  private static final Character[] PLAIN = AsciiTable.NO_BORDERS;

  private ReportText() {}

  /** The report as text, without a line end at its end. */
  public static String of(Report report) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%,d rows of %s: accuracy %s (95 %% interval %s to %s), %,d errors, loss %.4f"
            .formatted(
                report.rows(),
                report.data(),
                percent(report.accuracy()),
                percent(report.accuracyInterval().get(0)),
                percent(report.accuracyInterval().get(1)),
                report.errors(),
                report.loss()));
    if (report.labels().size() <= MOST_CLASSES) {
      text.append("\n\nrows are truth, columns are predictions\n").append(table(report));
    } else {
      text.append(
          "\n%,d classes: the confusion matrix is in the report".formatted(report.labels().size()));
    }
    return text.toString();
  }

  private static String table(Report report) {
    List<ColumnData<ClassReport>> columns = new ArrayList<>();
    columns.add(column("", ClassReport::label));
    for (int i = 0; i < report.labels().size(); i++) {
      int predicted = i;
      columns.add(
          column(
              report.labels().get(i),
              row -> count(report, report.classes().indexOf(row), predicted)));
    }
    columns.add(column("rows", row -> "%,d".formatted(row.rows())));
    columns.add(column("precision", row -> percent(row.precision())));
    columns.add(column("recall", row -> percent(row.recall())));
    columns.add(column("F1", row -> percent(row.f1())));
    return AsciiTable.builder().border(PLAIN).data(report.classes(), columns).asString();
  }

  private static ColumnData<ClassReport> column(
      String header, java.util.function.Function<ClassReport, String> cell) {
    return new Column()
        .header(header)
        .headerAlign(HorizontalAlign.RIGHT)
        .dataAlign(HorizontalAlign.RIGHT)
        .with(cell);
  }

  /** An empty place for zero lets the errors stand out. */
  private static String count(Report report, int truth, int predicted) {
    long count = report.confusion().get(truth).get(predicted);
    return count == 0 ? "·" : Long.toString(count);
  }

  private static String percent(@Nullable Double share) {
    return share == null ? "–" : "%.2f %%".formatted(100 * share);
  }
}
