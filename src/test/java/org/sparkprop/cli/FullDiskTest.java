package org.sparkprop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.NeuralNetwork;
import org.sparkprop.NeuralNetworkModel;
import org.sparkprop.Refusal;
import org.sparkprop.TestSpark;
import org.sparkprop.data.source.Part;
import org.sparkprop.data.source.RowSource;

/** Commands on a disk of 128 KB that is a real one, of memory, in a process that alone sees it. */
@Tag("long")
class FullDiskTest {
  private static final int PATIENCE_SECONDS = 240;

  @TempDir Path scratch;

  /** The tries, all in one process; the first argument is the disk. */
  static final class Tries {
    private final Path disk;

    private Tries(Path disk) {
      this.disk = disk;
    }

    public static void main(String[] args) throws IOException {
      Tries tries = new Tries(Path.of(args[0]));
      tries.aModelThatFitsIsWrittenWhereTheCheckpointsFillTheDisk();
      tries.aModelThatDoesNotFitLeavesTheOldOneWhole();
      tries.aReportThatDoesNotFitLeavesTheOldOneWhole();
      tries.theLibraryThrowsWhatItDocuments();
      tries.aDiskThatIsFullFromTheStartIsSaidBeforeTheWork();
      System.out.println("all tried");
      TestSpark.session().stop();
    }

    private CommandRun train(String layers, String... more) {
      List<String> words =
          new ArrayList<>(
              List.of(
                  "train",
                  "--data=spiral(100)",
                  "--epochs=3",
                  "--batch-size=100",
                  "--test-part=none",
                  "--checkpoint-interval=0",
                  "--layers=" + layers,
                  "--model=" + disk.resolve("m")));
      words.addAll(Arrays.asList(more));
      return CommandRun.of(words.toArray(String[]::new));
    }

    private List<String> files() throws IOException {
      try (Stream<Path> files = Files.list(disk)) {
        return files.map(file -> file.getFileName().toString()).sorted().toList();
      }
    }

    /** Two checkpoints take 115 KB, the model 27 KB. */
    private void aModelThatFitsIsWrittenWhereTheCheckpointsFillTheDisk() throws IOException {
      CommandRun run = train("64 relu, 64 relu, 3 softmax");

      assertEquals(0, run.status(), run.err());
      assertEquals(List.of("m"), files());
    }

    /** A checkpoint takes 320 KB, the model 107 KB beside the old one. */
    private void aModelThatDoesNotFitLeavesTheOldOneWhole() throws IOException {
      byte[] old = Files.readAllBytes(disk.resolve("m/weights.safetensors"));

      CommandRun run = train("160 relu, 160 relu, 3 softmax", "--overwrite");

      assertEquals(1, run.status());
      assertTrue(
          run.err()
              .endsWith(
                  "error: Cannot write %s: No space left on device\n".formatted(disk.resolve("m"))),
          run.err());
      assertTrue(run.out().contains("\nepoch 3/3 "), run.out());
      assertArrayEquals(old, Files.readAllBytes(disk.resolve("m/weights.safetensors")));
      assertEquals(
          0,
          CommandRun.of(
                  "evaluate",
                  "--data=spiral(100)",
                  "--part=test",
                  "--model=" + disk.resolve("m"),
                  "--report=" + disk.resolve("r"))
              .status());
    }

    private void fill() throws IOException {
      byte[] block = new byte[1024];
      try (var out = Files.newOutputStream(disk.resolve("full"))) {
        while (true) {
          out.write(block);
        }
      } catch (IOException full) {
        assertTrue(String.valueOf(full.getMessage()).contains("No space"), full.toString());
      }
    }

    private void aReportThatDoesNotFitLeavesTheOldOneWhole() throws IOException {
      fill();
      byte[] old = Files.readAllBytes(disk.resolve("r/report.json"));

      CommandRun run =
          CommandRun.of(
              "evaluate",
              "--data=spiral(100)",
              "--part=train",
              "--model=" + disk.resolve("m"),
              "--report=" + disk.resolve("r"));

      assertEquals(1, run.status());
      assertEquals(
          "error: Cannot write %s: No space left on device\n"
              .formatted(disk.resolve("r/report.json")),
          run.err());
      assertTrue(run.out().contains("accuracy"), run.out());
      assertArrayEquals(old, Files.readAllBytes(disk.resolve("r/report.json")));
    }

    private void theLibraryThrowsWhatItDocuments() {
      Dataset<Row> rows = RowSource.of("spiral(20)").rows(TestSpark.session(), Part.parse("train"));
      Path into = disk.resolve("run");

      NeuralNetworkModel model = NeuralNetwork.layers("8 relu, 3 softmax").epochs(2).fit(rows);

      assertEquals(
          "Cannot write %s: No space left on device".formatted(disk.resolve("library")),
          Refusal.of(() -> model.save(disk.resolve("library").toString())));
      assertEquals(
          "Cannot write %s: No space left on device".formatted(into),
          Refusal.of(
              () ->
                  NeuralNetwork.layers("8 relu, 3 softmax").checkpoint(into.toString()).fit(rows)));
    }

    private void aDiskThatIsFullFromTheStartIsSaidBeforeTheWork() throws IOException {
      CommandRun run = train("3 softmax", "--overwrite");

      assertEquals(1, run.status());
      assertEquals(
          "error: Cannot write %s: No space left on device\n".formatted(disk.resolve("m")),
          run.err());
      assertFalse(run.out().contains("epoch"), run.out());
      assertTrue(Files.exists(disk.resolve("m/model.json")));
    }
  }

  private static boolean canMount() throws IOException, InterruptedException {
    return Files.isExecutable(Path.of("/usr/bin/unshare"))
        && new ProcessBuilder("unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor()
            == 0;
  }

  @Test
  void aFullDiskIsOneLineAndWhatWasThereIsWhole() throws Exception {
    assumeTrue(canMount(), "only root may mount a disk, and only with util-linux");
    List<String> words = new ArrayList<>(List.of("unshare", "-m", "sh", "-c"));
    words.add("mount -t tmpfs -o size=128k none \"$0\" && exec \"$@\"");
    words.add(scratch.toString());
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(word -> word.startsWith("--") || word.startsWith("-XX:+Ignore"))
        .forEach(words::add);
    words.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-cp",
            Objects.requireNonNull(System.getProperty("java.class.path")),
            Tries.class.getName(),
            scratch.toString()));

    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();

    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it hangs");
    assertEquals(0, process.exitValue(), printed);
    assertTrue(printed.contains("all tried"), printed);
  }
}
