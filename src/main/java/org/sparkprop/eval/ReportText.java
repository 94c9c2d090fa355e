package org.sparkprop.eval;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
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
    List<List<Long>> confusion = report.confusion();
    if (confusion != null && report.labels().size() <= MOST_CLASSES) {
      text.append("\n\nrows are truth, columns are predictions\n").append(table(report, confusion));
    } else {
      text.append(
          "\n%,d classes: the confusion matrix is in the report".formatted(report.labels().size()));
    }
    return text.toString();
  }

  /** A class with its row of the confusion matrix. */
  private record Line(ClassReport figures, List<Long> counts) {}

  private static String table(Report report, List<List<Long>> confusion) {
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
    return AsciiTable.builder().border(PLAIN).data(lines, columns).asString();
  }

  private static ColumnData<Line> column(String header, Function<Line, String> cell) {
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
}
