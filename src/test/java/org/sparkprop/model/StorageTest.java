package org.sparkprop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
  void whatCannotBeReplacedIsPutBack() throws IOException {
    Storage.writeFile(path("f"), hadoop, out -> out.write('1'));

    FileSystem fs = Storage.of(path("f"), hadoop);
    assertThrows(IOException.class, () -> Storage.replace(fs, path("no draft"), path("f")));

    assertEquals("1", Files.readString(folder.resolve("f")));
    assertEquals(List.of("f"), files());
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
