package org.sparkprop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.IncomeTable;
import org.sparkprop.TestSpark;

/** The same bytes from the commands, with all that is taken from the rows, on any layout. */
@Tag("long")
class TableBitsTest {
  private static final Map<String, String> WHOLE_FILES = Map.of();

  /** Splits of 4 KiB, and one for each of them. */
  private static final Map<String, String> MANY_SPLITS =
      Map.of("spark.sql.files.maxPartitionBytes", "4096", "spark.sql.files.openCostInBytes", "0");

  @TempDir Path scratch;

  @AfterEach
  void shareTheSessionAgain() {
    TestSpark.shareAgain();
  }

  private byte[] weights(String master, Map<String, String> settings, String... job)
      throws IOException {
    TestSpark.restart(master, settings);
    String model = scratch.resolve("model").toString();
    List<String> words = new ArrayList<>(List.of("train", "--model", model, "--overwrite"));
    words.addAll(List.of("--epochs=3", "--validation=0.2", "--dropout=0.2", "--input-noise=0.1"));
    words.addAll(List.of(job));
    CommandRun run = CommandRun.of(words.toArray(String[]::new));
    assertEquals("", run.err());
    assertEquals(0, run.status(), run.out());
    assertTrue(run.out().contains(", " + master + ", "), run.out());
    return Files.readAllBytes(scratch.resolve("model/weights.safetensors"));
  }

  private void assertSameBytes(String... job) throws IOException {
    byte[] expected = weights("local[1]", WHOLE_FILES, job);
    assertArrayEquals(expected, weights("local[1]", MANY_SPLITS, job));
    assertArrayEquals(expected, weights("local[2]", WHOLE_FILES, job));
    assertArrayEquals(expected, weights("local[7]", MANY_SPLITS, job));
  }

  @Test
  void classWeightsUnitsDropoutNoiseAndTheMonitoredEpochOfACsvInFourFiles() throws IOException {
    Path data = IncomeTable.in(scratch.resolve("data"));
    assertSameBytes(
        "--data=" + data,
        "--test-part=none",
        "--layers=16 relu, 2 softmax",
        "--class-weights=balanced",
        "--feature-units=standard",
        "--monitor=pr-auc",
        "--batch-size=64");
  }

  @Test
  void regressionOnASimulation() throws IOException {
    assertSameBytes("--data=friedman(3000)", "--layers=16 relu, 1", "--feature-units=standard");
  }
}
