package org.sparkprop.model;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Refusal;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.spark.FaultyFileSystem;
import org.sparkprop.spark.FolderLock;
import org.sparkprop.spark.Storage;
import org.sparkprop.train.checkpoint.CheckpointFolder;

/** A model is never lost: not by a full disk, a kill, a store that breaks, a link or a name. */
class WholeFolderTest {
  @TempDir Path scratch;

  private final Configuration hadoop = new Configuration();

  private List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** After any number of bytes, on a disk that renames at once and on a store that does not. */
  @ParameterizedTest
  @ValueSource(strings = {"ofs", "store"})
  void aFullDiskIsOneLineAndLeavesTheOldModelWhole(String scheme) throws IOException {
    String model = "%s://%s/m".formatted(scheme, scratch);
    Configuration faulty = FaultyFileSystem.whole();
    SmallModel.write(model, faulty, 1, false);
    int refusals = 0;
    for (long bytes = 0; ; bytes += 1 + bytes % 41) {
      FaultyFileSystem.fullAfter(bytes);
      try {
        SmallModel.write(model, faulty, 2, true);
        break;
      } catch (InvalidInputException full) {
        String line = String.valueOf(full.getMessage());
        assertTrue(
            line.endsWith(": No space left on device")
                && line.startsWith("Cannot write %s:/".formatted(scheme))
                && line.contains(scratch + "/"),
            line);
        refusals++;
      }
      assertEquals(1, SmallModel.seedOf(model, faulty), "after %d bytes".formatted(bytes));
      assertEquals(List.of("m"), files(scratch));
    }
    assertTrue(refusals > 50, refusals + " refusals");
    assertEquals(2, SmallModel.seedOf(model, faulty));
    assertEquals(List.of("m"), files(scratch));
  }

  /** Killed before each change of the disk in turn; nothing is cleaned up by the dead. */
  @ParameterizedTest
  @ValueSource(strings = {"ofs", "store"})
  void aKillAtAnyTimeLeavesTheOldModelOrTheNew(String scheme) throws IOException {
    String model = "%s://%s/m".formatted(scheme, scratch);
    boolean finished = false;
    for (int changes = 0; !finished; changes++) {
      Configuration faulty = FaultyFileSystem.whole();
      SmallModel.write(model, faulty, 1, true);
      FaultyFileSystem.killedAfter(changes);
      try {
        SmallModel.write(model, faulty, 2, true);
        finished = true;
      } catch (FaultyFileSystem.Killed killed) {
        // as a process that is gone: the next one finds what is there
      }
      faulty = FaultyFileSystem.whole();
      long left = SmallModel.seedOf(model, faulty);
      assertTrue(left == 1 || left == 2, "after %d changes: %d".formatted(changes, left));

      try (FolderLock claim = new ModelFolder(model, faulty).claim(true, waiting -> {})) {
        assertTrue(claim.isHeld());
        assertEquals(left, SmallModel.seedOf(model, faulty));
      }
      SmallModel.write(model, faulty, 3, true);
      assertEquals(3, SmallModel.seedOf(model, faulty));
      assertEquals(List.of("m"), files(scratch), "after %d changes".formatted(changes));
    }
  }

  /** Each change in turn is refused, as a store refuses that is asked too often. */
  @ParameterizedTest
  @ValueSource(strings = {"ofs", "store"})
  void aStoreThatBreaksLosesNoModel(String scheme) throws IOException {
    String model = "%s://%s/m".formatted(scheme, scratch);
    boolean finished = false;
    for (int changes = 0; !finished; changes++) {
      Configuration faulty = FaultyFileSystem.whole();
      SmallModel.write(model, faulty, 1, true);
      FaultyFileSystem.brokenAfter(changes);
      String refused = "";
      try {
        SmallModel.write(model, faulty, 2, true);
        finished = true;
      } catch (InvalidInputException broken) {
        refused = String.valueOf(broken.getMessage());
        assertTrue(refused.contains("SlowDown: reduce your request rate RequestId: 17"), refused);
      }
      FaultyFileSystem.whole();
      assertEquals(finished ? 2 : 1, SmallModel.seedOf(model, faulty), "after " + changes);
      if (refused.contains("; the new one is whole in ")) {
        String draft = refused.substring(refused.lastIndexOf(' ') + 1);
        assertEquals(2, SmallModel.seedOf(draft, faulty), refused);
      }
    }
  }

  @Test
  void throughALinkTheModelIsWrittenWhereItPoints() throws IOException {
    Path disk = Files.createDirectories(scratch.resolve("disk"));
    Path real = disk.resolve("real");
    Path link = Files.createSymbolicLink(scratch.resolve("m"), Path.of("disk", "real"));

    SmallModel.write(link.toString(), hadoop, 1, false); // dangling: there is nothing yet
    assertEquals(1, SmallModel.seedOf(real.toString(), hadoop));
    SmallModel.write("file://" + link, hadoop, 2, true);

    assertTrue(Files.isSymbolicLink(link));
    assertFalse(Files.isSymbolicLink(real));
    assertEquals(2, SmallModel.seedOf(real.toString(), hadoop));
    assertEquals(2, SmallModel.seedOf(link.toString(), hadoop));
    assertEquals(List.of("disk", "m"), files(scratch));
    assertEquals(List.of("real"), files(disk));
  }

  @Test
  void aLinkToItselfIsRefusedBeforeTheWork() throws IOException {
    Path link = Files.createSymbolicLink(scratch.resolve("m"), Path.of("m"));

    assertEquals(
        "Cannot write %s: it is a symbolic link that leads back to itself".formatted(link),
        Refusal.of(() -> new ModelFolder(link.toString(), hadoop).claim(true, waiting -> {})));
  }

  @ParameterizedTest
  @ValueSource(strings = {"m:1", "16:00:00", "m[1]", "{m}", "m (3) ü", "a%20b", "a#b?c", "-m*"})
  void aModelMayHaveAnyName(String name) throws IOException {
    String model = scratch.resolve(name).toString();

    SmallModel.write(model, hadoop, 1, false);
    SmallModel.write(model, hadoop, 2, true);
    new ModelFolder(model, hadoop).addReport(out -> out.write('1'));

    assertEquals(2, SmallModel.seedOf(model, hadoop));
    assertEquals(List.of(name), files(scratch));
    assertEquals("1", Files.readString(scratch.resolve(name).resolve("report.json")));
    CheckpointFolder checkpoints = CheckpointFolder.beside(model, hadoop);
    checkpoints.write(1, new CheckpointFolder.Content(java.util.Map.of(), java.util.Map.of()));
    assertTrue(Files.exists(scratch.resolve(name + ".checkpoint/round-1.safetensors")));
    try (LiveHistory history = LiveHistory.create(model, hadoop)) {
      assertTrue(Files.exists(scratch.resolve(name + ".history.jsonl")), history.path().toString());
    }
  }

  @Test
  void aNameWithAColonIsAPathOfItsOwnAndNoScheme() {
    assertEquals("m:1", Storage.path("m:1").getName());
    assertEquals("b", Storage.path("a:1/b").getName());
    assertEquals(
        "Invalid path: hdfs:models (must be a path, or SCHEME://HOST/PATH)",
        Refusal.of(() -> Storage.path("hdfs:models")));
  }

  @Test
  void whatAppearsWhileARunGoesOnIsNotReplacedAndTheNewModelIsKeptBesideIt() throws IOException {
    ModelFolder folder = new ModelFolder(scratch.resolve("m").toString(), hadoop);
    try (FolderLock claim = folder.claim(false, waiting -> {})) {
      folder.heldBy(claim);
      Files.createDirectories(scratch.resolve("m"));
      Files.writeString(scratch.resolve("m/thesis.txt"), "three years");

      String refused = Refusal.of(() -> SmallModel.write(folder, 2, false));

      String kept =
          files(scratch).stream()
              .filter(name -> name.startsWith("m.kept-"))
              .findFirst()
              .orElseThrow();
      assertEquals(
          "Cannot write %s/m: it exists and is not a model folder: thesis.txt is in it (give another --model); the new model is in file:%s/%s"
              .formatted(scratch, scratch, kept)
              .replace("in file:", "in "),
          refused);
      assertEquals(2, SmallModel.seedOf(scratch.resolve(kept).toString(), hadoop));
    }
    assertEquals("three years", Files.readString(scratch.resolve("m/thesis.txt")));
  }

  @Test
  void oddFilesInTheWayAreNamed() throws IOException {
    String model = scratch.resolve("m").toString();
    SmallModel.write(model, hadoop, 1, false);
    for (String odd : List.of(".DS_Store", ".nfs0001", "_SUCCESS")) {
      Path file = Files.createFile(scratch.resolve("m").resolve(odd));
      assertEquals(
          "Cannot write %s: it exists and is not a model folder: %s is in it (give another --model)"
              .formatted(model, odd),
          Refusal.of(() -> SmallModel.write(model, hadoop, 2, true)));
      Files.delete(file);
    }
    // A draft of the report that a killed run has left is ours.
    Files.createFile(scratch.resolve("m/.report.json.draft-123e4567-e89b-12d3-a456-426614174000"));
    SmallModel.write(model, hadoop, 2, true);
    assertEquals(2, SmallModel.seedOf(model, hadoop));
  }
}
