package org.sparkprop.spark;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkThrowable;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.GaveUpException;
import org.sparkprop.base.InvalidInputException;

/** Why a job of Spark has failed, out of what Spark has wrapped it in. */
public final class JobFailure {
  private static final Pattern REFUSED =
      Pattern.compile(Pattern.quote(InvalidInputException.class.getName() + ": ") + "(.*)");

  private JobFailure() {}

  /** Why a job has failed, if it was cancelled to give up; null if it failed for another reason. */
  public static @Nullable GaveUpException gaveUp(Throwable failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof GaveUpException known) {
        return known;
      }
      if (cause instanceof SparkThrowable spark
          && "SPARK_JOB_CANCELLED".equals(spark.getCondition())) {
        String reason = spark.getMessageParameters().getOrDefault("reason", "");
        if (reason.startsWith(GaveUpException.START)) {
          return new GaveUpException(reason, failed);
        }
      }
    }
    return null;
  }

  /**
   * The refusal that a task has ended with, out of what Spark has wrapped it in; null if the task
   * has failed otherwise. A driver that does not know the class of the refusal has its words alone.
   */
  static @Nullable InvalidInputException refused(Throwable failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidInputException known) {
        return known;
      }
    }
    Matcher words = REFUSED.matcher(String.valueOf(failed.getMessage()));
    return words.find() ? new InvalidInputException(words.group(1).strip(), failed) : null;
  }
}
