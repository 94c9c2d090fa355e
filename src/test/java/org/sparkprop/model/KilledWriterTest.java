package org.sparkprop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.Preprocessing.FeatureType;
import org.sparkprop.nn.Initializer;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;

/** A process that is killed while it writes a model of 17 MB over another, on a real disk. */
@Tag("long")
class KilledWriterTest {
  private static final int KILLS = 8;
  private static final int MAX_KILLS = 40;
  private static final int PATIENCE_SECONDS = 60;

  @TempDir Path scratch;

  private static void write(String folder, long seed) {
    Topology topology = Topology.of(10, LayerSpec.parseList("2048 relu, 2048 relu, 2 softmax"));
    Model model =
        new Model(
            new Network(topology, Loss.SOFTMAX_CROSS_ENTROPY),
            Preprocessing.raw(FeatureType.FLOAT),
            List.of("a", "b"),
            new Initializer(Initializer.Kind.UNIFORM, 1).parameters(topology, seed));
    ModelDescription description =
        ModelDescription.of(model, 1, 1, "", seed, Map.of(), Map.of(), new BlasOfRun());
    new ModelFolder(folder, new Configuration()).write(model, description, List.of(), true);
  }

  /** Writes one model after the other. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) {
      for (long seed = Long.parseLong(args[1]); true; seed++) {
        write(args[0], seed);
        System.out.println(seed);
      }
    }
  }

  private Process start(String folder, long seed) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Writer.class.getName(),
            folder,
            "" + seed)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(scratch)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aKillAtAnyMomentLeavesTheOldModelOrTheNewAndTheNextRunCleansUp() throws Exception {
    String folder = scratch.resolve("m").toString();
    long randomSeed = System.nanoTime();
    Random random = new Random(randomSeed);
    List<String> left = new ArrayList<>();
    long seed = 1;
    for (int kill = 0; kill < KILLS || (!isDraft(left) && kill < MAX_KILLS); kill++) {
      Process writer = start(folder, seed);
      try (BufferedReader out = writer.inputReader(StandardCharsets.UTF_8)) {
        long start = 0;
        long last = 0;
        for (int models = 0; models < 3; models++) {
          last = Long.parseLong(line(out));
          start = models == 1 ? System.nanoTime() : start;
        }
        long ofAWrite = System.nanoTime() - start;
        long moment = System.nanoTime() + (long) (random.nextDouble() * 1.2 * ofAWrite);
        // At any moment, and every second time while a draft lies there.
        while (System.nanoTime() < moment || (kill % 2 == 1 && !isDraft(files()))) {
          Thread.onSpinWait();
        }
        writer.toHandle().destroyForcibly(); // SIGKILL, and what it said can still be read
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          last = Long.parseLong(line);
        }
        assertTrue(writer.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it hangs");
        left.addAll(files());
        long found = SmallModel.seedOf(folder, new Configuration());
        assertTrue(
            found == last || found == last + 1,
            "model %d after %d was written (random seed %d)".formatted(found, last, randomSeed));
        seed = found + 1;
      }
    }

    write(folder, seed);

    assertEquals(seed, SmallModel.seedOf(folder, new Configuration()));
    assertEquals(List.of("m"), files(), "of " + left);
    assertTrue(isDraft(left), "no kill came while a draft was written: " + left);
  }

  private static boolean isDraft(List<String> files) {
    return files.stream().anyMatch(file -> file.startsWith(".m.draft-"));
  }

  private static String line(BufferedReader out) throws IOException {
    return Objects.requireNonNull(out.readLine(), "the writer has ended by itself");
  }
}
