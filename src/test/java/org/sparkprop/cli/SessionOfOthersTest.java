package org.sparkprop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.TestSpark;

/** Commands where Spark runs already, as in an application or a notebook. */
class SessionOfOthersTest {
  @TempDir Path scratch;

  @AfterEach
  void shareTheSessionAgain() {
    TestSpark.shareAgain();
  }

  private CommandRun train() {
    return CommandRun.of(
        "train",
        "--data=spiral(5)",
        "--layers=3 softmax",
        "--epochs=1",
        "--overwrite",
        "--model=" + scratch.resolve("m"));
  }

  @Test
  void itIsUsedAndStaysAndWhatItLacksIsSaid() {
    SparkSession others = TestSpark.restartAsOthers();

    CommandRun run = train();

    assertEquals(
        "warning: this command uses the Spark session that is there, which is without spark.broadcast.blockSize=128k, spark.broadcast.compress=false, spark.driver.maxResultSize=0, spark.executor.killOnFatalError.depth=0, spark.plugins=org.sparkprop.SparkpropPlugin (give the session these settings, or run the command where there is none)\n",
        run.err());
    assertEquals(0, run.status());
    assertFalse(others.sparkContext().isStopped());
    assertEquals(3, others.range(3).count());
  }

  @Test
  void oneWithTheSameSettingsIsUsedWithoutAWord() {
    SparkSession shared = TestSpark.session();

    CommandRun run = train();

    assertEquals("", run.err());
    assertTrue(run.out().contains(", local[2], 2 cores, BLAS: "), run.out());
    assertFalse(shared.sparkContext().isStopped());
  }
}
