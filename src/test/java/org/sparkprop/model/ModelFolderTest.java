package org.sparkprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.Refusal;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.Preprocessing.FeatureType;
import org.sparkprop.nn.Initializer;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;

class ModelFolderTest {
  private static final Map<String, Double> VALIDATED =
      Map.of("loss", 0.25, "accuracy", 0.75, "f1_macro", 0.5);

  @TempDir Path scratch;

  private static Model model(long seed) {
    Topology topology = Topology.of(3, LayerSpec.parseList("4 gelu, 2 softmax"));
    return new Model(
        new Network(topology, Loss.SOFTMAX_CROSS_ENTROPY),
        Preprocessing.raw(FeatureType.BYTE),
        List.of("no", "yes"),
        new Initializer(Initializer.Kind.UNIFORM, 1).parameters(topology, seed));
  }

  private Path path() {
    return scratch.resolve("models").resolve("a model");
  }

  private ModelFolder folder() {
    return new ModelFolder(path().toString(), new Configuration());
  }

  private static BlasOfRun someBlas() {
    BlasOfRun blas = new BlasOfRun();
    blas.add(new BlasOfJvm(BlasOfJvm.DRIVER, "b", ""));
    return blas;
  }

  private void write(Model model) {
    folder()
        .write(
            model,
            ModelDescription.of(
                model,
                100,
                2,
                "all epochs completed",
                7,
                Map.of("epochs", "3"),
                Map.of("java", "17"),
                someBlas()),
            List.of(
                new EpochRecord(1, 10, 100, 0.5, VALIDATED, 0.1, 2, 50, true),
                new EpochRecord(2, 20, 100, 0.4, Map.of(), 0.1, 2, 50, false)),
            true);
  }

  @Test
  void whatIsWrittenIsReadBack() {
    Model written = model(1);
    write(written);

    ModelFolder.Saved read = folder().read();

    assertArrayEquals(written.parameters(), read.model().parameters());
    assertEquals(written.network().topology().sizes(), read.model().network().topology().sizes());
    assertEquals(written.network().loss(), read.model().network().loss());
    assertEquals(written.preprocessing(), read.model().preprocessing());
    assertEquals(written.labels(), read.model().labels());
    assertEquals(7, read.description().seed());
    assertEquals(Map.of("epochs", "3"), read.description().options());
    assertEquals("b", read.description().blas());
    assertEquals(List.of(new BlasOfJvm(BlasOfJvm.DRIVER, "b", "")), read.description().blasOf());
  }

  @Test
  void aModelOfBeforeEachJvmSaidItsBlasIsRead() throws IOException {
    write(model(1));
    ObjectMapper json = new ObjectMapper();
    ObjectNode description = (ObjectNode) json.readTree(path().resolve("model.json").toFile());
    description.remove("blas_of");
    description.remove("checksum"); // this change is on purpose
    json.writeValue(path().resolve("model.json").toFile(), description);

    assertEquals("b", folder().read().description().blas());
    assertEquals(List.of(), folder().read().description().blasOf());
  }

  /** The format's own page: a little-endian length, a JSON header, the numbers. */
  @Test
  void weightsAreSafetensorsThatPyTorchKnows() throws IOException {
    Model written = model(1);
    write(written);

    ByteBuffer file =
        ByteBuffer.wrap(Files.readAllBytes(path().resolve("weights.safetensors")))
            .order(ByteOrder.LITTLE_ENDIAN);
    byte[] json = new byte[(int) file.getLong()];
    file.get(json);
    JsonNode header = new ObjectMapper().readTree(new String(json, StandardCharsets.UTF_8));

    assertEquals(0, (8 + json.length) % 8, "numbers are aligned");
    assertEquals("pt", header.get("__metadata__").get("format").asText());
    assertEquals("[4,3]", header.get("layers.0.weight").get("shape").toString());
    assertEquals("[48,64]", header.get("layers.0.bias").get("data_offsets").toString());
    assertEquals("[2,4]", header.get("layers.1.weight").get("shape").toString());
    assertEquals("F32", header.get("layers.1.bias").get("dtype").asText());
    float[] numbers = new float[26];
    file.asFloatBuffer().get(numbers);
    assertArrayEquals(written.parameters(), numbers);
    assertEquals(26 * 4, file.remaining());
  }

  @Test
  void historyHasALineForEachEpoch() throws IOException {
    write(model(1));

    assertEquals(
        List.of(
            "{\"epoch\":1,\"rounds\":10,\"rows\":100,\"loss\":0.5,\"validation_loss\":0.25,\"validation_accuracy\":0.75,\"learning_rate\":0.1,\"seconds\":2.0,\"rows_per_second\":50.0,\"best\":true,\"validation_f1_macro\":0.5}",
            "{\"epoch\":2,\"rounds\":20,\"rows\":100,\"loss\":0.4,\"validation_loss\":null,\"validation_accuracy\":null,\"learning_rate\":0.1,\"seconds\":2.0,\"rows_per_second\":50.0,\"best\":false}"),
        Files.readAllLines(path().resolve("history.jsonl")));
  }

  @Test
  void aModelIsReplacedWholeAndNothingElseIsLeft() throws IOException {
    write(model(1));
    Files.writeString(path().resolve("report.json"), "{}");

    write(model(2)); // without a report

    assertArrayEquals(model(2).parameters(), folder().read().model().parameters());
    try (Stream<Path> files = Files.list(path());
        Stream<Path> beside = Files.list(path().getParent())) {
      assertEquals(
          List.of("history.jsonl", "model.json", "weights.safetensors"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
      assertEquals(List.of(path()), beside.toList());
    }
  }

  @Test
  void aPlaceWhereNothingCanBeWrittenIsRefusedBeforeTheWork() throws IOException {
    Path blocked = Files.writeString(scratch.resolve("file"), "in the way");
    ModelFolder impossible =
        new ModelFolder(blocked.resolve("model").toString(), new Configuration());
    ModelFolder root = new ModelFolder("/", new Configuration());

    assertEquals(
        "Cannot write %s: it is a file (must be a folder)".formatted(blocked),
        Refusal.of(() -> impossible.checkWritable(true)));
    String refusedRoot = Refusal.of(() -> root.checkWritable(true));
    assertTrue(
        refusedRoot.matches(
            "Cannot write /: it exists and is not a model folder: \\S+ is in it \\(give another"
                + " --model\\)"),
        refusedRoot);
  }

  @Test
  void anExistingModelIsOnlyReplacedOnRequest() {
    folder().checkWritable(false);
    write(model(1));
    folder().checkWritable(true);

    assertEquals(
        "Cannot write %s: it exists (give another --model, or --overwrite to replace it)"
            .formatted(path()),
        Refusal.of(() -> folder().checkWritable(false)));
  }

  @Test
  void aFolderOfOtherThingsIsNeverReplaced() throws IOException {
    Files.createDirectories(path());
    Files.writeString(path().resolve("thesis.txt"), "three years");

    assertEquals(
        "Cannot write %s: it exists and is not a model folder: thesis.txt is in it (give another --model)"
            .formatted(path()),
        Refusal.of(() -> folder().checkWritable(true)));
    assertTrue(Files.exists(path().resolve("thesis.txt")));

    // Nor a model of another kind, or ours with something beside it.
    Files.writeString(path().resolve("model.json"), "{}");
    assertEquals(
        "Cannot write %s: it exists and is not a model folder: thesis.txt is in it (give another --model)"
            .formatted(path()),
        Refusal.of(() -> write(model(1))));
    assertTrue(Files.exists(path().resolve("thesis.txt")));
  }

  @Test
  void absentModelIsRefusedByName() throws IOException {
    assertRefused("no such folder (give --model, or train one first)");
    Files.createDirectories(path());
    assertRefused("it has no model.json");
    write(model(1));
    Files.delete(path().resolve("weights.safetensors"));
    assertRefused("it has no weights.safetensors");
  }

  @Test
  void truncatedModelIsRefusedByName() throws IOException {
    write(model(1));
    Path weights = path().resolve("weights.safetensors");
    byte[] whole = Files.readAllBytes(weights);

    Files.write(weights, Arrays.copyOf(whole, whole.length - 1));
    assertRefused("weights.safetensors: it is cut short (expected 26 parameters)");
    Files.write(weights, Arrays.copyOf(whole, 100));
    assertRefused("weights.safetensors: it is cut short within its header");
    Files.write(weights, Arrays.copyOf(whole, 3));
    assertRefused("weights.safetensors: it is cut short within its header");
    Files.write(weights, Arrays.copyOf(whole, whole.length + 1));
    assertRefused("weights.safetensors: it goes on after its 26 parameters");
    Files.writeString(weights, "not a model but some text");
    assertRefused("weights.safetensors: it is not a safetensors file");
  }

  @Test
  void weightsOfAnotherShapeAreRefusedWithBothShapes() throws IOException {
    write(model(1));
    replace("model.json", "\"width\" : 4", "\"width\" : 5");
    assertRefused(
        "weights.safetensors: tensor layers.0.weight is F32 [4, 3] (expected F32 [5, 3])");
    replace("model.json", "\"width\" : 5", "\"width\" : 0");
    assertRefused("model.json: Invalid layer width: 0 (must be > 0)");
  }

  @Test
  void aScalingThatDoesNotFitIsRefused() throws IOException {
    write(model(1));
    replace("model.json", "\"feature_mean\" : [ ]", "\"feature_mean\" : [ 1.0 ]");
    assertRefused("model.json: Invalid scaling: 1 means and 0 scales (must be one of each)");
    replace("model.json", "\"feature_scale\" : [ ]", "\"feature_scale\" : [ 2.0 ]");
    replace("model.json", "\"byte\"", "\"float\"");
    assertRefused("model.json: Invalid scaling of features: 1 means (expected 3, one for each)");
    replace("model.json", "\"float\"", "\"byte\"");
    replace("model.json", "\"target_mean\" : [ ]", "\"target_mean\" : [ 0.0 ]");
    replace("model.json", "\"target_scale\" : [ ]", "\"target_scale\" : [ 1.0 ]");
    assertRefused("model.json: Invalid scaling of targets: 1 means (expected 2, one for each)");
    replace("model.json", "\"feature_scale\" : [ 2.0 ]", "\"feature_scale\" : [ 0.0 ]");
    assertRefused(
        "model.json: Invalid scaling of column 0: mean 1.0, scale 0.0 (must be finite, the scale >"
            + " 0)");
  }

  @Test
  void aDamagedDescriptionIsRefused() throws IOException {
    write(model(1));
    replace("model.json", "\"format\" : 3", "\"format\" : 9");
    assertRefused("model.json: its format is 9 (this version reads 3)");
    replace("model.json", "\"format\" : 9", "\"format\" : 3");
    replace("model.json", "\"activation\" : \"gelu\"", "\"activation\" : \"swoosh\"");
    assertRefused(
        "model.json: Invalid activation: swoosh (must be one of linear, sigmoid, tanh, relu,"
            + " leaky-relu, elu, selu, softplus, gelu, silu, mish, exponential, softmax)");
    Files.writeString(path().resolve("model.json"), "{ \"format\" : 3,\n \"inputs\" : ");
    assertRefused("model.json: it is damaged near line 2");
    Files.writeString(path().resolve("model.json"), "{ \"format\" : 3, \"inputs\" : 3 }");
    assertRefused("model.json: rows is missing or not what it should be");
    Files.writeString(
        path().resolve("model.json"), "{\"format\": 3, \"inputs\": 4, \"rows\": 1, \"seed\": 1}");
    assertRefused("model.json: epoch is missing or not what it should be");
    replace("model.json", "4", "\"four\"");
    assertRefused("model.json: inputs is missing or not what it should be");
  }

  /** A change on purpose: whoever makes one takes the checksum out. */
  private void replace(String file, String from, String to) throws IOException {
    Path path = path().resolve(file);
    String text = Files.readString(path);
    assertTrue(text.contains(from), text);
    Files.writeString(
        path, text.replace(from, to).replaceFirst(",\\s*\"checksum\" : \"\\w{8}\"", ""));
  }

  private void assertRefused(String what) {
    String refused = Refusal.of(() -> folder().read());
    assertEquals("Cannot read model %s: %s".formatted(path(), what), refused);
  }
}
