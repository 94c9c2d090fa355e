package org.sparkprop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.model.ModelFolder;
import org.sparkprop.spark.FolderLock;

/** Runs for one model, one after the other and at once. */
class OneRunAtATimeTest {
  @TempDir Path scratch;

  private CommandRun train(String model, String... more) {
    return CommandRun.of(
        Stream.concat(
                Stream.of(
                    "train",
                    "--data",
                    "spiral(20)",
                    "--layers",
                    "3 tanh, 3 softmax",
                    "--epochs",
                    "2",
                    "--test-part",
                    "none",
                    "--model",
                    model),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(scratch)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aSecondRunForAModelIsRefusedAtItsStart() throws IOException {
    Path link = Files.createSymbolicLink(scratch.resolve("link"), scratch.resolve("m"));
    String model = scratch.resolve("m").toString();
    try (FolderLock first =
        new ModelFolder(model, new Configuration()).claim(false, waiting -> {})) {
      for (String name : List.of(model, link.toString())) {
        CommandRun second = train(name, "--overwrite");

        assertEquals(1, second.status(), second.err());
        assertTrue(
            second
                .err()
                .matches(
                    "error: Cannot write %s: process \\d+ of \\S+ is at work there since \\S+ \\(give another name, or wait until it is done\\)\n"
                        .formatted(model)),
            second.err());
        assertFalse(second.out().contains("epoch"), second.out());
      }
      assertTrue(Files.exists(scratch.resolve(".m.lock")), first.getClass().getName());
    }
    assertEquals(0, train(model).status());
  }

  /** The checkpoints beside a complete model may be those of a run that is to replace it. */
  @Test
  void aCompleteRunThatIsRepeatedTouchesNothingWhereAnotherRunIsAtWork() throws IOException {
    String model = scratch.resolve("m").toString();
    assertEquals(0, train(model).status());
    Path checkpoint =
        Files.createDirectories(scratch.resolve("m.checkpoint")).resolve("round-1.safetensors");
    Files.writeString(checkpoint, "of another run");
    try (FolderLock other = new ModelFolder(model, new Configuration()).claim(true, say -> {})) {
      CommandRun resumed = train(model, "--resume");

      assertEquals(1, resumed.status(), other.getClass().getName());
      assertTrue(resumed.err().contains(" is at work there since "), resumed.err());
      assertTrue(Files.exists(checkpoint));
    }
    assertEquals(0, train(model, "--resume").status());
    assertEquals(List.of("m"), files());
  }

  /** The way out that the refusal names works, and nothing but the model is left. */
  @Test
  void whatAKilledRunHasLeftIsGoneAfterTheNext() throws IOException {
    String model = scratch.resolve("m").toString();
    Files.writeString(scratch.resolve("m.history.jsonl"), "{\"epoch\":1,\"rounds\":3}\n");
    Path draft =
        Files.createDirectories(scratch.resolve(".m.draft-123e4567-e89b-12d3-a456-426614174000"));
    Files.writeString(draft.resolve("weights.safetensors"), "half of");
    Files.writeString(
        scratch.resolve(".m.lock"),
        "{\"token\":\"t\",\"host\":\"h\",\"space\":\"another"
            + " boot\",\"pid\":1,\"started\":0,\"since\":\"\"}");
    Files.setLastModifiedTime(
        scratch.resolve(".m.lock"), java.nio.file.attribute.FileTime.fromMillis(0));

    CommandRun run = train(model);

    assertEquals(0, run.status(), run.err());
    assertEquals(List.of("m"), files());
  }

  @Test
  void aModelWithAColonInItsNameIsTrainedAndEvaluated() throws IOException {
    String model = scratch.resolve("m:1").toString();

    CommandRun run = train(model, "--test-part", "train[0:9]", "--part", "train[9:60]");
    CommandRun evaluated =
        CommandRun.of("evaluate", "--model", model, "--data", "spiral(20)", "--part", "train");

    assertEquals(0, run.status(), run.err());
    assertEquals(0, evaluated.status(), evaluated.err());
    assertEquals(List.of("m:1"), files());
    assertTrue(Files.exists(scratch.resolve("m:1/report.json")));
  }
}
