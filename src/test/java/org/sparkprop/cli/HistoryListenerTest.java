package org.sparkprop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;
import org.sparkprop.spark.PlainFileSystem;
import org.sparkprop.train.RunInfo;
import org.sparkprop.train.options.TrainingOptions;

class HistoryListenerTest {
  @TempDir Path scratch;

  private static RunInfo facts() {
    TrainingOptions options = TrainingOptions.of(LayerSpec.parseList("3 softmax")).build();
    Network network = new Network(Topology.of(2, options.layers()), options.loss());
    return new RunInfo(network, options, 9, 0, 1, 12, 108, 0);
  }

  /** A folder takes the place of the file, so that it cannot be written any more. */
  @Test
  void aHistoryThatCannotBeWrittenIsOneWarningAndTriedAgain() throws IOException {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.plain.impl", PlainFileSystem.class.getName());
    Path file = scratch.resolve("m.history.jsonl");
    PrintStream err = System.err;
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    try (HistoryListener history =
        new HistoryListener("plain://" + scratch + "/m", hadoop, false)) {
      System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
      history.started(facts());
      Files.delete(file);
      Files.createDirectories(file.resolve("in the way"));
      history.epochDone(new EpochRecord(1, 10, 100, 0.5, Map.of(), 0.1, 2, 50, true));
      history.epochDone(new EpochRecord(2, 20, 100, 0.4, Map.of(), 0.1, 2, 50, true));
      Files.delete(file.resolve("in the way"));
      Files.delete(file);

      history.epochDone(new EpochRecord(3, 30, 100, 0.3, Map.of(), 0.1, 2, 50, true));
      assertEquals(3, Files.readAllLines(file).size(), "there is room again");
    } finally {
      System.setErr(err);
    }

    String[] lines = errors.toString(StandardCharsets.UTF_8).split("\n", -1);
    assertEquals(2, lines.length, String.join("\n", lines));
    assertEquals("", lines[1]);
    assertEquals(
        "warning: Cannot write plain:%s: ; the run goes on, and the model will have the whole history"
            .formatted(file),
        lines[0].replaceFirst("jsonl: .*;", "jsonl: ;"));
  }
}
