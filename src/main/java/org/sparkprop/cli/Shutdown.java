package org.sparkprop.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.SparkContext;
import org.jspecify.annotations.Nullable;

/**
 * The end of this process that somebody else has decided on: a signal, or Spark, which leaves a JVM
 * that it cannot use. The jobs of a run that is worth keeping are cancelled, so that its thread
 * ends as in any failure, with a last checkpoint; only then may Spark stop. All happens in a
 * shutdown hook, so that the exit status is that of the JVM: 130 or 143.
 */
final class Shutdown {
  /** Before Spark's own hook, which has 40 and stops the context. */
  private static final int PRIORITY = 100;

  /** A model of many gigabytes takes its time to be written; a second Ctrl-C ends that, too. */
  private static final long MAX_MINUTES = 10;

  private static final long MILLIS_BETWEEN_CANCELLATIONS = 100;

  private static final CountDownLatch ENDED = new CountDownLatch(1);

  private static volatile boolean hasBegun;
  private static volatile boolean isWorthKeeping;
  private static volatile @Nullable SparkContext spark;

  private Shutdown() {}

  /** From now on, a process that is ended keeps what it has done. */
  static void install() {
    ShutdownHookManager.get()
        .addShutdownHook(Shutdown::end, PRIORITY, MAX_MINUTES, TimeUnit.MINUTES);
    Signals.exitOn("INT", "interrupted; once more ends it at once");
    Signals.exitOn("TERM", "terminated");
    Signals.exitOn("HUP", "the terminal is gone");
  }

  /** The command is over, and the process may end. */
  static void commandEnded() {
    ENDED.countDown();
  }

  /** Whether the process is about to end, and Spark is stopped by its own hook. */
  static boolean hasBegun() {
    return hasBegun;
  }

  /** The jobs of this context are cancelled when the process is to end. */
  static void ofJobs(SparkContext context) {
    spark = context;
  }

  /** Whether there is something that the command has to write before the process ends. */
  static void worthKeeping(boolean is) {
    isWorthKeeping = is;
  }

  private static void end() {
    if (ENDED.getCount() == 0) {
      return;
    }
    hasBegun = true;
    Failure.beQuiet(); // what fails now is no news
    silenceLogs();
    try {
      do {
        cancelJobs();
      } while (isWorthKeeping && !ENDED.await(MILLIS_BETWEEN_CANCELLATIONS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException tooLate) {
      Thread.currentThread().interrupt();
    }
    sayNoMore();
  }

  /**
   * All is said. As Spark stops, Scala prints a trace of each message that no thread is left for:
   * of those that remove broadcasts, which take their time where there are many blocks.
   */
  static void sayNoMore() {
    System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
  }

  /** Stops Spark without what Scala prints then. */
  static void quietly(Runnable stop) {
    PrintStream err = System.err;
    sayNoMore();
    try {
      stop.run();
    } finally {
      System.setErr(err);
    }
  }

  /** More than once: the thread of the run may have been between two jobs. */
  private static void cancelJobs() {
    SparkContext context = spark;
    try {
      if (context != null) {
        context.cancelAllJobs();
      }
    } catch (IllegalStateException stopped) {
      // Then there are none.
    }
  }

  /** Of each task that dies now, Spark would warn, or the JVM print a trace. */
  private static void silenceLogs() {
    Thread.setDefaultUncaughtExceptionHandler((thread, dying) -> {});
    try {
      Configurator.setAllLevels("", Level.OFF);
    } catch (LinkageError otherLogs) {
      // A cluster may have another implementation, whose warnings come.
    }
  }
}
