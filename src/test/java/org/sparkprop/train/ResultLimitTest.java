package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.TestSpark;
import org.sparkprop.cli.CommandRun;

class ResultLimitTest {
  @TempDir Path scratch;

  @AfterEach
  void shareTheSessionAgain() {
    TestSpark.shareAgain();
  }

  private CommandRun train(String reduction) {
    return CommandRun.of(
        "train",
        "--data=spiral(20)",
        "--layers=300 relu, 900 relu, 3 softmax",
        "--epochs=1",
        "--test-part=none",
        "--partitions=2",
        "--shards=2",
        "--reduction=" + reduction,
        "--model=" + scratch.resolve(reduction));
  }

  /** In one JVM, sums that the driver adds are not sent at all. */
  @Test
  void sumsThatAreMoreThanSparkMayBringBackNameTheSetting() {
    TestSpark.restart("local[2]", Map.of("spark.driver.maxResultSize", "1m"));
    CommandRun run = train("executors");
    assertEquals(
        "error: Cannot bring the sums of a round to the driver: those of N tasks are N MiB, and spark.driver.maxResultSize allows 1024.0 KiB (set it to 0, for no limit)",
        run.err()
            .lines()
            .filter(line -> line.startsWith("error: "))
            .findFirst()
            .orElse("")
            .replaceFirst("of \\d tasks are \\S+ .iB", "of N tasks are N MiB"),
        run.err());
    assertEquals(1, run.status());

    TestSpark.restart("local[2]", Map.of("spark.driver.maxResultSize", "0"));
    assertEquals(0, train("executors").status(), "the way out that it names");
  }

  @Test
  void whereEachTaskBringsItsSumsTheExecutorsMayAddThem() {
    Throwable failed =
        new IllegalStateException(
            "Job aborted due to stage failure: Total size of serialized results of 11 tasks (1056.0 MiB) is bigger than spark.driver.maxResultSize (1024.0 MiB)");
    assertEquals(
        "Cannot bring the sums of a round to the driver: those of 11 tasks are 1056.0 MiB, and spark.driver.maxResultSize allows 1024.0 MiB (set it to 0, for no limit, or give --reduction executors, where tasks are many)",
        Objects.requireNonNull(ResultLimit.in(failed, true)).getMessage());
    assertNull(ResultLimit.in(new IllegalStateException("another"), true));
  }
}
