package org.sparkprop.spark;

import java.lang.System.Logger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sparkprop.base.InvalidInputException;

/**
 * Work that is done again where it failed only since executors were lost in it. Spark ends a job
 * when one of its tasks has lost {@code spark.task.maxFailures} executors, or a stage what others
 * had computed too often; the work itself is as good as before.
 */
public final class LostExecutors {
  /** A task that kills each executor that it runs on must not do so for ever. */
  static final int MAX_TRIES = 4;

  private static final Logger LOG = System.getLogger(LostExecutors.class.getName());

  /** How Spark's message of a job that failed says so; of a task it is the last failure. */
  private static final Pattern LOST =
      Pattern.compile(
          "most recent failure: Lost task \\S+ in stage \\S+ \\(TID \\d+\\) \\([^)]*\\): "
              + "(ExecutorLostFailure|FetchFailed|TaskResultLost)\\b"
              + "|maximum allowable number of times: \\d+\\. Most recent failure reason:\\s+"
              + "\\S*(MetadataFetchFailed|FetchFailed)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern REASON = Pattern.compile("ExecutorLostFailure .* Reason: ([^.\n]*)");

  private LostExecutors() {}

  /**
   * Rows that may come differently each time were read again in the middle of some work, which
   * would mix what they were with what they are.
   */
  public static final class RowsReadAgain extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RowsReadAgain() {
      super("rows that Spark may give in another order each time had to be read again");
    }
  }

  /**
   * Does the work, and again if executors were lost in it.
   *
   * @param what the work is called in messages
   * @param work jobs whose results depend on nothing that the work itself changes
   * @throws InvalidInputException if that happens in every try
   */
  static <T> T retried(String what, Supplier<T> work) {
    for (int tries = 1; ; tries++) {
      try {
        return work.get();
      } catch (Throwable failed) { // Spark's exceptions are checked ones, which Scala does not say
        if (!areCauseOf(failed) || Thread.currentThread().isInterrupted()) {
          throw failed;
        }
        if (tries == MAX_TRIES) {
          throw new InvalidInputException(
              "Lost executors in each of %d tries of %s, the last: %s; look at what ends them, or give --executor-memory"
                  .formatted(tries, what, reason(failed)),
              failed);
        }
        LOG.log(
            Logger.Level.WARNING,
            "%s failed since an executor was lost; it is tried again (%d of %d)"
                .formatted(what, tries, MAX_TRIES - 1));
      }
    }
  }

  private static String reason(Throwable failed) {
    Matcher reason = REASON.matcher(String.valueOf(failed.getMessage()));
    return reason.find() ? reason.group(1).strip() : "what they had computed was gone";
  }

  /** Whether a job has failed for no other reason than executors that were lost. */
  static boolean areCauseOf(Throwable failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidInputException) {
        return false;
      }
      if (cause instanceof RowsReadAgain) {
        return true;
      }
      String message = cause.getMessage();
      if (message != null && LOST.matcher(message).find()) {
        return true;
      }
    }
    return false;
  }
}
