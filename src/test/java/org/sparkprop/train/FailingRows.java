package org.sparkprop.train;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Rows whose reading fails in the first attempt of every task, as on an executor that dies. */
final class FailingRows {
  private static final AtomicInteger FAILURES = new AtomicInteger();

  private FailingRows() {}

  /** How many tasks have failed so far. */
  static int failures() {
    return FAILURES.get();
  }

  static Dataset<Row> failFirstAttempts(SparkSession spark, Dataset<Row> rows) {
    return spark.createDataFrame(
        rows.toJavaRDD().map(FailingRows::failFirstAttempt), rows.schema());
  }

  private static Row failFirstAttempt(Row row) {
    if (TaskContext.get().attemptNumber() == 0) {
      FAILURES.incrementAndGet();
      throw new IllegalStateException("the first attempt fails, as this test wants it");
    }
    return row;
  }
}
