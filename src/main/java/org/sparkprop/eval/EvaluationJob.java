package org.sparkprop.eval;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.AllRows;
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.Shards;
import org.sparkprop.model.BlasOfRun;
import org.sparkprop.model.Model;
import org.sparkprop.spark.JobDescription;

/**
 * Evaluates models on rows that are checked and packed when it is opened, so that rows which cannot
 * be used are refused before a model is trained for them.
 */
public final class EvaluationJob implements AutoCloseable {
  private final JavaSparkContext spark;
  private final RowFormat format;
  private final Shards shards;
  private final double packingSeconds;

  private EvaluationJob(
      JavaSparkContext spark, RowFormat format, Shards shards, double packingSeconds) {
    this.spark = spark;
    this.format = format;
    this.shards = shards;
    this.packingSeconds = packingSeconds;
  }

  /**
   * Packs all of {@code rows}.
   *
   * @param format what the model takes, under the name of these rows
   * @throws InvalidInputException if the rows cannot be used, or are not such as the model takes
   */
  public static EvaluationJob open(SparkSession session, Dataset<Row> rows, RowFormat format) {
    long start = System.nanoTime();
    RowFormat found = format.withRows(rows);
    // One seed for all: the grouping decides the last bits of the loss, which should not differ
    // between the end of training and a later evaluation.
    Shards packed = AllRows.pack(rows, found, 0, null);
    boolean usable = false;
    try {
      if (packed.rows() == 0) {
        throw new InvalidInputException("Cannot use %s: it has no rows".formatted(format.name()));
      }
      packed.refuseWeightless(format.name());
      JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
      EvaluationJob job = new EvaluationJob(spark, found, packed, secondsSince(start));
      usable = true;
      return job;
    } finally {
      if (!usable) {
        packed.close();
      }
    }
  }

  /**
   * Counts every row, in one Spark job.
   *
   * @param where where the model lies, for the report
   */
  public Report run(Model model, String where) {
    long start = System.nanoTime();
    BlasOfRun blas = new BlasOfRun();
    Evaluator evaluator = new Evaluator(spark, model.network(), model.preprocessing(), true, blas);
    Evaluation evaluation =
        JobDescription.during(
            spark.sc(),
            "evaluating " + format.name(),
            () -> evaluator.evaluate(shards, model.parameters()));
    double seconds = packingSeconds + secondsSince(start);
    Report.Facts facts = Report.Facts.of(where, format.name(), blas, seconds);
    return Report.of(evaluation, model.labels(), facts);
  }

  /** Frees the packed rows. */
  @Override
  public void close() {
    shards.close();
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
