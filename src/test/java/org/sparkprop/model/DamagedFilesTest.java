package org.sparkprop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32C;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Fuzz;
import org.sparkprop.Refusal;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.Preprocessing.FeatureType;
import org.sparkprop.model.tensor.Checksum;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;

/** Whatever a disk does to a model's files is found; and what cannot be found harms nobody. */
@Tag("long")
@Tag("fuzz")
class DamagedFilesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path scratch;

  private final Configuration hadoop = new Configuration();
  private Path folder;

  @BeforeEach
  void writeAModel() {
    folder = scratch.resolve("m");
    SmallModel.write(folder.toString(), hadoop, 7, false);
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  /** All that a folder says. */
  private String read() {
    ModelFolder place = new ModelFolder(folder.toString(), hadoop);
    ModelFolder.Saved saved = place.read();
    return saved.description()
        + Arrays.toString(saved.model().parameters())
        + saved.model().preprocessing()
        + place.readHistory();
  }

  /** As a version before checksums has written it. */
  private void takeChecksumsOut() throws IOException {
    ObjectNode json = (ObjectNode) JSON.readTree(file("model.json").toFile());
    json.remove(List.of("checksum", "checksums"));
    JSON.writeValue(file("model.json").toFile(), json);
    Files.write(
        file("weights.safetensors"), withoutSums(Files.readAllBytes(file("weights.safetensors"))));
  }

  private static byte[] withoutSums(byte[] safetensors) throws IOException {
    ObjectNode header = header(safetensors);
    ObjectNode about = (ObjectNode) header.get("__metadata__");
    about.removeAll();
    about.put("format", "pt");
    return withHeader(safetensors, header);
  }

  private static ObjectNode header(byte[] safetensors) throws IOException {
    long length = ByteBuffer.wrap(safetensors).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return (ObjectNode)
        JSON.readTree(new String(safetensors, 8, (int) length, StandardCharsets.UTF_8));
  }

  private static byte[] withHeader(byte[] safetensors, JsonNode header) throws IOException {
    long length = ByteBuffer.wrap(safetensors).order(ByteOrder.LITTLE_ENDIAN).getLong();
    byte[] json = JSON.writeValueAsBytes(header);
    int data = 8 + (int) length;
    return ByteBuffer.allocate(8 + json.length + safetensors.length - data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(safetensors, data, safetensors.length - data)
        .array();
  }

  @ParameterizedTest
  @ValueSource(strings = {"weights.safetensors", "history.jsonl", "model.json"})
  void aBitThatIsFlippedAnywhereIsFound(String name) throws IOException {
    String whole = read();
    byte[] bytes = Files.readAllBytes(file(name));
    int found = 0;
    for (int at = 0; at < bytes.length; at++) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= (byte) (1 << at % 8);
      Files.write(file(name), flipped);
      try { // what changes nothing, as a space that is another space, needs no refusal
        assertEquals(whole, read(), "byte %d".formatted(at));
      } catch (InvalidInputException refused) {
        found++;
      }
    }
    assertTrue(found >= bytes.length - (name.equals("model.json") ? 20 : 0), found + " found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"weights.safetensors", "history.jsonl", "model.json"})
  void anyDamageOfAFileIsFound(String name) throws IOException {
    Fuzz.check(file(name), Fuzz::bytes, this::read, read(), InvalidInputException.class, name);
  }

  @Test
  void anyOtherDescriptionIsReadOrRefused() throws IOException {
    takeChecksumsOut();
    Fuzz.check(
        file("model.json"), Fuzz::jsonText, this::read, null, InvalidInputException.class, "/m: ");
    Fuzz.check(
        file("model.json"), Fuzz::bytes, this::read, null, InvalidInputException.class, "/m: ");
  }

  @Test
  void anotherHeaderOfTheWeightsIsRefusedOrChangesNothing() throws IOException {
    takeChecksumsOut();
    Fuzz.check(
        file("weights.safetensors"),
        (whole, random) -> withHeader(whole, Fuzz.json(header(whole), random)),
        this::read,
        read(),
        InvalidInputException.class,
        "weights.safetensors: ");
  }

  @Test
  void anotherHistoryIsReadOrRefused() throws IOException {
    takeChecksumsOut();
    Fuzz.check(
        file("history.jsonl"),
        (whole, random) -> {
          String[] lines = new String(whole, StandardCharsets.UTF_8).split("\n");
          int line = random.nextInt(lines.length);
          lines[line] =
              new String(
                  Fuzz.jsonText(lines[line].getBytes(StandardCharsets.UTF_8), random),
                  StandardCharsets.UTF_8);
          return String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        },
        this::read,
        null,
        InvalidInputException.class,
        "history.jsonl: ");
  }

  /** Also where no checksum tells. */
  @Test
  void historyThatIsCutOrDoubledIsNoticed() throws IOException {
    takeChecksumsOut();
    List<String> lines = Files.readAllLines(file("history.jsonl"));

    Files.writeString(file("history.jsonl"), lines.get(0) + "\n");
    assertRefused("history.jsonl: it ends with epoch 1 (the model is that of epoch 2)");
    Files.writeString(
        file("history.jsonl"), String.join("\n", lines.get(0), lines.get(0), lines.get(1)));
    assertRefused("history.jsonl: line 2 is epoch 1 (expected 2)");
    Files.writeString(file("history.jsonl"), lines.get(1) + "\n");
    assertRefused("history.jsonl: line 1 is epoch 2 (expected 1)");
    Files.writeString(file("history.jsonl"), lines.get(0) + "\n" + lines.get(1).substring(0, 30));
    assertRefused("history.jsonl: line 2 is damaged, or cut short");
    Files.delete(file("history.jsonl"));
    assertEquals(List.of(), new ModelFolder(folder.toString(), hadoop).readHistory());
  }

  @Test
  void filesOfAnotherModelAreRefused() throws IOException {
    Path other = scratch.resolve("other");
    SmallModel.write(other.toString(), hadoop, 8, false);
    Files.copy(
        other.resolve("weights.safetensors"),
        file("weights.safetensors"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    String refused = Refusal.of(this::read);

    assertTrue(
        refused.matches(
            "Cannot read model \\S+: weights.safetensors: it is not the file that model.json was"
                + " written with, or damaged: its checksum is \\w{8} \\(expected \\w{8}\\)"),
        refused);
  }

  @Test
  void aWeightThatIsNoNumberIsRefusedWithItsPlaceAlsoInAnOldFolder() throws IOException {
    takeChecksumsOut();
    byte[] bytes = Files.readAllBytes(file("weights.safetensors"));
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, Float.NaN);
    Files.write(file("weights.safetensors"), bytes);
    assertRefused("weights.safetensors: layers.1.bias has NaN at [1] (must be finite, as a float)");
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putFloat(bytes.length - 26 * 4 + 16, Float.NEGATIVE_INFINITY);
    Files.write(file("weights.safetensors"), bytes);
    assertRefused(
        "weights.safetensors: layers.0.weight has -Infinity at [1, 1] (must be finite, as a"
            + " float)");
  }

  /** By the format's page and the polynomial's own definition, without our code. */
  @Test
  void aReaderThatIsNotOursFindsTheTensorsAndTheirChecksums() throws IOException {
    byte[] bytes = Files.readAllBytes(file("weights.safetensors"));
    int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    ObjectNode header = header(bytes);
    JsonNode about = header.remove("__metadata__");
    assertEquals("pt", about.get("format").textValue());
    about.forEach(value -> assertTrue(value.isTextual(), "the format allows text alone"));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    header
        .properties()
        .forEach(
            tensor -> {
              JsonNode place = tensor.getValue().get("data_offsets");
              byte[] data =
                  Arrays.copyOfRange(
                      bytes,
                      8 + length + place.get(0).intValue(),
                      8 + length + place.get(1).intValue());
              assertEquals(bitwiseCrc32c(data), about.get("crc32c." + tensor.getKey()).textValue());
              all.writeBytes(data);
            });
    assertEquals(26 * 4, all.size());
    assertEquals(bitwiseCrc32c(all.toByteArray()), about.get("crc32c").textValue());
    String text = new String(bytes, 8, length, StandardCharsets.UTF_8);
    String own = about.get("crc32c.header").textValue();
    assertEquals(
        own,
        bitwiseCrc32c(
            text.replace("\"crc32c.header\":\"" + own, "\"crc32c.header\":\"00000000")
                .getBytes(StandardCharsets.UTF_8)));
  }

  /** Castagnoli's polynomial, bit by bit (RFC 3720, appendix B.4). */
  private static String bitwiseCrc32c(byte[] bytes) {
    int crc = -1;
    for (byte b : bytes) {
      crc ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0x82F63B78;
      }
    }
    return "%08x".formatted(~crc);
  }

  @Test
  void aHugeModelThatIsOnlySaidIsRefusedBeforeMemoryIsTaken() throws IOException {
    takeChecksumsOut();
    String text = Files.readString(file("model.json"));
    Files.writeString(file("model.json"), text.replaceFirst("\"width\":4", "\"width\":300000000"));
    assertRefused(
        "weights.safetensors: tensor layers.0.weight is F32 [4, 3] (expected F32 [300000000, 3])");
    Files.writeString(
        file("model.json"),
        text.replaceFirst(
            "\"layers\":\\[",
            "\"layers\":[" + "{\"width\":1,\"activation\":\"relu\"},".repeat(300_000)));
    assertRefused("model.json: Invalid layers: 300002 (must be at most 10000)");
    Files.writeString(
        file("model.json"), text.replaceFirst("\"gelu\"", "\"" + "x".repeat(15_000_000) + "\""));
    assertTrue(Refusal.of(this::read).length() < 500);
    Files.writeString(file("model.json"), "null");
    assertRefused("model.json: its format is none (this version reads 3)");
    Files.writeString(file("model.json"), text.replaceFirst("\"layers\":\\[", "\"layers\":[null,"));
    assertRefused("model.json: layers is missing or not what it should be");
    Files.writeString(file("model.json"), text.replaceFirst("\\{", "{\"format\":3,"));
    assertRefused("model.json: it is damaged near line 1");
    Files.writeString(file("model.json"), text.replaceFirst("\"format\":3", "\"format\":4"));
    assertRefused("model.json: its format is 4, written by sparkprop 0.7 (this version reads 3)");
  }

  /** Each is one of the folder's files. */
  @ParameterizedTest
  @ValueSource(strings = {"weights.safetensors", "history.jsonl", "model.json"})
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whatIsNoFileIsRefusedByItsName(String name) throws Exception {
    Path file = file(name);
    Files.delete(file);
    assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
    assertRefused(name + ": it is a named pipe, a socket or a device (must be a file)");
    Files.delete(file);
    Files.createDirectory(file);
    assertRefused(name + ": it is a folder (must be a file)");
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of(name));
    if (name.equals("history.jsonl")) { // without which a folder may be
      assertEquals(List.of(), new ModelFolder(folder.toString(), hadoop).readHistory());
    } else {
      String refused = Refusal.of(this::read);
      assertTrue(refused.contains(name), refused);
    }
  }

  /** Where no checksum tells, as in a folder that an older version has written. */
  @Test
  void whatEditorsAndCopiesDoToAFolderIsReadOrRefused() throws IOException {
    takeChecksumsOut();
    String whole = read();
    String json = Files.readString(file("model.json"));
    String history = Files.readString(file("history.jsonl"));

    Files.writeString(file("model.json"), "\ufeff" + json);
    assertEquals(whole, read(), "a byte-order mark");
    Files.writeString(file("model.json"), json.replaceFirst("\"rows\":100", "\"rows\":1e400"));
    assertRefused("model.json: rows is missing or not what it should be");
    Files.writeString(file("model.json"), json.replaceFirst("\"rows\":100", "\"rows\":-100"));
    assertTrue(Refusal.of(this::read).contains("model.json: "));
    Files.writeString(file("model.json"), json);
    Files.writeString(file("history.jsonl"), history.replace("\n", "\r\n"));
    assertEquals(whole, read(), "line ends of Windows");
    Files.writeString(file("history.jsonl"), history.replaceFirst("\\{", "{\"epoch\":1,"));
    assertRefused("history.jsonl: line 1 is damaged, or cut short");
    Files.writeString(
        file("history.jsonl"), history.replaceFirst("\"rounds\":10", "\"rounds\":1e400"));
    assertRefused("history.jsonl: line 1 has no rounds");
  }

  private void assertRefused(String what) {
    assertEquals("Cannot read model %s: %s".formatted(folder, what), Refusal.of(this::read));
  }

  private String start(Path file, Network network) {
    return Arrays.toString(
        WarmStart.read(file.toString(), hadoop)
            .parameters(network, Preprocessing.raw(FeatureType.FLOAT), warning -> {}));
  }

  private Path resource(String name) throws IOException {
    try (var in = Objects.requireNonNull(DamagedFilesTest.class.getResourceAsStream(name))) {
      return Files.write(scratch.resolve(name), in.readAllBytes());
    }
  }

  private static Network network() {
    return new Network(
        Topology.of(2, LayerSpec.parseList("3 relu, 2 softmax")), Loss.SOFTMAX_CROSS_ENTROPY);
  }

  @Test
  void anyDamageOfArraysOfNumPyIsFoundOrRefused() throws IOException {
    Path file = resource("in_out.npz");
    String whole = start(file, network());
    Fuzz.check(
        file,
        Fuzz::bytes,
        () -> start(file, network()),
        whole,
        InvalidInputException.class,
        "in_out.npz");
    Fuzz.check(
        file,
        DamagedFilesTest::withDamagedArray,
        () -> start(file, network()),
        null,
        InvalidInputException.class,
        "in_out.npz");
    Fuzz.check( // of the arrays themselves as many as of other kinds of files
        file,
        (bytes, random) -> withDamagedArray(bytes, new Random(random.nextLong())),
        () -> start(file, network()),
        null,
        InvalidInputException.class,
        "in_out.npz");
  }

  /** One array is damaged, and the zip around it is whole again. */
  private static byte[] withDamagedArray(byte[] whole, Random random) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int target = random.nextInt(4);
    int number = 0;
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(whole));
        ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        byte[] array = in.readAllBytes();
        out.putNextEntry(new ZipEntry(entry.getName()));
        out.write(number++ == target ? damagedArray(array, random) : array);
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] damagedArray(byte[] array, Random random) {
    String[] words = {
      "999999999",
      "-1",
      "(2147483639,)",
      "(65536, 32767)",
      "()",
      "'<f8'",
      "'|O'",
      "True",
      "''",
      "(" + "9,".repeat(5000) + ")",
      "{".repeat(300),
      "'" + "x".repeat(9000) + "'"
    };
    if (random.nextBoolean()) {
      return Fuzz.bytes(array, random);
    }
    String text = new String(array, StandardCharsets.ISO_8859_1);
    int start = text.indexOf('{');
    int end = text.indexOf('}') + 1;
    String dictionary = text.substring(start, end);
    String word = words[random.nextInt(words.length)];
    String changed =
        switch (random.nextInt(3)) {
          case 0 -> dictionary.replaceFirst("\\([^)]*\\)", word);
          case 1 -> dictionary.replaceFirst("'<f.'", word);
          default -> dictionary.replaceFirst("\\d", word);
        };
    int length = start - 10 + changed.length() + (text.indexOf('\n', end) - end) + 1;
    byte[] damaged =
        (text.substring(0, start) + changed + text.substring(end))
            .getBytes(StandardCharsets.ISO_8859_1);
    damaged[8] = (byte) length;
    damaged[9] = (byte) (length >> 8);
    return damaged;
  }

  @Test
  void anyDamageOfTensorsIsFoundOrRefused() throws IOException {
    Path file = resource("in_out.safetensors");
    Fuzz.check(
        file,
        Fuzz::bytes,
        () -> start(file, network()),
        null,
        InvalidInputException.class,
        "in_out");
    Fuzz.check(
        file,
        (whole, random) -> withHeader(whole, Fuzz.json(header(whole), random)),
        () -> start(file, network()),
        null,
        InvalidInputException.class,
        "in_out");
  }

  @Test
  void checksumsAreOfTheJdkAsOfTheDefinition() {
    CRC32C sum = new CRC32C();
    sum.update("123456789".getBytes(StandardCharsets.US_ASCII));
    assertEquals("e3069283", Checksum.word(sum)); // the check value of the catalogue
  }
}
