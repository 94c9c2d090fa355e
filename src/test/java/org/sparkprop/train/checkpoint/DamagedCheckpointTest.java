package org.sparkprop.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkprop.Fuzz;
import org.sparkprop.Refusal;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.optim.Plateau;

/** A damaged checkpoint is found, and gives way to the one before it. */
@Tag("long")
@Tag("fuzz")
class DamagedCheckpointTest {
  @TempDir Path scratch;

  private Path place;

  @BeforeEach
  void nameAFolder() {
    place = scratch.resolve("m.checkpoint");
  }

  private CheckpointFolder folder() {
    return new CheckpointFolder(place.toString(), new Configuration());
  }

  private static CheckpointFile.Origin origin() {
    return CheckpointFile.Origin.of(Map.of("epochs", "3", "label", "a \"b\""), 90, 10, Map.of())
        .withBlas("OpenBLAS");
  }

  private static EpochRecord epoch(int number) {
    return new EpochRecord(
        number, 3L * number, 90, 0.5, Map.of("loss", 0.25, "roc_auc", 0.5), 0.1, 2, 45, true);
  }

  private static Checkpoint checkpoint(int epochs) {
    List<EpochRecord> history = new ArrayList<>();
    for (int number = 1; number <= epochs; number++) {
      history.add(epoch(number));
    }
    return new Checkpoint(
        new Checkpoint.Numbers(
            new Checkpoint.Epoch(epochs + 1, 2, 60, 31.5, 60, 0.5),
            3L * epochs + 2,
            2.5,
            3L * epochs + 2,
            1,
            Double.NaN,
            new Checkpoint.Stopping(0.25, 0.25, 1),
            new Plateau.Memory(Double.NaN, 0, 1)),
        new LinkedHashMap<>(
            Map.of("parameters", new float[] {1, -2.5f, 0}, "optimizer.0", new float[] {0, 7, 1})),
        history,
        null);
  }

  private void write(int epochs) {
    folder().write(3L * epochs + 2, CheckpointFile.content(origin(), checkpoint(epochs)));
  }

  private String read() {
    CheckpointFile run = Objects.requireNonNull(CheckpointFile.last(folder()));
    Map<String, String> vectors = new HashMap<>();
    run.checkpoint().vectors().forEach((name, v) -> vectors.put(name, Arrays.toString(v)));
    return run.origin() + " " + run.checkpoint().numbers() + vectors + run.checkpoint().history();
  }

  @Test
  void anyDamageOfACheckpointIsFound() throws IOException {
    write(2);
    Path file = place.resolve("round-8.safetensors");
    String whole = read();
    Fuzz.check(file, Fuzz::bytes, this::read, whole, InvalidInputException.class, "round-8.s");
    byte[] bytes = Files.readAllBytes(file);
    for (int at = 0; at < bytes.length; at += Fuzz.step()) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= (byte) (1 << (at + at / 8) % 8);
      Files.write(file, flipped);
      assertTrue(Refusal.of(this::read).contains("round-8.safetensors: "), "byte " + at);
    }
  }

  /** What a version with a fault of its own might write: all checksums are right. */
  @Test
  void otherCountersAreReadOrRefused() throws IOException {
    write(2);
    CheckpointFolder.Content content = Objects.requireNonNull(folder().last()).content();
    Path words = Files.writeString(scratch.resolve("words.json"), text(content.metadata()));
    Fuzz.check(
        words,
        DamagedCheckpointTest::otherWords,
        () -> {
          folder().write(8, new CheckpointFolder.Content(words(words), content.vectors()));
          return read();
        },
        null,
        InvalidInputException.class,
        "round-8.safetensors: ");
  }

  private static String text(Map<String, String> metadata) throws IOException {
    return new ObjectMapper().writeValueAsString(metadata);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, String> words(Path file) throws IOException {
    return new ObjectMapper().readValue(file.toFile(), Map.class);
  }

  /** One of the texts, which are JSON themselves, is another. */
  @SuppressWarnings("unchecked")
  private static byte[] otherWords(byte[] whole, Random random) throws IOException {
    Map<String, String> words = new ObjectMapper().readValue(whole, LinkedHashMap.class);
    String name = List.of("run", "numbers", "numbers", "history").get(random.nextInt(4));
    String text = Objects.requireNonNull(words.get(name));
    String first = name.equals("history") ? text.substring(0, text.indexOf('\n')) : text;
    byte[] other = Fuzz.jsonText(first.getBytes(StandardCharsets.UTF_8), random);
    words.put(name, new String(other, StandardCharsets.UTF_8) + text.substring(first.length()));
    return new ObjectMapper().writeValueAsBytes(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"number\" : 3 | \"number\" : 9 | it is in epoch 9 after a history of 2",
        "\"rounds\" : 8 | \"rounds\" : 8000000000 | it has 8000000000 rounds, 2 of them in its"
            + " epoch (its history has 6)",
        "\"rounds\" : 8 | \"rounds\" : -8 | it has -8 rounds, 2 of them in its epoch (its history"
            + " has 6)",
        "\"rows\" : 60 | \"rows\" : -60 | 2 rounds of its epoch have used -60 rows",
        "\"rows\" : 60 | \"rows\" : 6000 | 2 rounds of its epoch have used 6000 rows",
        "\"steps\" : 8 | \"steps\" : 800000 | it has 800000 steps after 240 rows",
        "\"seconds\" : 2.5 | \"seconds\" : \"NaN\" | it has seconds or a weight below 0, or none",
        "\"rate_factor\" : 1.0 | \"rate_factor\" : \"Infinity\" | the factor of its rate is"
            + " Infinity",
        "\"loss\" : 31.5 | \"loss\" : \"NaN\" | its loss is NaN"
      },
      quoteCharacter = '\'')
  void countersThatNoRunHasAreRefused(String from, String to, String problem) {
    write(2);
    CheckpointFolder.Content content = Objects.requireNonNull(folder().last()).content();
    Map<String, String> metadata = new HashMap<>(content.metadata());
    assertTrue(Objects.requireNonNull(metadata.get("numbers")).contains(from), from);
    metadata.computeIfPresent("numbers", (name, json) -> json.replace(from, to));
    folder().write(8, new CheckpointFolder.Content(metadata, content.vectors()));

    assertEquals(
        "Cannot resume from %s: it is damaged: %s"
            .formatted(place.resolve("round-8.safetensors"), problem),
        Refusal.of(() -> CheckpointFile.last(folder())));
  }

  @Test
  void parametersThatAreNoNumbersAreRefused() {
    write(2);
    CheckpointFolder.Content content = Objects.requireNonNull(folder().last()).content();
    Objects.requireNonNull(content.vectors().get("parameters"))[1] = Float.NaN;
    folder().write(8, content);

    assertEquals(
        "Cannot resume from %s: it is damaged: one of its parameters is NaN"
            .formatted(place.resolve("round-8.safetensors")),
        Refusal.of(() -> CheckpointFile.last(folder())));
  }

  @Test
  void aLastCheckpointThatIsDamagedGivesWayToTheOneBeforeWithAWarning() throws IOException {
    write(1);
    String before = read();
    write(2);
    Path last = place.resolve("round-8.safetensors");
    Files.write(last, Arrays.copyOf(Files.readAllBytes(last), 300));

    CheckpointFolder folder = folder();
    CheckpointFile run = CheckpointFile.last(folder);

    assertNotNull(run);
    assertEquals(before, read());
    assertEquals(
        List.of(
            "Cannot read %s: it is cut short; the checkpoint before it is taken, %s"
                .formatted(last, place.resolve("round-5.safetensors"))),
        folder.warnings().stream().map(line -> line.replace("file:", "")).toList());
    Files.write(place.resolve("round-5.safetensors"), new byte[0]);
    assertEquals("Cannot read %s: it is cut short".formatted(last), Refusal.of(this::read));
  }

  /** More than Jackson reads as one string of a header; 120,000 epochs are an hour of spiral. */
  @Test
  void aLongHistoryIsReadBack() {
    write(120_000);

    CheckpointFile run = CheckpointFile.last(folder());

    assertNotNull(run);
    assertEquals(checkpoint(120_000).history(), run.checkpoint().history());
  }

  @Test
  void whatAKillBetweenTwoRenamesHasLeftIsNotInTheWay() throws IOException {
    write(1);
    Path old = place.resolve(".round-5.safetensors.old-123e4567-e89b-12d3-a456-426614174000");
    Files.copy(place.resolve("round-5.safetensors"), old);

    folder().checkWritable();
    write(2);

    assertTrue(Files.notExists(old));
  }
}
