package org.sparkprop.cluster;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.Words;

/**
 * Why no task runs, as far as it can be known: what was asked for, what is there, and what to do.
 *
 * @param cores of each executor that is registered now
 * @param lost how many executors were there once and are gone
 * @param there what the master tells; null where nobody does
 */
record Shortage(
    Wanted wanted, List<Integer> cores, int lost, StandaloneMaster.@Nullable View there) {
  private static final int MAX_KINDS = 3;

  /** Whether no task can run unless an executor of another kind comes. */
  boolean isCertain() {
    return !cores.isEmpty() && cores.stream().allMatch(has -> has < wanted.taskCores());
  }

  @Override
  public String toString() {
    StringJoiner parts = new StringJoiner("; ");
    parts.add("asked for " + wanted);
    parts.add(executors());
    if (there != null) {
      parts.add(
          there.workers().isEmpty()
              ? "the master has no live worker"
              : "the master has " + counted(there.workers(), "worker"));
    }
    parts.add(advice());
    return parts.toString();
  }

  private String executors() {
    if (cores.isEmpty()) {
      return switch (lost) {
        case 0 -> "no executor came";
        case 1 -> "the only executor is lost";
        default -> "all %,d executors are lost".formatted(lost);
      };
    }
    return (cores.size() == 1 ? "there is " : "there are ")
        + counted(cores.stream().map(Wanted::cores).toList(), "executor");
  }

  /** Such as {@code 2 workers of 1 core and 1,024 MB}; equal ones are counted. */
  private static String counted(List<?> things, String name) {
    Map<String, Integer> kinds = new LinkedHashMap<>();
    things.forEach(thing -> kinds.merge(thing.toString(), 1, Integer::sum));
    StringJoiner text = new StringJoiner(", ");
    int shown = 0;
    for (Map.Entry<String, Integer> kind : kinds.entrySet()) {
      if (shown++ == MAX_KINDS) {
        text.add("…");
        break;
      }
      text.add("%s of %s".formatted(Words.count(kind.getValue(), name), kind.getKey()));
    }
    return text.toString();
  }

  private String advice() {
    if (isCertain()) {
      return "no task fits: set spark.task.cpus to %d or less, or give executors more cores"
          .formatted(cores.stream().max(Comparator.naturalOrder()).orElse(1));
    }
    if (!cores.isEmpty()) {
      return "executors are there and take no task, as those without the BLAS that was asked for: warnings and the log say more";
    }
    if (wanted.cores() != null && wanted.cores() < wanted.taskCores()) {
      return "no task fits: spark.task.cpus (%d) must be at most spark.executor.cores (%d)"
          .formatted(wanted.taskCores(), wanted.cores());
    }
    if (there == null) {
      return "ask the cluster's manager why, or ask for less (--executor-memory, --executor-cores)";
    }
    return there.workers().isEmpty() ? "start a worker" : advice(there);
  }

  private String advice(StandaloneMaster.View there) {
    List<ClusterWorker> workers = there.workers();
    long memory = workers.stream().mapToLong(ClusterWorker::memoryMb).max().orElse(0);
    if (memory < wanted.memoryMb()) {
      return "no worker is large enough: give --executor-memory %dm or less, or larger workers"
          .formatted(memory);
    }
    int least = wanted.cores() == null ? wanted.taskCores() : wanted.cores();
    int cores = workers.stream().mapToInt(ClusterWorker::cores).max().orElse(0);
    if (cores < least) {
      return wanted.cores() == null
          ? "no task fits: set spark.task.cpus to %d or less, or give workers more cores"
              .formatted(cores)
          : "no worker has so many cores: give --executor-cores %d or less".formatted(cores);
    }
    if (wanted.maxCores() != null && wanted.maxCores() < least) {
      return "spark.cores.max (%d) is below %s of an executor: raise it"
          .formatted(wanted.maxCores(), Wanted.cores(least));
    }
    if (workers.stream()
        .noneMatch(worker -> worker.cores() >= least && worker.memoryMb() >= wanted.memoryMb())) {
      return "no worker has both the memory and the cores: ask for less of one (--executor-memory, --executor-cores)";
    }
    if (there.granted() > 0) {
      return "executors of %s are being started: wait, or see on the workers' pages why they end"
          .formatted(Wanted.cores(there.granted()));
    }
    if (workers.stream()
        .noneMatch(
            worker -> worker.freeCores() >= least && worker.freeMemoryMb() >= wanted.memoryMb())) {
      return "others have what is there: wait until they end, or ask for less (--executor-memory, --executor-cores)";
    }
    return "its executors are on their way, or end before they come: the master's page says more";
  }
}
