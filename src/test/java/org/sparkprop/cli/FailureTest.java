package org.sparkprop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.sparkprop.base.InvalidInputException;
import scala.jdk.javaapi.CollectionConverters;

class FailureTest {
  @Test
  void anApplicationThatItsClusterHasEndedIsNoExceptionOfSparks() {
    assertEquals(
        "The cluster has ended the application, as after ten executors that could not start, or somebody has",
        Failure.of(new SparkException("Job 0 cancelled because SparkContext was shut down"))
            .line());
  }

  /** On the driver itself, and as Spark tells of a task's. */
  @Test
  void memoryThatIsFullNamesTheOption() {
    long heap = Runtime.getRuntime().maxMemory() >> 20;
    for (Throwable full :
        List.of(
            new OutOfMemoryError("Java heap space"),
            new SparkException(
                "Job aborted due to stage failure: Lost task 0.0 in stage 1.0 (TID 1): java.lang.OutOfMemoryError: Java heap space"))) {
      assertEquals(
          "Out of memory: a heap of %,d MB is full; give --driver-memory (or, on a cluster, --executor-memory) before the command"
              .formatted(heap),
          Failure.of(full).line());
    }
    assertEquals(
        "Out of threads: the system allows this process no more (raise its limit, ulimit -u, or use fewer cores, such as --master local[2])",
        Failure.of(new OutOfMemoryError("unable to create native thread: possibly out of memory"))
            .line());
  }

  /** What we write ourselves is refused by its path. */
  @Test
  void aDiskThatSparkHasFilledNamesItsFolder() {
    assertEquals(
        "No room for Spark's own files: the disk of spark.local.dir is full, here %s (give --conf spark.local.dir=FOLDER before the command; on a cluster, executors have their own)"
            .formatted(System.getProperty("java.io.tmpdir")),
        Failure.of(
                new SparkException(
                    "Job aborted due to stage failure: java.io.IOException: No space left on device"))
            .line());
    assertEquals(
        "Cannot write m: No space left on device",
        Failure.of(new InvalidInputException("Cannot write m: No space left on device")).line());
  }

  @Test
  void aJobThatWasCancelledToGiveUpHasTheLineThatSaysWhy() {
    String reason = "Gave up after 300 s in which no task could run: no executor came";
    assertEquals(reason, Failure.of(cancelled(reason)).line());
    assertEquals(
        "SparkException: [SPARK_JOB_CANCELLED] Job 7 cancelled by hand SQLSTATE: XXKDA",
        Failure.of(cancelled("by hand")).line());
  }

  /** As Spark makes it of the reason that it is given. */
  private static SparkException cancelled(String reason) {
    return new SparkException(
        "SPARK_JOB_CANCELLED",
        scala.collection.immutable.Map.from(
            CollectionConverters.asScala(Map.of("jobId", "7", "reason", reason))),
        null);
  }
}
