package org.sparkprop.cluster;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.Words;

/**
 * The executors that a run has asked its cluster for.
 *
 * @param executors how many, in words; empty for as many as there are
 * @param cores of each, null for all of a worker
 * @param memoryMb of each
 * @param taskCores that a task takes, {@code spark.task.cpus}
 * @param maxCores of all executors together, null for no limit
 */
record Wanted(
    String executors,
    @Nullable Integer cores,
    long memoryMb,
    int taskCores,
    @Nullable Integer maxCores) {
  static Wanted of(SparkConf conf) {
    boolean standalone = conf.get("spark.master", "").startsWith("spark://");
    String cores = conf.get("spark.executor.cores", standalone ? "" : "1");
    String maxCores = conf.get("spark.cores.max", "");
    return new Wanted(
        executors(conf, standalone),
        cores.isBlank() ? null : Integer.valueOf(cores.trim()),
        conf.getSizeAsMb("spark.executor.memory", "1g"),
        conf.getInt("spark.task.cpus", 1),
        maxCores.isBlank() ? null : Integer.valueOf(maxCores.trim()));
  }

  private static String executors(SparkConf conf, boolean standalone) {
    if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      String most = conf.get("spark.dynamicAllocation.maxExecutors", "");
      return most.isBlank() ? "" : "up to " + most + " ";
    }
    String given = conf.get("spark.executor.instances", standalone ? "" : "2");
    return given.isBlank() ? "" : given + " ";
  }

  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    words.add(
        "%sexecutors of %,d MB and %s"
            .formatted(
                executors, memoryMb, cores == null ? "all cores of a worker" : cores(cores)));
    if (taskCores > 1) {
      words.add("tasks of " + cores(taskCores));
    }
    if (maxCores != null) {
      words.add("at most %s in all".formatted(cores(maxCores)));
    }
    return String.join(", ", words);
  }

  static String cores(int cores) {
    return Words.count(cores, "core");
  }
}
