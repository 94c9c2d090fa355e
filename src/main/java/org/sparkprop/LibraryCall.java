package org.sparkprop;

import java.io.InterruptedIOException;
import java.net.URISyntaxException;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.GaveUpException;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.source.file.ReadFailure;
import org.sparkprop.train.DivergedException;

/**
 * The edge between an application and us. Spark throws checked exceptions that nobody declares, and
 * Hadoop an Error: whatever fails comes out as what our methods say that they throw, in the words
 * of the library, and the jobs that are still running for it end.
 */
final class LibraryCall {
  /** Conditions of Spark that say nothing of rows. */
  private static final String CANCELLED = "SPARK_JOB_CANCELLED";

  private static final String INTERNAL = "INTERNAL_ERROR";

  private LibraryCall() {}

  /**
   * Refuses a session without an RDD.
   *
   * @throws InvalidInputException naming what to use in its place
   */
  static void refuseConnect(SparkSession session) {
    refuseConnect(session.getClass().getName());
  }

  static void refuseConnect(String sessionClass) {
    if (sessionClass.startsWith("org.apache.spark.sql.connect.")) {
      throw new InvalidInputException(
          "Cannot use this session: a Spark Connect session has no partitions to train on; use one of the driver itself (SparkSession.builder().master(…), in an application that spark-submit starts)");
    }
  }

  /**
   * Does the work of a method whose jobs are its own: when it fails, or its thread is interrupted,
   * they are cancelled.
   *
   * @param what as the beginning of a sentence
   */
  static <T> T withJobs(SparkSession session, String what, Supplier<T> work) {
    refuseConnect(session);
    SparkContext spark = session.sparkContext();
    String tag = "sparkprop-" + UUID.randomUUID();
    spark.addJobTag(tag);
    boolean isDone = false;
    try {
      T result = of(what, () -> inSession(spark, what, work));
      isDone = true;
      return result;
    } finally {
      if (!spark.isStopped()) {
        if (!isDone) {
          spark.cancelJobsWithTag(tag);
        }
        spark.removeJobTag(tag);
      }
    }
  }

  /** What fails since somebody has stopped the session fails in many ways. */
  private static <T> T inSession(SparkContext spark, String what, Supplier<T> work) {
    try {
      return work.get();
    } catch (Throwable failed) { // checked ones among them
      boolean isOurs =
          failed instanceof InvalidInputException
              || failed instanceof DivergedException
              || failed instanceof GaveUpException;
      if (spark.isStopped() && !isOurs) {
        throw new IllegalStateException(
            what + " failed: its Spark session was stopped meanwhile", failed);
      }
      throw failed;
    }
  }

  /** The same for a method without jobs. */
  static <T> T of(String what, Supplier<T> work) {
    try {
      return work.get();
    } catch (Throwable failed) { // checked ones among them
      throw told(what, failed);
    }
  }

  private static RuntimeException told(String what, Throwable failed) {
    if (failed instanceof DivergedException || failed instanceof GaveUpException) {
      return (RuntimeException) failed;
    }
    InvalidInputException refused = find(failed, InvalidInputException.class, any -> true);
    if (refused != null) {
      return inOurWords(refused);
    }
    if (failed.getCause() instanceof URISyntaxException malformed) {
      return new InvalidInputException(
          "%s failed: %s is no path (a colon cannot be part of a name)"
              .formatted(what, malformed.getInput()),
          failed);
    }
    if (failed instanceof IllegalArgumentException setting) {
      return inOurWords(setting);
    }
    if (isInterrupt(failed)) {
      Thread.currentThread().interrupt(); // whoever threw has cleared it
      CancellationException cancelled = new CancellationException(what + " was interrupted");
      cancelled.initCause(failed);
      return cancelled;
    }
    String unread = ReadFailure.lineOf(failed);
    if (unread != null) {
      return new InvalidInputException(unread, failed);
    }
    if (find(failed, Throwable.class, LibraryCall::isOfRows) != null) {
      return inOurWords(ReadFailure.refusal(Fit.ROWS, failed));
    }
    if (failed instanceof FSError full) {
      return new InvalidInputException("%s failed: %s".formatted(what, full.getMessage()), full);
    }
    if (failed instanceof RuntimeException ofSomebody) {
      return ofSomebody; // a listener's, perhaps
    }
    if (failed instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("%s failed: %s".formatted(what, firstLine(failed)), failed);
  }

  private static RuntimeException inOurWords(RuntimeException refused) {
    String message = String.valueOf(refused.getMessage());
    String ours = LibraryWords.of(message);
    if (ours.equals(message)) {
      return refused;
    }
    return refused instanceof InvalidInputException
        ? new InvalidInputException(ours, refused)
        : new IllegalArgumentException(ours, refused);
  }

  private static boolean isInterrupt(Throwable failed) {
    return find(
            failed,
            Throwable.class,
            cause ->
                cause instanceof InterruptedException || cause instanceof InterruptedIOException)
        != null;
  }

  /** Such as a text that is no number, where Spark was told to cast it. */
  private static boolean isOfRows(Throwable cause) {
    if (!(cause instanceof SparkThrowable spark)) {
      return false;
    }
    String condition = spark.getCondition();
    return condition != null && !condition.startsWith(CANCELLED) && !condition.startsWith(INTERNAL);
  }

  private static <T extends Throwable> @Nullable T find(
      Throwable failed, Class<T> wanted, Predicate<T> also) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (wanted.isInstance(cause) && also.test(wanted.cast(cause))) {
        return wanted.cast(cause);
      }
    }
    return null;
  }

  private static String firstLine(Throwable failed) {
    return String.valueOf(failed.getMessage()).strip().lines().findFirst().orElse("");
  }
}
