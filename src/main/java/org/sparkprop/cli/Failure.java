package org.sparkprop.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.GaveUpException;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.base.Secrets;
import org.sparkprop.data.source.file.ReadFailure;
import org.sparkprop.nn.blas.BlasException;
import org.sparkprop.spark.JobFailure;
import org.sparkprop.train.DivergedException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What went wrong, as one line for the user and an exit status.
 *
 * @param cause for {@code --verbose}
 */
record Failure(String line, int status, @Nullable Throwable cause) {
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;

  /** A damaged word of a file may be of megabytes; nobody reads more than this of a line. */
  private static final int MAX_LINE = 490;

  private static final int MAX_END = 190; // where the way out is

  Failure {
    if (line.length() > MAX_LINE) {
      line =
          line.substring(0, MAX_LINE - MAX_END) + " … " + line.substring(line.length() - MAX_END);
    }
  }

  /** Set when the user ends the run: what then fails is no news. */
  private static volatile boolean quiet;

  /** Prints no failures from now on. */
  static void beQuiet() {
    quiet = true;
  }

  /** Arguments that cannot be understood. */
  static Failure of(ParameterException refused) {
    String message = firstLine(refused);
    if (refused instanceof UnmatchedArgumentException unmatched) {
      String wrong = unmatched.getUnmatched().get(0);
      CommandSpec command = refused.getCommandLine().getCommandSpec();
      message = "Unknown argument: " + wrong + Suggestion.forArgument(wrong, command);
    }
    return new Failure(message, WRONG_USAGE, refused);
  }

  /** A command that failed: what the user gave, or something that we did not foresee. */
  static Failure of(Throwable failed) {
    if (failed instanceof ParameterException refused) {
      return of(refused);
    }
    GaveUpException gaveUp = JobFailure.gaveUp(failed);
    if (gaveUp != null) {
      return new Failure(firstLine(gaveUp), FAILED, failed);
    }
    if (failed instanceof BlasException refused) { // by this JVM; in a task it is a cause
      return new Failure(refused.lineFor("driver"), FAILED, failed);
    }
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidInputException
          || cause instanceof BlasException
          || cause instanceof DivergedException) {
        return new Failure(firstLine(cause), FAILED, failed);
      }
    }
    String unread = ReadFailure.lineOf(failed);
    if (unread != null) {
      return new Failure(unread, FAILED, failed);
    }
    if (says(failed, "No space left on device") || says(failed, "Disk quota exceeded")) {
      return new Failure( // what we write ourselves is refused by its path
          "No room for Spark's own files: the disk of spark.local.dir is full, here %s (give --conf spark.local.dir=FOLDER before the command; on a cluster, executors have their own)"
              .formatted(
                  new SparkConf().get("spark.local.dir", System.getProperty("java.io.tmpdir"))),
          FAILED,
          failed);
    }
    if (says(failed, "unable to create native thread")) { // to the JVM, that is memory, too
      return new Failure(
          "Out of threads: the system allows this process no more (raise its limit, ulimit -u, or use fewer cores, such as --master local[2])",
          FAILED,
          failed);
    }
    if (says(failed, "OutOfMemoryError")) {
      return new Failure(
          "Out of memory: a heap of %,d MB is full; give --driver-memory (or, on a cluster, --executor-memory) before the command"
              .formatted(Runtime.getRuntime().maxMemory() >> 20),
          FAILED,
          failed);
    }
    Throwable root = failed;
    while (root instanceof SparkException && root.getCause() != null) {
      root = root.getCause();
    }
    String line =
        String.valueOf(root.getMessage()).contains("SparkContext was shut down")
            ? "The cluster has ended the application, as after ten executors that could not start, or somebody has"
            : "%s: %s".formatted(root.getClass().getSimpleName(), firstLine(root));
    String log = System.getProperty("sparkprop.log");
    return new Failure(line + (log == null ? "" : " (more in " + log + ")"), FAILED, failed);
  }

  /** Prints the line, and gives the exit status. */
  int print() {
    return print(false);
  }

  /**
   * Prints the line, and gives the exit status.
   *
   * @param verbose whether the stack trace comes too
   */
  int print(boolean verbose) {
    if (quiet) {
      return status;
    }
    System.out.flush();
    System.err.println(Secrets.masked("error: " + line));
    if (verbose && cause != null) {
      StringWriter trace = new StringWriter();
      cause.printStackTrace(new PrintWriter(trace, true));
      System.err.print(Secrets.masked(trace.toString()));
    }
    return status;
  }

  /** Whether a failure, or what has caused it, has these words: of a task, Spark has no more. */
  private static boolean says(Throwable failed, String words) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause.toString().contains(words)) {
        return true;
      }
    }
    return false;
  }

  private static String firstLine(Throwable failed) {
    String message = failed.getMessage();
    return message == null
        ? "no message"
        : message.strip().lines().findFirst().orElse("no message");
  }
}
