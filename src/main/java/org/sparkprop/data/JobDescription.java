package org.sparkprop.data;

import java.util.function.Supplier;
import org.apache.spark.SparkContext;

/** What Spark's pages call the jobs of some work of this thread. */
public final class JobDescription {
  private static final String PROPERTY = "spark.job.description";

  private JobDescription() {}

  /** Does the work under a description; then the caller's own is back, or none if it had none. */
  public static <T> T during(SparkContext spark, String description, Supplier<T> work) {
    String before = spark.getLocalProperty(PROPERTY);
    spark.setJobDescription(description);
    try {
      return work.get();
    } finally {
      spark.setJobDescription(before);
    }
  }
}
