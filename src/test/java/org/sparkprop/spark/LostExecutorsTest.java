package org.sparkprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Refusal;
import org.sparkprop.base.InvalidInputException;

/** Messages as Spark 4.2 gives them. */
class LostExecutorsTest {
  private static final String LOST =
      "Job aborted due to stage failure: Task 1 in stage 40.0 failed 1 times, most recent failure: Lost task 1.0 in stage 40.0 (TID 81) (127.0.0.1 executor 0): ExecutorLostFailure (executor 0 exited caused by one of the running tasks) Reason: Command exited with code 137\nDriver stacktrace:";

  @ParameterizedTest
  @ValueSource(
      strings = {
        LOST,
        "Job aborted due to stage failure: ResultStage 3 (collect at Shards.java:86) has failed the maximum allowable number of times: 4. Most recent failure reason:\norg.apache.spark.shuffle.MetadataFetchFailedException: Missing an output location for shuffle 1 partition 0",
        "Job aborted due to stage failure: ShuffleMapStage 3 (x at y) has failed the maximum allowable number of times: 1. Most recent failure reason:\norg.apache.spark.shuffle.FetchFailedException: Connection refused",
        "Job aborted due to stage failure: Task 0 in stage 2.0 failed 4 times, most recent failure: Lost task 0.3 in stage 2.0 (TID 9) (host-a executor 2): TaskResultLost (result lost from block manager)"
      })
  void theseAreForAnExecutorsSake(String message) {
    assertTrue(LostExecutors.areCauseOf(new RuntimeException("outer", new Exception(message))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Job aborted due to stage failure: Task 0 in stage 2.0 failed 4 times, most recent failure: Lost task 0.3 in stage 2.0 (TID 9) (host-a executor 2): java.lang.OutOfMemoryError: Java heap space",
        "Job aborted due to stage failure: Task 0 in stage 2.0 failed 4 times, most recent failure: Lost task 0.3 in stage 2.0 (TID 9) (host-a executor 2): java.io.IOException: ExecutorLostFailure (executor 1 exited",
        "[SPARK_JOB_CANCELLED] Job 3 cancelled Gave up after 300 s in which no task could run",
        "Job 7 cancelled because SparkContext was shut down",
        "ExecutorLostFailure"
      })
  void theseAreNot(String message) {
    assertFalse(LostExecutors.areCauseOf(new RuntimeException(message)));
  }

  @Test
  void rowsThatCannotBeUsedAreNotTriedAgain() {
    AtomicInteger tries = new AtomicInteger();
    InvalidInputException refused = new InvalidInputException("bad row", new Exception(LOST));
    assertSame(
        refused,
        assertThrows(
            InvalidInputException.class,
            () ->
                LostExecutors.retried(
                    "packing",
                    () -> {
                      tries.incrementAndGet();
                      throw refused;
                    })));
    assertEquals(1, tries.get());
  }

  @Test
  void aRoundIsTriedAgainAndItsResultIsTaken() {
    AtomicInteger tries = new AtomicInteger();
    int result =
        LostExecutors.retried(
            "round 3",
            () -> {
              if (tries.incrementAndGet() < 3) {
                throw new IllegalStateException(LOST);
              }
              return 7;
            });
    assertEquals(7, result);
    assertEquals(3, tries.get());
  }

  @Test
  void whatKillsEveryExecutorEndsAfterFourTries() {
    AtomicInteger tries = new AtomicInteger();
    assertEquals(
        "Lost executors in each of 4 tries of round 3, the last: Command exited with code 137; look at what ends them, or give --executor-memory",
        Refusal.of(
            () ->
                LostExecutors.retried(
                    "round 3",
                    () -> {
                      tries.incrementAndGet();
                      throw new IllegalStateException(LOST);
                    })));
    assertEquals(4, tries.get());
  }

  @Test
  void anInterruptedRunIsNotTriedAgain() {
    AtomicInteger tries = new AtomicInteger();
    try {
      assertThrows(
          IllegalStateException.class,
          () ->
              LostExecutors.retried(
                  "round 3",
                  () -> {
                    tries.incrementAndGet();
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(LOST);
                  }));
      assertEquals(1, tries.get());
    } finally {
      assertTrue(Thread.interrupted());
    }
  }
}
