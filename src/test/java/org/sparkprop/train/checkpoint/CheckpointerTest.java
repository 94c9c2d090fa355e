package org.sparkprop.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Refusal;
import org.sparkprop.TestSpark;
import org.sparkprop.data.source.Part;
import org.sparkprop.data.source.RowSource;
import org.sparkprop.data.source.column.TableFacts;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.spark.FaultyFileSystem;
import org.sparkprop.train.InitialParameters;
import org.sparkprop.train.Training;
import org.sparkprop.train.TrainingListener;
import org.sparkprop.train.Verdict;
import org.sparkprop.train.options.TrainingOptions;

/** Which checkpoints are written, and which are refused. */
class CheckpointerTest {
  @TempDir Path scratch;

  private static TrainingOptions options() {
    return TrainingOptions.of(LayerSpec.parseList("4 tanh, 3 softmax"))
        .epochs(3)
        .batchSize(30)
        .build();
  }

  private Path folder() {
    return scratch.resolve("m.checkpoint");
  }

  private Checkpointer open(double seconds, boolean resume, boolean overwrite) {
    return open(seconds, resume, overwrite, options().toWords());
  }

  private Checkpointer open(
      double seconds, boolean resume, boolean overwrite, Map<String, String> words) {
    return Checkpointer.open(
        new CheckpointFolder(folder().toString(), new Configuration()),
        seconds,
        resume,
        overwrite,
        words);
  }

  private static Training.Result train(
      Checkpointer checkpoints, String data, TrainingListener listener) {
    SparkSession spark = TestSpark.session();
    Dataset<Row> rows = RowSource.of(data).rows(spark, Part.parse("train"));
    TrainingOptions options = options();
    return new Training(
            spark,
            options,
            InitialParameters.drawn(options),
            listener,
            checkpoints,
            TableFacts.NONE)
        .run(rows, "spiral");
  }

  /** The files in the folder as each epoch ends. */
  private List<List<String>> filesOf(Checkpointer checkpoints) {
    List<List<String>> files = new ArrayList<>();
    train(
        checkpoints,
        "spiral(30)",
        new TrainingListener() {
          @Override
          public Verdict epochDone(EpochRecord epoch) {
            String[] names = folder().toFile().list();
            files.add(names == null ? List.of() : Arrays.stream(names).sorted().toList());
            return Verdict.CONTINUE;
          }
        });
    return files;
  }

  /** Three rounds an epoch: the last checkpoint of each is that before its third round. */
  private Path cutOff() {
    filesOf(open(0, false, false));
    folder().resolve("round-7.safetensors").toFile().delete();
    return folder().resolve("round-8.safetensors");
  }

  @Test
  void theLastTwoCheckpointsLieInTheFolder() {
    assertEquals(
        List.of(
            List.of("round-1.safetensors", "round-2.safetensors"),
            List.of("round-4.safetensors", "round-5.safetensors"),
            List.of("round-7.safetensors", "round-8.safetensors")),
        filesOf(open(0, false, false)));
  }

  @Test
  void noneIsWrittenBeforeItIsDueOrWhereNoneIsWanted() {
    assertEquals(List.of(List.of(), List.of(), List.of()), filesOf(open(3600, false, false)));
    assertEquals(
        List.of(List.of(), List.of(), List.of()),
        filesOf(open(Double.POSITIVE_INFINITY, false, false)));
    assertTrue(Files.notExists(folder()));
  }

  @Test
  void aRunBeginsWhereThereIsNothingToGoOnFrom() {
    assertNull(open(0, true, false).resumption());
  }

  @Test
  void whatIsKeptIsToldAndDeleted() {
    Path last = cutOff();
    Checkpointer found = open(60, true, false);

    assertEquals(last + ", in epoch 3, after 8 rounds", found.resumption());
    assertEquals(folder().toString(), found.kept());
    found.delete();
    assertTrue(Files.notExists(folder()));
    assertNull(found.kept());
  }

  @Test
  void aCheckpointInTheWayIsNeverReplacedWithoutLeave() {
    cutOff();

    assertEquals(
        "Cannot write %s: it has the checkpoint of a run that was cut off (give --resume to go on with that run, or --overwrite to drop it)"
            .formatted(folder()),
        Refusal.of(() -> open(60, false, false)));
    assertNull(open(60, false, true).resumption());
  }

  @Test
  void aRunWithOtherOptionsIsRefused() {
    Path last = cutOff();
    Map<String, String> words = options().toWords();
    words.put("learning-rate", "0.7");
    words.put("partitions", "17");

    assertEquals(
        "Cannot resume from %s: that run has --learning-rate 0.001, this one 0.7 (must be the same; delete the checkpoint to begin anew)"
            .formatted(last),
        Refusal.of(() -> open(60, true, false, words)));
  }

  @Test
  void aRunWithOtherRowsIsRefused() {
    Path last = cutOff();

    assertEquals(
        "Cannot resume from %s: that run has 90 rows and 0 for validation, this one 93 and 0 (must be the same rows)"
            .formatted(last),
        Refusal.of(() -> train(open(60, true, false), "spiral(31)", new TrainingListener() {})));
  }

  private void assertRefused(String other, Dataset<Row> rows, InitialParameters first) {
    Checkpointer checkpoints = open(60, true, false);
    Training training =
        new Training(
            TestSpark.session(),
            options(),
            first,
            new TrainingListener() {},
            checkpoints,
            TableFacts.NONE);
    assertEquals(
        "Cannot resume from %s: that run has other %s than this one (must be the same; delete the checkpoint to begin anew)"
            .formatted(folder().resolve("round-8.safetensors"), other),
        Refusal.of(() -> training.run(rows, "spiral")));
  }

  /** As many rows, but not the same, or not in the same places. */
  @Test
  void aRunWithAsManyOtherRowsIsRefused() {
    cutOff();
    Dataset<Row> same = RowSource.of("spiral(30)").rows(TestSpark.session(), Part.parse("train"));
    InitialParameters drawn = InitialParameters.drawn(options());
    assertRefused(
        "rows, or in another order,",
        same.selectExpr("row", "features", "if(row < 2, 2 - label, label) label"),
        drawn);
    assertRefused(
        "rows, or in another order,", same.selectExpr("89 - row row", "features", "label"), drawn);
    assertRefused(
        "weights to start from",
        same,
        (network, preprocessing) -> new float[network.topology().parameterCount()]);
    assertEquals(3, train(open(60, true, false), "spiral(30)", new TrainingListener() {}).epoch());
  }

  /** Those of older versions have no fingerprint. */
  @Test
  void aCheckpointWithoutAFingerprintIsGoneOnFrom() {
    cutOff();
    CheckpointFolder folder = new CheckpointFolder(folder().toString(), new Configuration());
    CheckpointFile saved = Objects.requireNonNull(CheckpointFile.last(folder));
    CheckpointFolder.Content content = CheckpointFile.content(saved.origin(), saved.checkpoint());
    Map<String, String> metadata = new HashMap<>(content.metadata());
    metadata.computeIfPresent(
        "run", (key, run) -> run.replaceFirst(",\\s*\"fingerprint\"\\s*:\\s*\\{[^}]*\\}", ""));
    assertTrue(!String.valueOf(metadata.get("run")).contains("fingerprint"));
    folder.write(8, new CheckpointFolder.Content(metadata, content.vectors()));

    assertEquals(3, train(open(60, true, false), "spiral(30)", new TrainingListener() {}).epoch());
  }

  @Test
  void aRunWithOtherFeaturesIsRefused() {
    cutOff();
    CheckpointFolder folder = new CheckpointFolder(folder().toString(), new Configuration());
    CheckpointFolder.Saved saved = folder.last();
    assertNotNull(saved);
    Map<String, float[]> vectors = saved.content().vectors();
    vectors.put("best", new float[26]);
    folder.write(9, new CheckpointFolder.Content(saved.content().metadata(), vectors));
    assertEquals(
        "Cannot resume: best of the checkpoint has 26 numbers (must be 27, for 2 → 4 tanh → 3"
            + " softmax)",
        Refusal.of(() -> train(open(60, true, false), "spiral(30)", new TrainingListener() {})));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 300, -1})
  void aCheckpointThatIsCutShortIsRefused(int length) throws IOException {
    Path last = cutOff();
    byte[] bytes = Files.readAllBytes(last);
    Files.write(last, Arrays.copyOf(bytes, length < 0 ? bytes.length + length : length));

    String refusal = Refusal.of(() -> open(60, true, false));
    assertTrue(refusal.startsWith("Cannot read " + last + ": it is cut short"), refusal);
  }

  @Test
  void aVectorThatLiesElsewhereIsRefused() throws IOException {
    Path last = cutOff();
    String file = Files.readString(last, StandardCharsets.ISO_8859_1);
    Files.writeString(
        last,
        file.replace("\"data_offsets\":[108,216]", "\"data_offsets\":[109,217]"),
        StandardCharsets.ISO_8859_1);

    String refused = Refusal.of(() -> open(60, true, false));
    assertTrue(
        refused.startsWith(
            "Cannot read %s: its header is damaged: its checksum is ".formatted(last)),
        refused);
  }

  /** What is missing is not taken as 0. */
  @Test
  void aCheckpointWithoutACounterIsRefused() throws IOException {
    Path last = cutOff();
    CheckpointFolder folder = new CheckpointFolder(folder().toString(), new Configuration());
    CheckpointFolder.Content content = Objects.requireNonNull(folder.last()).content();
    Map<String, String> metadata = new HashMap<>(content.metadata());
    metadata.computeIfPresent("numbers", (name, json) -> json.replace("\"steps\"", "\"stops\""));
    folder.write(8, new CheckpointFolder.Content(metadata, content.vectors()));

    assertEquals(
        "Cannot resume from %s: it is damaged".formatted(last),
        Refusal.of(() -> open(60, true, false)));
  }

  @Test
  void aModelIsNoCheckpoint() throws IOException {
    Path last = cutOff();
    Files.writeString(last, "\u0002\0\0\0\0\0\0\0{}");

    assertEquals(
        "Cannot resume from %s: it is no checkpoint (this version reads sparkprop checkpoint 2)"
            .formatted(last),
        Refusal.of(() -> open(60, true, false)));
  }

  @Test
  void aFolderOfOtherThingsIsNotTouched() throws IOException {
    Files.createDirectories(folder());
    Files.writeString(folder().resolve("letter.txt"), "dear");

    assertEquals(
        "Cannot use %s for checkpoints: letter.txt is in the way (move it away)"
            .formatted(folder()),
        Refusal.of(() -> open(60, false, true)));
    assertEquals("dear", Files.readString(folder().resolve("letter.txt")));
  }

  @Test
  void whatAKilledRunHasLeftOfACheckpointIsCleanedUp() throws IOException {
    cutOff();
    Files.writeString(folder().resolve(".round-9.safetensors.draft-1"), "half of");

    assertEquals(
        folder().resolve("round-8.safetensors") + ", in epoch 3, after 8 rounds",
        open(0, true, false).resumption());
    open(0, true, false).delete();
    assertTrue(Files.notExists(folder()));
  }

  /** The folder becomes a file while the run goes on. */
  @Test
  void aRunGoesOnWhenACheckpointCannotBeWritten() throws IOException {
    Checkpointer checkpoints = open(0, false, false);
    Files.writeString(folder(), "in the way");

    assertEquals(3, train(checkpoints, "spiral(30)", new TrainingListener() {}).history().size());
    assertNull(checkpoints.kept());
    assertEquals("in the way", Files.readString(folder()));
    try (Stream<Path> files = Files.list(scratch)) {
      assertEquals(List.of(folder()), files.toList());
    }
  }

  /** The client of an object store throws what it likes. */
  @Test
  void aRunGoesOnWhenTheClientOfAStoreThrows() {
    Configuration hadoop = FaultyFileSystem.clientThatFailsAfter(3);
    CheckpointFolder store = new CheckpointFolder("store://" + scratch.resolve("run"), hadoop);
    Checkpointer checkpoints = Checkpointer.open(store, 0, false, false, Map.of());

    assertEquals(3, train(checkpoints, "spiral(30)", new TrainingListener() {}).history().size());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.NEGATIVE_INFINITY})
  void secondsThatCannotBeAreRefused(double seconds) {
    assertEquals(
        "Invalid checkpoint interval: %s (must be >= 0 seconds, or none)".formatted(seconds),
        Refusal.of(() -> Checkpointer.checkSeconds(seconds)));
  }
}
