package org.sparkprop.eval;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.Secrets;
import org.sparkprop.model.BlasOfJvm;
import org.sparkprop.model.BlasOfRun;
import org.sparkprop.model.ModelFolder;
import org.sparkprop.spark.Storage;

/**
 * The content of {@code report.json}. Shares are from 0 to 1, and figures are null where there is
 * nothing to take them of.
 */
public sealed interface Report permits ClassificationReport, MultiLabelReport, RegressionReport {
  /** The word of the network's task. */
  String task();

  /** Number of rows; none is left out. */
  long rows();

  /** The metrics of the task, each row alike. */
  @JsonUnwrapped
  ReportFigures figures();

  /**
   * A metric, each row alike; null if it is not one of the task, or there is nothing to take it of.
   */
  default @Nullable Double metric(Metric metric) {
    return figures().values().get(metric);
  }

  /** The mean loss, each row alike. */
  default @Nullable Double loss() {
    return metric(Metric.LOSS);
  }

  /**
   * The figures by the rows' weights, by the names that they have in the report; null where rows
   * have no weights.
   */
  @Nullable Map<String, Double> weighted();

  /** What was evaluated, and how. */
  @JsonUnwrapped
  Facts facts();

  /**
   * What was evaluated, and how.
   *
   * @param model where the model lies
   * @param data the data set and the part of it
   * @param blas what the rows were multiplied with; every name, if there were several
   * @param blasOf the same of each JVM that multiplied
   * @param seconds for the job
   */
  record Facts(String model, String data, String blas, List<BlasOfJvm> blasOf, double seconds) {
    /** Of a job that has come to its end. */
    static Facts of(String model, String data, BlasOfRun blas, double seconds) {
      return new Facts(
          Secrets.masked(model), Secrets.masked(data), blas.name(), blas.jvms(), seconds);
    }
  }

  /**
   * The report of an evaluation.
   *
   * @param names of the classes, labels or targets
   */
  static Report of(Evaluation evaluation, List<String> names, Facts facts) {
    if (evaluation instanceof ClassEvaluation classes) {
      return ClassificationReport.of(classes, names, facts);
    }
    if (evaluation instanceof LabelEvaluation labels) {
      return MultiLabelReport.of(labels, names, facts);
    }
    return RegressionReport.of((TargetEvaluation) evaluation, names, facts);
  }

  /** Writes the report as JSON. */
  default void writeTo(OutputStream out) throws IOException {
    ModelFolder.JSON.writeValue(out, this);
  }

  /**
   * Writes {@code report.json} into a folder; a report that is there is replaced.
   *
   * @throws org.sparkprop.base.InvalidInputException if that fails
   */
  default void write(String folder, Configuration hadoop) {
    Storage.writeFile(
        Storage.child(Storage.path(folder), ModelFolder.REPORT), hadoop, this::writeTo);
  }
}
