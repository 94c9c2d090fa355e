package org.sparkprop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

class FailureTest {
  @Test
  void anApplicationThatItsClusterHasEndedIsNoExceptionOfSparks() {
    assertEquals(
        "The cluster has ended the application, as after ten executors that could not start, or somebody has",
        Failure.of(new SparkException("Job 0 cancelled because SparkContext was shut down"))
            .line());
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
