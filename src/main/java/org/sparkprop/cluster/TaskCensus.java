package org.sparkprop.cluster;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/**
 * Which tasks run and which stages of a run are not done, as Spark tells it; and whole sentences on
 * executors that are lost and tasks that fail.
 */
final class TaskCensus extends SparkListener {
  /** The name that Spark gives its jobs' tags among their properties. */
  private static final String TAGS = "spark.job.tags";

  private final String tag;
  private final Consumer<String> warning;
  private final Map<Long, String> executorOfTask = new HashMap<>();
  private final Set<Integer> pendingStages = new HashSet<>();
  private final Map<Integer, String> failureOfStage = new HashMap<>();
  private final Set<String> told = new HashSet<>();
  private long moves;
  private boolean closed;

  /**
   * @param tag of the jobs of the run
   * @param warning is told in a line what the user should know
   */
  TaskCensus(String tag, Consumer<String> warning) {
    this.tag = tag;
    this.warning = warning;
  }

  /** Whether a stage of the run has been submitted and is not done. */
  synchronized boolean isPending() {
    return !pendingStages.isEmpty();
  }

  /** Whether a task runs on an executor that lives, be it of this run or of another. */
  synchronized boolean isRunning() {
    return !executorOfTask.isEmpty();
  }

  /** Grows whenever a task starts or a stage is submitted. */
  synchronized long moves() {
    return moves;
  }

  /** Forgets stages whose end was missed. */
  synchronized void nothingIsPending() {
    pendingStages.clear();
  }

  /** Says nothing from now on: executors end with the application. */
  synchronized void close() {
    closed = true;
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted stage) {
    if (isOurs(stage.properties())) {
      pendingStages.add(stage.stageInfo().stageId());
    }
    moves++;
  }

  @Override
  public synchronized void onStageCompleted(SparkListenerStageCompleted stage) {
    int number = stage.stageInfo().stageId();
    pendingStages.remove(number);
    String failure = failureOfStage.remove(number);
    // What ends the run has its own line.
    if (failure != null && stage.stageInfo().failureReason().isEmpty() && told.add(failure)) {
      say(failure);
    }
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart task) {
    executorOfTask.put(task.taskInfo().taskId(), task.taskInfo().executorId());
    moves++;
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
    executorOfTask.remove(task.taskInfo().taskId());
    if (task.reason() instanceof ExceptionFailure failure
        && pendingStages.contains(task.stageId())) {
      failureOfStage.putIfAbsent(
          task.stageId(),
          "a task failed on executor %s (%s) and was done again: %s: %s"
              .formatted(
                  task.taskInfo().executorId(),
                  task.taskInfo().host(),
                  failure.className().replaceFirst(".*\\.", ""),
                  firstLine(failure.description())));
    }
  }

  @Override
  public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved executor) {
    executorOfTask.values().removeIf(executor.executorId()::equals);
    say(ExecutorEnd.line(executor.executorId(), executor.reason()));
  }

  /** What comes after it is the end of executors that are no longer needed. */
  @Override
  public synchronized void onApplicationEnd(SparkListenerApplicationEnd end) {
    closed = true;
  }

  private void say(String line) {
    if (!closed) {
      warning.accept(line);
    }
  }

  private boolean isOurs(Properties properties) {
    String tags = properties == null ? null : properties.getProperty(TAGS);
    return tags != null && Arrays.asList(tags.split(",", -1)).contains(tag);
  }

  private static String firstLine(String text) {
    return text == null ? "no message" : text.strip().lines().findFirst().orElse("no message");
  }
}
