package org.sparkprop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.data.source.idx.IdxFiles;

/** {@code --init-from}, from the option to the first numbers of the run. */
class WarmStartCommandTest {
  private static final String LAYERS = "6 relu, 3 softmax";

  /** The least step that there is: no parameter of an ordinary size changes. */
  private static final String NO_STEP = "1.2e-38";

  @TempDir Path scratch;

  private CommandRun train(String model, String... more) {
    List<String> args =
        new ArrayList<>(List.of("train", "--data", "spiral(30)", "--validation", "0.2"));
    args.addAll(List.of("--optimizer", "sgd", "--shards", "4", "--model", at(model)));
    args.addAll(List.of("--layers", LAYERS));
    args.addAll(Arrays.asList(more));
    return CommandRun.of(args.toArray(String[]::new));
  }

  private String at(String file) {
    return scratch.resolve(file).toString();
  }

  private JsonNode epoch(String model, int line) throws IOException {
    List<String> history = Files.readAllLines(scratch.resolve(model).resolve("history.jsonl"));
    return new ObjectMapper().readTree(history.get(line));
  }

  private byte[] weights(String model) throws IOException {
    return Files.readAllBytes(scratch.resolve(model).resolve("weights.safetensors"));
  }

  @Test
  void standardFeaturesCannotGoOnFromRawOnes() {
    train("first", "--epochs", "1");
    CommandRun run = train("second", "--init-from", at("first"), "--feature-units", "standard");

    assertEquals(1, run.status());
    assertEquals(
        "error: Invalid feature units: standard, but the model to go on from has raw ones (leave out --feature-units, or --init-from)",
        run.err().strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "3"})
  void aRunStartsAtTheLossWhereTheOtherOneEnded(String partitions) throws IOException {
    assertEquals(0, train("first", "--epochs", "5").status());

    CommandRun run =
        train(
            "second",
            "--epochs",
            "1",
            "--learning-rate",
            NO_STEP,
            "--partitions",
            partitions,
            "--init-from",
            at("first"));

    assertEquals("", run.err());
    assertTrue(run.out().contains("\nstart: %s\n".formatted(at("first"))), run.out());
    assertArrayEquals(weights("first"), weights("second"));
    assertEquals(
        epoch("first", 4).get("validation_loss"), epoch("second", 0).get("validation_loss"));
    assertEquals(
        epoch("first", 4).get("validation_accuracy"),
        epoch("second", 0).get("validation_accuracy"));
  }

  @Test
  void fineTuningGoesOnFromThereAndIsRecorded() throws IOException {
    assertEquals(0, train("first", "--epochs", "5").status());
    double reached = epoch("first", 4).get("loss").asDouble();

    assertEquals(
        0, train("second", "--epochs", "2", "--seed", "2", "--init-from", at("first")).status());

    double drawn = epoch("first", 0).get("loss").asDouble();
    double started = epoch("second", 0).get("loss").asDouble();
    assertTrue(
        Math.abs(started - reached) < Math.abs(drawn - reached),
        "%s, %s, %s".formatted(drawn, reached, started));
    JsonNode options =
        new ObjectMapper().readTree(scratch.resolve("second/model.json").toFile()).get("options");
    assertEquals(at("first"), options.get("init-from").asText());
    assertFalse(options.has("init"), "nothing was drawn");
  }

  @Test
  void theWeightsFileGivesTheSameBytesAsItsModel() throws IOException {
    assertEquals(0, train("first", "--epochs", "2").status());
    train("model", "--epochs", "2", "--init-from", at("first"));
    train("weights", "--epochs", "2", "--init-from", at("first/weights.safetensors"));

    assertArrayEquals(weights("model"), weights("weights"));
    assertNotEquals(Arrays.hashCode(weights("first")), Arrays.hashCode(weights("model")));
  }

  /** Fine-tuning in place: the old model is read before the new one takes its place. */
  @Test
  void aModelCanBeReplacedByWhatStartedFromIt() throws IOException {
    assertEquals(0, train("first", "--epochs", "2").status());
    train("aside", "--epochs", "2", "--init-from", at("first"));
    train("first", "--epochs", "2", "--init-from", at("first"), "--overwrite");

    assertArrayEquals(weights("aside"), weights("first"));
  }

  @Test
  void aSquareMatrixIsWarnedOf() throws IOException {
    Path pixels = IdxFiles.folder(scratch.resolve("idx"), 50, 20, 3);
    String header =
        "{\"0.weight\":{\"dtype\":\"F32\",\"shape\":[4,4],\"data_offsets\":[0,64]},\"0.bias\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[64,80]}}";
    ByteBuffer square = ByteBuffer.wrap(new byte[8 + header.length() + 80]);
    square.put((byte) header.length()).position(8); // a little-endian long
    square.put(header.getBytes(StandardCharsets.US_ASCII)); // and zeros
    Path file = Files.write(scratch.resolve("square.safetensors"), square.array());

    CommandRun run =
        train(
            "model",
            "--epochs",
            "1",
            "--data",
            pixels.toString(),
            "--layers",
            "4 softmax",
            "--init-from",
            file.toString());

    assertEquals(
        "warning: %s: 0.weight could be (in, out) or (out, in); read as (out, in), as PyTorch has it\n"
            .formatted(file),
        run.err());
    assertEquals(0, run.status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | 2 | Invalid --init-from: \"\" (must be a path)",
        "/no/such/model | 1 | Cannot read /no/such/model: no such file or folder",
        "/no/such.npz | 1 | Cannot read /no/such.npz: no such file or folder",
      })
  void aWrongPathIsNamed(String path, int status, String line) {
    CommandRun run = train("model", "--init-from", path);

    assertEquals("error: " + line + "\n", run.err());
    assertEquals(status, run.status());
    assertFalse(Files.exists(scratch.resolve("model")));
  }

  @Test
  void drawingAndReadingTogetherAreWrongUsage() {
    CommandRun run = train("model", "--init", "he", "--init-from", "m");

    assertEquals(
        "error: Invalid option: --init he with --init-from m (must be one of the two)\n",
        run.err());
    assertEquals(2, run.status());
    assertEquals("", run.out(), "before Spark");
  }

  @Test
  void theCommandLineWinsOverAFileInThisToo() throws IOException {
    assertEquals(0, train("first", "--epochs", "1").status());
    Path config = Files.writeString(scratch.resolve("my.conf"), "init = he\nepochs = 1\n");

    assertEquals(
        0, train("second", "--config", config.toString(), "--init-from", at("first")).status());
    Files.writeString(config, "init-from = %s\nepochs = 1\n".formatted(at("first")));
    assertEquals(0, train("third", "--config", config.toString(), "--init", "he").status());

    JsonNode third = new ObjectMapper().readTree(scratch.resolve("third/model.json").toFile());
    assertEquals("he", third.get("options").get("init").asText());
  }

  @Test
  void aModelOfOtherRowsOrLayersIsRefusedBeforeAnythingIsPacked() throws IOException {
    assertEquals(0, train("first", "--epochs", "1").status());

    assertEquals(
        "error: Cannot start from %s: it is 2 → 6 relu → 3 softmax, this run is 2 → 5 relu → 3 softmax (must be the same; give --layers \"6 relu, 3 softmax\")\n"
            .formatted(at("first")),
        train("second", "--layers", "5 relu, 3 softmax", "--init-from", at("first")).err());
    Path pixels = IdxFiles.folder(scratch.resolve("idx"), 50, 20, 3);
    CommandRun other = train("second", "--data", pixels.toString(), "--init-from", at("first"));
    assertEquals(
        "error: Cannot start from %s: it is 2 → 6 relu → 3 softmax, this run is 4 → 6 relu → 3 softmax (the rows must have 2 features)\n"
            .formatted(at("first")),
        other.err());
    assertEquals(1, other.status());
    assertFalse(other.out().contains("data: "), other.out());
  }
}
