package org.sparkprop.eval;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkprop.data.InvalidInputException;
import org.sparkprop.data.Part;
import org.sparkprop.data.Preprocessing.FeatureType;
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.RowSource;
import org.sparkprop.data.ShardPlan;
import org.sparkprop.data.Shards;
import org.sparkprop.model.Model;
import org.sparkprop.nn.Blas;

/** Evaluates a model on a part of a data set, from its rows to a report. */
public final class EvaluationJob {
  private EvaluationJob() {}

  /**
   * Counts every row of the part.
   *
   * @param where where the model lies, for the report
   * @throws InvalidInputException if the rows cannot be used, or are not such as the model takes
   */
  public static Report run(
      SparkSession spark, Model model, String where, RowSource source, Part part) {
    long start = System.nanoTime();
    String name = source + " " + part;
    Dataset<Row> rows = source.rows(spark, part);
    FeatureType found = RowFormat.featureType(rows, name);
    FeatureType wanted = model.preprocessing().features();
    if (found != wanted) {
      throw new InvalidInputException(
          "Cannot use %s: its features are of type %s (the model was trained on %s)"
              .formatted(name, found.word(), wanted.word()));
    }
    int width = model.network().topology().inputWidth();
    RowFormat format = new RowFormat(name, wanted, width, model.network().classes());
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    int shards = ShardPlan.standardShards(rows.count(), format);
    int partitions = Math.min(shards, context.defaultParallelism());
    // One seed for all: the grouping decides the last bits of the loss, which should not differ
    // between the end of training and a later evaluation.
    try (Shards packed = Shards.pack(rows, format, ShardPlan.all(shards, 0), partitions)) {
      if (packed.rows() == 0) {
        throw new InvalidInputException("Cannot use %s: it has no rows".formatted(name));
      }
      Evaluation evaluation =
          new Evaluator(context, model.network(), model.preprocessing())
              .evaluate(packed, model.parameters());
      double seconds = (System.nanoTime() - start) / 1e9;
      return Report.of(evaluation, model.labels(), where, name, Blas.name(), seconds);
    }
  }
}
