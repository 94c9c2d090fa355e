package org.sparkprop.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.Success$;
import org.apache.spark.TaskEndReason;
import org.apache.spark.executor.ExecutorMetrics;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.collection.immutable.Nil$;
import scala.collection.immutable.Seq;

/** What Spark tells, in the order in which it does. */
class TaskCensusTest {
  private final List<String> said = new ArrayList<>();
  private final TaskCensus census = new TaskCensus("ours", said::add);

  @SuppressWarnings("unchecked") // it is empty
  private static <T> Seq<T> none() {
    return (Seq<T>) (Seq<?>) Nil$.MODULE$;
  }

  private static StageInfo stage(int number) {
    return new StageInfo(
        number,
        0,
        "",
        1,
        none(),
        none(),
        "",
        new TaskMetrics(),
        none(),
        Option.empty(),
        0,
        false,
        0);
  }

  private StageInfo submitted(int number, String tags) {
    StageInfo stage = stage(number);
    Properties properties = new Properties();
    properties.setProperty("spark.job.tags", tags);
    census.onStageSubmitted(new SparkListenerStageSubmitted(stage, properties));
    return stage;
  }

  private static TaskInfo task(long number, String executor) {
    return new TaskInfo(
        number, 0, 0, 0, 0L, executor, "host-a", TaskLocality.PROCESS_LOCAL(), false);
  }

  private void started(long number, String executor) {
    census.onTaskStart(new SparkListenerTaskStart(0, 0, task(number, executor)));
  }

  private void ended(int stage, long number, String executor, TaskEndReason reason) {
    census.onTaskEnd(
        new SparkListenerTaskEnd(
            stage,
            0,
            "ResultTask",
            reason,
            task(number, executor),
            new ExecutorMetrics(),
            new TaskMetrics()));
  }

  private static TaskEndReason failed() {
    return new ExceptionFailure(
        new java.io.IOException("No space left on device\nsecond line"), none());
  }

  @Test
  void stagesOfTheRunArePendingUntilTheyAreDone() {
    StageInfo others = submitted(1, "theirs,ours-not");
    assertFalse(census.isPending());
    StageInfo ours = submitted(2, "theirs,ours");
    census.onStageCompleted(new SparkListenerStageCompleted(others));
    assertTrue(census.isPending());
    census.onStageCompleted(new SparkListenerStageCompleted(ours));
    assertFalse(census.isPending());
    census.onStageSubmitted(new SparkListenerStageSubmitted(stage(3), new Properties()));
    assertFalse(census.isPending());
    assertEquals(3, census.moves());
  }

  @Test
  void aTaskRunsUntilItEndsOrItsExecutorIsLost() {
    started(1, "0");
    started(2, "1");
    ended(0, 1, "0", Success$.MODULE$);
    assertTrue(census.isRunning());
    census.onExecutorRemoved(
        new SparkListenerExecutorRemoved(0, "0", "Executor killed by driver."));
    assertTrue(census.isRunning());
    census.onExecutorRemoved(
        new SparkListenerExecutorRemoved(0, "1", "Command exited with code 137"));
    assertFalse(census.isRunning());
    assertEquals(2, said.size());
    assertTrue(said.get(1).startsWith("executor 1 is lost: it was killed "), said.get(1));
  }

  @Test
  void aTaskThatWasDoneAgainIsToldOfOnceForAnExecutorAndCause() {
    for (int number = 1; number <= 3; number++) {
      StageInfo stage = submitted(number, "ours");
      ended(number, number, number == 3 ? "4" : "7", failed());
      assertEquals(Math.min(1, number - 1), said.size(), "nothing before it was done again");
      census.onStageCompleted(new SparkListenerStageCompleted(stage));
    }
    assertEquals(
        List.of(
            "a task failed on executor 7 (host-a) and was done again: IOException: No space left on device",
            "a task failed on executor 4 (host-a) and was done again: IOException: No space left on device"),
        said);
  }

  @Test
  void aFailureThatEndsTheRunIsLeftToItsOwnLine() {
    StageInfo stage = submitted(1, "ours");
    ended(1, 1, "7", failed());
    stage.stageFailed("Job aborted due to stage failure");
    census.onStageCompleted(new SparkListenerStageCompleted(stage));
    assertEquals(List.of(), said);
  }

  @Test
  void executorsThatEndWithTheApplicationAreNotLost() {
    census.onApplicationEnd(new SparkListenerApplicationEnd(0, Option.empty()));
    census.onExecutorRemoved(
        new SparkListenerExecutorRemoved(0, "0", "Command exited with code 0"));
    assertEquals(List.of(), said);
  }
}
