package org.sparkprop.train;

import org.apache.spark.TaskContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Rows whose reading fails in the first attempt of every task, as on an executor that dies. */
final class FailingRows {
  private FailingRows() {}

  static Dataset<Row> failFirstAttempts(SparkSession spark, Dataset<Row> rows) {
    return spark.createDataFrame(
        rows.toJavaRDD().map(FailingRows::failFirstAttempt), rows.schema());
  }

  private static Row failFirstAttempt(Row row) {
    if (TaskContext.get().attemptNumber() == 0) {
      throw new IllegalStateException("the first attempt fails, as this test wants it");
    }
    return row;
  }
}
