package org.sparkprop.eval;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.statistics.interval.BinomialConfidenceInterval;
import org.apache.commons.statistics.interval.Interval;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.sparkprop.model.ModelFolder;
import org.sparkprop.model.Storage;

/**
 * The content of {@code report.json}. Shares are from 0 to 1, and null where there is nothing to
 * take a share of.
 *
 * @param accuracyInterval Wilson's 95 % interval (Wilson 1927), lower and upper end
 * @param confusion a row for each true class, a column for each predicted one; null for more than
 *     1000 classes
 * @param model where the model lies
 * @param data the data set and the part of it
 * @param seconds for the job
 */
public record Report(
    long rows,
    long errors,
    double accuracy,
    List<Double> accuracyInterval,
    double loss,
    List<String> labels,
    @Nullable List<List<Long>> confusion,
    List<ClassReport> classes,
    String model,
    String data,
    String blas,
    double seconds) {
  private static final int MOST_CLASSES = 1000;
  private static final double ERROR_RATE = 0.05;

  /** How one class fared; {@code rows} are those that truly are of it. */
  public record ClassReport(
      String label,
      long rows,
      @Nullable Double precision,
      @Nullable Double recall,
      @Nullable Double f1) {}

  public static Report of(
      Evaluation evaluation,
      List<String> labels,
      String model,
      String data,
      String blas,
      double seconds) {
    ConfusionMatrix confusion = evaluation.confusion();
    int columns = confusion.classes() > MOST_CLASSES ? 0 : confusion.classes();
    List<List<Long>> counts = new ArrayList<>();
    List<ClassReport> classes = new ArrayList<>();
    for (int truth = 0; truth < confusion.classes(); truth++) {
      int of = truth;
      counts.add(
          IntStream.range(0, columns).mapToObj(label -> confusion.count(of, label)).toList());
      classes.add(
          new ClassReport(
              labels.get(truth),
              confusion.rowsOf(truth),
              orNull(confusion.precision(truth)),
              orNull(confusion.recall(truth)),
              orNull(confusion.f1(truth))));
    }
    return new Report(
        confusion.rows(),
        confusion.rows() - confusion.hits(),
        confusion.accuracy(),
        interval(confusion.rows(), confusion.hits()),
        evaluation.loss(),
        labels,
        columns == 0 ? null : counts,
        classes,
        model,
        data,
        blas,
        seconds);
  }

  /** Writes the report as JSON. */
  public void writeTo(OutputStream out) throws IOException {
    ModelFolder.JSON.writeValue(out, this);
  }

  /**
   * Writes {@code report.json} into a folder; a report that is there is replaced.
   *
   * @throws org.sparkprop.data.InvalidInputException if that fails
   */
  public void write(String folder, Configuration hadoop) {
    Storage.writeFile(new Path(folder, ModelFolder.REPORT), hadoop, this::writeTo);
  }

  private static List<Double> interval(long rows, long hits) {
    // The library counts in int; beyond that the interval is narrower than the digits shown.
    double shrink = Math.max(1, (double) rows / Integer.MAX_VALUE);
    Interval wilson =
        BinomialConfidenceInterval.WILSON_SCORE.fromErrorRate(
            (int) (rows / shrink), (int) (hits / shrink), ERROR_RATE);
    return List.of(wilson.getLowerBound(), wilson.getUpperBound());
  }

  private static @Nullable Double orNull(double share) {
    return Double.isNaN(share) ? null : share;
  }
}
