package org.sparkprop.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ShortageTest {
  private static final String STANDALONE = "spark://127.0.0.1:7077";
  private static final ClusterWorker SMALL = new ClusterWorker(1, 1024, 1, 1024);

  private static Wanted wanted(String master, Map<String, String> settings) {
    SparkConf conf = new SparkConf(false).set("spark.master", master);
    settings.forEach(conf::set);
    return Wanted.of(conf);
  }

  private static String text(
      Map<String, String> settings, @Nullable List<ClusterWorker> workers, Integer... executors) {
    return new Shortage(
            wanted(STANDALONE, settings),
            List.of(executors),
            0,
            workers == null ? null : new StandaloneMaster.View(workers, 0))
        .toString();
  }

  @Test
  void moreMemoryThanAnyWorkerHas() {
    assertEquals(
        "asked for executors of 4,096 MB and all cores of a worker; no executor came; the master has 2 workers of 1 core and 1,024 MB; no worker is large enough: give --executor-memory 1024m or less, or larger workers",
        text(Map.of("spark.executor.memory", "4g"), List.of(SMALL, SMALL)));
  }

  @Test
  void moreCoresThanAnyWorkerHas() {
    assertEquals(
        "asked for executors of 1,024 MB and 8 cores; no executor came; the master has 1 worker of 1 core and 1,024 MB, 1 worker of 4 cores and 2,048 MB; no worker has so many cores: give --executor-cores 4 or less",
        text(
            Map.of("spark.executor.cores", "8"),
            List.of(SMALL, new ClusterWorker(4, 2048, 4, 2048))));
  }

  @Test
  void tasksThatFitNoExecutorAreCertain() {
    Map<String, String> twoEach = Map.of("spark.task.cpus", "2");
    Shortage shortage = new Shortage(wanted(STANDALONE, twoEach), List.of(1, 1), 0, null);
    assertTrue(shortage.isCertain());
    assertEquals(
        "asked for executors of 1,024 MB and all cores of a worker, tasks of 2 cores; there are 2 executors of 1 core; no task fits: set spark.task.cpus to 1 or less, or give executors more cores",
        shortage.toString());
    assertFalse(new Shortage(wanted(STANDALONE, twoEach), List.of(1, 2), 0, null).isCertain());
    assertFalse(new Shortage(wanted(STANDALONE, twoEach), List.of(), 0, null).isCertain());
  }

  @Test
  void aMasterWithoutWorkers() {
    assertEquals(
        "asked for executors of 1,024 MB and all cores of a worker; no executor came; the master has no live worker; start a worker",
        text(Map.of(), List.of()));
  }

  @Test
  void workersThatOthersHave() {
    assertEquals(
        "asked for executors of 1,024 MB and all cores of a worker; no executor came; the master has 1 worker of 4 cores and 8,192 MB (free: 0 cores and 512 MB); others have what is there: wait until they end, or ask for less (--executor-memory, --executor-cores)",
        text(Map.of(), List.of(new ClusterWorker(4, 8192, 0, 512))));
  }

  /** The master has given them what they need, and they are not there yet. */
  @Test
  void executorsOnTheirWay() {
    StandaloneMaster.View there =
        new StandaloneMaster.View(List.of(new ClusterWorker(4, 8192, 0, 512)), 4);
    assertEquals(
        "asked for executors of 1,024 MB and all cores of a worker; no executor came; the master has 1 worker of 4 cores and 8,192 MB (free: 0 cores and 512 MB); executors of 4 cores are being started: wait, or see on the workers' pages why they end",
        new Shortage(wanted(STANDALONE, Map.of()), List.of(), 0, there).toString());
  }

  @Test
  void fewerCoresInAllThanAnExecutorHas() {
    assertEquals(
        "asked for executors of 1,024 MB and 4 cores, at most 2 cores in all; no executor came; the master has 1 worker of 4 cores and 8,192 MB; spark.cores.max (2) is below 4 cores of an executor: raise it",
        text(
            Map.of("spark.executor.cores", "4", "spark.cores.max", "2"),
            List.of(new ClusterWorker(4, 8192, 4, 8192))));
  }

  @Test
  void memoryAndCoresOnDifferentWorkers() {
    String text =
        text(
            Map.of("spark.executor.cores", "4", "spark.executor.memory", "8g"),
            List.of(new ClusterWorker(8, 1024, 8, 1024), new ClusterWorker(1, 9000, 1, 9000)));
    assertTrue(text.contains("; no worker has both the memory and the cores: "), text);
  }

  @Test
  void lostExecutorsOfAManagerThatTellsNothing() {
    Map<String, String> dynamic =
        Map.of(
            "spark.dynamicAllocation.enabled", "true",
            "spark.dynamicAllocation.maxExecutors", "8",
            "spark.executor.cores", "2");
    assertEquals(
        "asked for up to 8 executors of 1,024 MB and 2 cores; all 3 executors are lost; ask the cluster's manager why, or ask for less (--executor-memory, --executor-cores)",
        new Shortage(wanted("yarn", dynamic), List.of(), 3, null).toString());
    assertEquals(
        "asked for 2 executors of 1,024 MB and 1 core; the only executor is lost; ask the cluster's manager why, or ask for less (--executor-memory, --executor-cores)",
        new Shortage(wanted("yarn", Map.of()), List.of(), 1, null).toString());
  }

  @Test
  void manyKindsOfWorkersAreCutShort() {
    String text =
        text(
            Map.of("spark.executor.memory", "9g"),
            List.of(1, 2, 3, 4, 5).stream()
                .map(cores -> new ClusterWorker(cores, 1024, cores, 1024))
                .toList());
    assertTrue(text.contains("1 worker of 3 cores and 1,024 MB, …; no worker"), text);
  }
}
