package org.sparkprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

class StorageTest {
  @TempDir Path folder;

  private final Configuration hadoop = new Configuration();

  private org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toString());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFileThatFailsHalfwayLeavesTheOldOneAndNoDraft() throws IOException {
    byte[] old = "old".getBytes(StandardCharsets.UTF_8);
    Storage.writeFile(path("f"), hadoop, out -> out.write(old));

    String refused =
        Refusal.of(
            () ->
                Storage.writeFile(
                    path("f"),
                    hadoop,
                    out -> {
                      out.write(new byte[1 << 20]);
                      throw new IOException("No space left on device");
                    }));

    assertEquals("Cannot write %s: No space left on device".formatted(path("f")), refused);
    assertEquals("old", Files.readString(folder.resolve("f")));
    assertEquals(List.of("f"), files());
  }

  @Test
  void aFullDiskIsOneLineWithThePath() throws IOException {
    Configuration faulty = FaultyFileSystem.whole();
    FaultyFileSystem.fullAfter(5);
    org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path("ofs://" + folder + "/f");

    String refused =
        Refusal.of(() -> Storage.writeFile(file, faulty, out -> out.write(new byte[9])));

    assertEquals("Cannot write %s: No space left on device".formatted(file), refused);
    assertEquals(List.of(), files());
  }

  /** On a disk that renames at once, and on a store; each change in turn is the one that fails. */
  @ParameterizedTest
  @ValueSource(strings = {"ofs", "store"})
  void whatCannotBeReplacedStaysWhicheverChangeFails(String scheme) throws IOException {
    Files.writeString(folder.resolve("f"), "1");
    org.apache.hadoop.fs.Path file =
        new org.apache.hadoop.fs.Path("%s://%s/f".formatted(scheme, folder));

    for (int changes = 0; changes < 3; changes++) {
      Configuration faulty = FaultyFileSystem.whole();
      FaultyFileSystem.brokenAfter(changes);
      String refused = Refusal.of(() -> Storage.writeFile(file, faulty, out -> out.write('2')));
      assertTrue(
          refused.startsWith(
              "Cannot write %s: SlowDown: reduce your request rate RequestId: 17".formatted(file)),
          refused);
      if (changes < 2) {
        assertEquals("1", Files.readString(folder.resolve("f")));
        assertEquals(List.of("f"), files());
      } else { // neither can it be put back
        assertTrue(refused.contains("; what was there is now %s".formatted(scheme)), refused);
      }
    }
  }

  @Test
  void checkingThatAFolderIsWritableMakesItAndLeavesNothing() throws IOException {
    Storage.checkWritable(path("a/b"), hadoop);

    assertEquals(List.of("a"), files());
    assertEquals(0, folder.resolve("a").resolve("b").toFile().list().length);
  }

  @Test
  void localFilesHaveNoHiddenChecksums() throws IOException {
    Storage.writeFile(path("f"), hadoop, out -> out.write(new byte[10_000]));

    assertEquals(List.of("f"), files());
    assertEquals(10_000, Files.size(folder.resolve("f")));
  }
}
