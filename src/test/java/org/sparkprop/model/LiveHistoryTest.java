package org.sparkprop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Refusal;
import org.sparkprop.spark.FaultyFileSystem;
import org.sparkprop.spark.PlainFileSystem;

class LiveHistoryTest {
  private static final String FIRST =
      "{\"epoch\":1,\"rounds\":10,\"rows\":100,\"loss\":0.5,\"validation_loss\":0.25,\"validation_accuracy\":0.75,\"learning_rate\":0.1,\"seconds\":2.0,\"rows_per_second\":50.0,\"best\":true}";
  private static final String SECOND =
      "{\"epoch\":2,\"rounds\":20,\"rows\":100,\"loss\":0.4,\"validation_loss\":null,\"validation_accuracy\":null,\"learning_rate\":0.1,\"seconds\":2.0,\"rows_per_second\":50.0,\"best\":true}";

  @TempDir Path scratch;

  private static EpochRecord epoch(int number) {
    return number == 1
        ? new EpochRecord(1, 10, 100, 0.5, Map.of("loss", 0.25, "accuracy", 0.75), 0.1, 2, 50, true)
        : new EpochRecord(2, 20, 100, 0.4, Map.of(), 0.1, 2, 50, true);
  }

  private LiveHistory create(String scheme) {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.plain.impl", PlainFileSystem.class.getName());
    return LiveHistory.create(scheme + scratch.resolve("models/a"), hadoop);
  }

  /** On a file system that flushes, and on one where a file is only seen once it is closed. */
  @ParameterizedTest
  @ValueSource(strings = {"", "file://", "plain://"})
  void anEpochCanBeReadAsSoonAsItIsAdded(String scheme) throws IOException {
    Path file = scratch.resolve("models/a.history.jsonl");
    try (LiveHistory history = create(scheme)) {
      assertEquals(List.of(), Files.readAllLines(file));
      history.add(epoch(1));
      assertEquals(List.of(FIRST), Files.readAllLines(file));
      history.add(epoch(2));
      assertEquals(List.of(FIRST, SECOND), Files.readAllLines(file));
    }
    assertEquals(List.of(FIRST, SECOND), Files.readAllLines(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "plain://"})
  void whatAnotherRunHasLeftStaysAsItIs(String scheme) throws IOException {
    try (LiveHistory first = create(scheme);
        LiveHistory second = create(scheme);
        LiveHistory third = create(scheme)) {
      first.add(epoch(1));
      third.add(epoch(2));
      second.delete();
    }

    assertEquals(List.of(FIRST), Files.readAllLines(scratch.resolve("models/a.history.jsonl")));
    assertFalse(Files.exists(scratch.resolve("models/a.history-2.jsonl")));
    assertEquals(List.of(SECOND), Files.readAllLines(scratch.resolve("models/a.history-3.jsonl")));
    try (Stream<Path> files = Files.list(scratch.resolve("models"))) {
      assertEquals(2, files.count());
    }
  }

  /** Where each write is of the whole file, all writes together are some times the file. */
  @Test
  void onAStoreThatRewritesFilesBytesGrowAsTheEpochs() throws IOException {
    Configuration hadoop = FaultyFileSystem.whole();
    long budget = 1L << 40;
    FaultyFileSystem.fullAfter(budget);
    Path file = scratch.resolve("a.history.jsonl");
    int epochs = 2_000;
    try (LiveHistory history = LiveHistory.create("store://" + scratch.resolve("a"), hadoop)) {
      for (int i = 0; i < epochs; i++) {
        history.add(epoch(1));
      }
    }

    assertEquals(epochs, Files.readAllLines(file).size());
    long written = budget - FaultyFileSystem.bytesLeft();
    assertTrue(written < 30 * Files.size(file), written + " bytes for " + Files.size(file));
  }

  @Test
  void whatKilledRunsHaveLeftIsDeletedWhenTheModelIsWrittenAndNothingElse() throws IOException {
    try (LiveHistory killed = create("");
        LiveHistory another = create("")) {
      killed.add(epoch(1));
      another.add(epoch(1));
    }
    Path models = scratch.resolve("models");
    Files.writeString(models.resolve("a.history-3.jsonl"), "my own notes");
    Files.writeString(models.resolve("ab.history.jsonl"), FIRST);

    LiveHistory.deleteAll(models.resolve("a").toString(), new Configuration());

    try (Stream<Path> files = Files.list(models)) {
      assertEquals(
          List.of("a.history-3.jsonl", "ab.history.jsonl"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void aPlaceWhereNothingCanBeWrittenIsRefused() throws IOException {
    Files.writeString(scratch.resolve("models"), "a file");

    String refused = Refusal.of(() -> create(""));

    assertEquals(
        "Cannot write %s/models/a.history.jsonl: ".formatted(scratch),
        refused.substring(0, refused.indexOf(": ") + 2));
  }
}
