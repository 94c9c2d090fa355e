package org.sparkprop.spark;

import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.sparkprop.base.GaveUpException;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.base.Secrets;

/** What Spark's pages call the jobs of some work of this thread. */
public final class JobDescription {
  private static final String PROPERTY = "spark.job.description";

  private JobDescription() {}

  /**
   * Does the work under a description; then the caller's own is back, or none if it had none.
   *
   * @param work is done again if executors were lost in it, so it must be able to begin anew
   * @throws GaveUpException if no task of it could run for too long
   * @throws InvalidInputException if a task has refused rows so, which Spark wraps in words of its
   *     own
   */
  public static <T> T during(SparkContext spark, String description, Supplier<T> work) {
    String before = spark.getLocalProperty(PROPERTY);
    spark.setJobDescription(Secrets.masked(description));
    try {
      return LostExecutors.retried(description, work);
    } catch (Throwable failed) { // Spark's exceptions are checked, which Scala does not declare
      GaveUpException gaveUp = JobFailure.gaveUp(failed);
      if (gaveUp != null) {
        throw gaveUp;
      }
      InvalidInputException refused = JobFailure.refused(failed);
      if (refused != null && refused != failed) {
        throw refused;
      }
      throw failed;
    } finally {
      spark.setJobDescription(before);
    }
  }
}
