package org.sparkprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.data.source.file.ReadFailure;

/** Failures as tasks bring them from hosts that lack a file; ClusterLossIT has such hosts. */
class UnseenFileTest {
  @TempDir Path scratch;

  private static SparkException missing(Path file) {
    String message = "File file:%s does not exist".formatted(file);
    return new SparkException(
        "Job aborted due to stage failure", new FileNotFoundException(message));
  }

  @Test
  void aFileThatIsHereWasMissedElsewhere() throws IOException {
    Path file = Files.createFile(scratch.resolve("a b[1].csv"));
    String line =
        "Cannot read the rows: executors cannot see file:%s: put it on a file system that all hosts see"
            .formatted(file);
    assertEquals(line, ReadFailure.lineOf(missing(file)));
    assertEquals(line, ReadFailure.refusal("a.csv", missing(file)).getMessage());
    assertEquals(
        line,
        ReadFailure.lineOf(
            new IllegalStateException(
                "Lost task 0.0 in stage 0.0: java.io.FileNotFoundException: File file:%s does not exist\nat"
                    .formatted(file))));
  }

  @Test
  void aFileThatIsNowhereIsAnotherMatter() {
    assertNull(UnseenFile.lineOf(missing(scratch.resolve("gone.csv"))));
    assertNull(UnseenFile.lineOf(new IOException("No space left on device")));
  }
}
