package org.sparkprop.cluster;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.SparkConf;
import org.sparkprop.base.GaveUpException;

/** The start of Spark, watched: a manager that does not let the application in is told of. */
public final class SparkStart {
  /** Spark itself takes some seconds to start, on a busy machine more. */
  private static final double FIRST_LINE = 20;

  private final String master;
  private final GiveUpAfter giveUpAfter;
  private final Consumer<String> warning;
  private final Thread starting = Thread.currentThread();
  private final Patience patience;
  private boolean done;
  private boolean gaveUp;

  private SparkStart(String master, GiveUpAfter giveUpAfter, Consumer<String> warning) {
    this.master = master;
    this.giveUpAfter = giveUpAfter;
    this.warning = warning;
    this.patience = new Patience(giveUpAfter.seconds(), FIRST_LINE, Clock.seconds());
  }

  /**
   * Starts Spark. A master of a standalone cluster must answer; others are left to Spark.
   *
   * @param warning is told in a line that it waits, again in growing steps
   * @throws org.sparkprop.base.InvalidInputException if the master cannot be reached
   * @throws GaveUpException if it has not started in time
   */
  public static <T> T watched(
      String master, GiveUpAfter giveUpAfter, Consumer<String> warning, Supplier<T> start) {
    if (master.startsWith("local")) {
      return start.get();
    }
    StandaloneMaster standalone = StandaloneMaster.of(master);
    if (standalone != null) {
      standalone.refuseUnlessReachable(StandaloneMaster.PATIENCE_SECONDS);
      standalone.refuseUnlessAMaster(new SparkConf(), StandaloneMaster.PATIENCE_SECONDS);
      // Spark ends after a minute by itself where a master does not let the application in.
      giveUpAfter = new GiveUpAfter(0, giveUpAfter.name());
    }
    return new SparkStart(master, giveUpAfter, warning).run(start);
  }

  private <T> T run(Supplier<T> start) {
    ScheduledThreadPoolExecutor clock = Clock.every(this::look);
    try {
      return start.get();
    } catch (Throwable failed) {
      if (!isGivenUp()) {
        throw failed;
      }
      GaveUpException line = new GaveUpException(line(GaveUpException.START));
      line.addSuppressed(failed);
      throw line;
    } finally {
      end();
      clock.shutdownNow();
    }
  }

  private synchronized boolean isGivenUp() {
    return gaveUp;
  }

  private synchronized void look() {
    if (done) {
      return;
    }
    switch (patience.look(false, false, Clock.seconds())) {
      case NOTHING -> {}
      case SPEAK -> warning.accept(line("Spark has been starting for ") + outlook());
      case GIVE_UP -> {
        done = true;
        gaveUp = true;
        starting.interrupt(); // whatever it waits for, it is for the manager's answer
      }
    }
  }

  /** From now on nobody is interrupted; an interrupt that came from here is taken back. */
  private synchronized void end() {
    done = true;
    if (gaveUp) {
      clearInterrupt();
    }
  }

  @SuppressWarnings("ThreadInterruptedCall") // the flag is ours
  private static void clearInterrupt() {
    Thread.interrupted();
  }

  private String outlook() {
    return Double.isInfinite(giveUpAfter.seconds())
        ? ""
        : "; " + giveUpAfter.outlook(patience.waited());
  }

  private String line(String beginning) {
    return "%s%.0f s, and %s has not let the application in: see the page of the cluster's manager, whose queue may be full, and whether --master is right"
        .formatted(beginning, patience.waited(), master);
  }
}
