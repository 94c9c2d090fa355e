package org.sparkprop.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.status.api.v1.ExecutorSummary;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.GaveUpException;
import org.sparkprop.spark.JobFailure;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Watches the Spark jobs that one thread starts, between {@link #start} and {@link #close} on that
 * thread. Where tasks are pending and none runs anywhere, it says so, and in the end cancels the
 * jobs, whose failure {@link GaveUpException#in} knows.
 */
public final class Watchdog implements AutoCloseable {
  private static final String DRIVER = "driver";

  /** After it has given up once, what is tried yet finds a cluster that was dead just before. */
  private static final double SECONDS_OF_A_SECOND_TRY = 10;

  private final SparkContext spark;
  private final GiveUpAfter giveUpAfter;
  private final Consumer<String> warning;
  private final String tag = "sparkprop-" + UUID.randomUUID();
  private final TaskCensus census;
  private final Wanted wanted;
  private final @Nullable StandaloneMaster master;
  private final ScheduledThreadPoolExecutor clock;
  private Patience patience;
  private long movesSeen;
  private boolean gaveUp;

  private Watchdog(SparkContext spark, GiveUpAfter giveUpAfter, Consumer<String> warning) {
    this.spark = spark;
    this.giveUpAfter = giveUpAfter;
    this.warning = warning;
    this.census = new TaskCensus(tag, warning);
    this.wanted = Wanted.of(spark.getConf());
    this.master = StandaloneMaster.of(spark.master());
    this.patience = new Patience(giveUpAfter.seconds(), Patience.FIRST_LINE, Clock.seconds());
    spark.addJobTag(tag);
    spark.addSparkListener(census);
    this.clock = Clock.every(this::look);
  }

  /**
   * Watches what this thread, and threads that it starts, do with Spark.
   *
   * @param warning is told, in a line each and on other threads, what the user should know
   */
  public static Watchdog start(
      SparkContext spark, GiveUpAfter giveUpAfter, Consumer<String> warning) {
    return new Watchdog(spark, giveUpAfter, warning);
  }

  /**
   * Does the work under a watch.
   *
   * @throws GaveUpException if no task of it could run for too long
   */
  public static <T> T during(
      SparkContext spark, GiveUpAfter giveUpAfter, Consumer<String> warning, Supplier<T> work) {
    Watchdog watchdog = start(spark, giveUpAfter, warning);
    try {
      return work.get();
    } catch (Throwable failed) { // Spark's exceptions are checked ones, which Scala does not say
      GaveUpException gaveUp = JobFailure.gaveUp(failed);
      if (gaveUp == null) {
        throw failed;
      }
      throw gaveUp;
    } finally {
      watchdog.close();
    }
  }

  @Override
  public void close() {
    census.close();
    clock.shutdownNow();
    if (!spark.isStopped()) {
      spark.removeSparkListener(census);
      spark.removeJobTag(tag);
    }
  }

  private void look() {
    long moves = census.moves();
    boolean stands = moves == movesSeen && census.isPending() && !census.isRunning();
    movesSeen = moves;
    if (!stands || runsTasksThatStartedBefore()) {
      patience.look(true, false, Clock.seconds());
      return;
    }
    if (spark.statusTracker().getActiveJobIds().length == 0) {
      census.nothingIsPending();
      return;
    }
    boolean certain = shortage(false).isCertain();
    switch (patience.look(false, certain, Clock.seconds())) {
      case NOTHING -> {}
      case SPEAK -> {
        if (!gaveUp) {
          warning.accept(
              "no task has run for %.0f s: %s; %s"
                  .formatted(
                      patience.waited(), shortage(true), giveUpAfter.outlook(patience.waited())));
        }
      }
      case GIVE_UP -> {
        String line =
            "%s%.0f s in which no task could run: %s"
                .formatted(GaveUpException.START, patience.waited(), shortage(true));
        patience =
            new Patience(
                Math.min(SECONDS_OF_A_SECOND_TRY, giveUpAfter.seconds()),
                Patience.FIRST_LINE,
                Clock.seconds());
        gaveUp = true; // what ends now has said why
        spark.cancelJobsWithTag(tag, line);
      }
    }
  }

  /** Whether an executor is at a task that began before this watch. */
  private boolean runsTasksThatStartedBefore() {
    return executors(true).stream().anyMatch(executor -> executor.activeTasks() > 0);
  }

  private Shortage shortage(boolean askTheMaster) {
    List<Integer> cores = executors(true).stream().map(ExecutorSummary::totalCores).toList();
    int all = executors(false).size();
    boolean local = spark.isLocal();
    return new Shortage(
        wanted,
        cores,
        all - cores.size(),
        askTheMaster && master != null && !local ? master.view(spark.applicationId()) : null);
  }

  private List<ExecutorSummary> executors(boolean alive) {
    List<ExecutorSummary> executors =
        new ArrayList<>(CollectionConverters.asJava(spark.statusStore().executorList(alive)));
    executors.removeIf(executor -> executor.id().equals(DRIVER) && !spark.isLocal());
    return executors;
  }
}
