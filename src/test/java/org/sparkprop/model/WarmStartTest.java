package org.sparkprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Refusal;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.Preprocessing.FeatureType;
import org.sparkprop.model.tensor.SafeTensors;
import org.sparkprop.nn.Initializer;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;

/** Files that NumPy wrote, and bytes as the safetensors page says; {@code tensors.py} made them. */
class WarmStartTest {
  private static final Preprocessing PLAIN = Preprocessing.raw(FeatureType.FLOAT);

  /** W0, b0, W1, b1 by the formulas of {@code tensors.py}, as the flat array has them. */
  private static final float[] TWO_LAYERS = {
    -1, -0.75f, 0, 0.25f, 1, 1.25f, 0, 0.125f, 0.25f, 0, 1, 2, -0.5f, 0.5f, 1.5f, 0, -1
  };

  /** S and b0. */
  private static final float[] SQUARE = {
    0, 0.25f, 0.5f, 1, 1.25f, 1.5f, 2, 2.25f, 2.5f, 0, 0.125f, 0.25f
  };

  private static final Configuration HADOOP = new Configuration();

  private final List<String> warnings = new ArrayList<>();

  @TempDir Path scratch;

  private static Network network(int inputs, String layers) {
    return new Network(
        Topology.of(inputs, LayerSpec.parseList(layers)), Loss.SOFTMAX_CROSS_ENTROPY);
  }

  private static Path resource(String file) throws URISyntaxException {
    URL url = Objects.requireNonNull(WarmStartTest.class.getResource(file), file);
    return Path.of(url.toURI());
  }

  private float[] parameters(Path path, Network network) {
    return WarmStart.read(path.toString(), HADOOP).parameters(network, PLAIN, warnings::add);
  }

  private String refusal(Path path, Network network) {
    return Refusal.of(() -> parameters(path, network));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "in_out.npz",
        "out_in_f4.npz",
        "big_endian.npz",
        "half.npz",
        "fortran.npz",
        "unnamed.npz",
        "version_2.npz",
        "version_3.npz",
        "sequential.safetensors",
        "named.safetensors",
        "in_out.safetensors"
      })
  void everyFormOfAFileGivesTheSameParameters(String file) throws URISyntaxException {
    assertArrayEquals(TWO_LAYERS, parameters(resource(file), network(2, "3 relu, 2 softmax")));
    assertEquals(List.of(), warnings);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "words.safetensors | the file: input, hidden",
        "words_alphabetical.safetensors | their names: hidden, output",
        "other_names.safetensors | their names: kernel, kernel_1"
      })
  void namesThatAreNoNumbersAreSaidInTheOrderThatWasTaken(String file, String order)
      throws URISyntaxException {
    Path path = resource(file);

    assertArrayEquals(TWO_LAYERS, parameters(path, network(2, "3 relu, 2 softmax")));
    assertEquals(
        List.of("%s: its layers are taken in the order of %s".formatted(path, order)), warnings);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "square.npz | W0 could be (in, out) or (out, in); read as (in, out), for x @ W + b",
        "square.safetensors | 0.weight could be (in, out) or (out, in); read as (out, in), as"
            + " PyTorch has it"
      })
  void aSquareMatrixAloneIsReadAsItsKindOfFileHasItAndSaysSo(String file, String warning)
      throws URISyntaxException {
    Path path = resource(file);

    assertArrayEquals(SQUARE, parameters(path, network(3, "3 softmax")));
    assertEquals(List.of("%s: %s".formatted(path, warning)), warnings);
  }

  @Test
  void aSquareMatrixAmongOthersLiesAsTheyDo() throws URISyntaxException {
    float[] read = parameters(resource("square_among_others.npz"), network(2, "3 relu, 3 softmax"));

    assertArrayEquals(Arrays.copyOf(TWO_LAYERS, 9), Arrays.copyOf(read, 9));
    assertArrayEquals(SQUARE, Arrays.copyOfRange(read, 9, 21));
    assertEquals(List.of(), warnings);
  }

  /** A hundred thousand numbers, so that they come in several chunks. */
  @Test
  void largeMatricesAreReadInPieces() throws IOException {
    Network wide = network(400, "251 relu, 2 softmax");
    float[] written = new Initializer(Initializer.Kind.NORMAL, 1).parameters(wide.topology(), 3);
    Path file = scratch.resolve("wide.safetensors");
    try (var out = Files.newOutputStream(file)) {
      SafeTensors.write(out, wide.topology(), written);
    }

    assertArrayEquals(written, parameters(file, wide));
  }

  /** Values from the table of binary16 in IEEE 754: largest, smallest normal and subnormal, −0. */
  @Test
  void halfFloatsAreReadToTheLastBit() throws IOException {
    byte[] halves = {-1, 0x7b, 0, 4, 1, 0, 0, (byte) 0x80, 0, (byte) 0xc0, 1, 0x3c};
    Path file = npz(Map.of("W0", npy("<f2", "False", "(2, 3)", halves), "b0", zeros(2)));

    float[] read = parameters(file, network(3, "2 softmax"));

    assertArrayEquals(
        new float[] {65504, 0x1p-14f, 0x1p-24f, -0f, -2, 1 + 0x1p-10f}, Arrays.copyOf(read, 6));
  }

  @Test
  void aModelFolderGivesItsParametersToTheSameNetworkAlone() throws IOException {
    Network network = network(2, "3 relu, 2 softmax");
    float[] own = new Initializer(Initializer.Kind.NORMAL, 1).parameters(network.topology(), 3);
    Path folder = scratch.resolve("model");
    write(folder, new Model(network, PLAIN, List.of("0", "1"), own));

    assertArrayEquals(own, parameters(folder, network));
    assertEquals(
        "Cannot start from %s: it is 2 → 3 relu → 2 softmax, this run is 2 → 4 relu → 2 softmax (must be the same; give --layers \"3 relu, 2 softmax\")"
            .formatted(folder),
        refusal(folder, network(2, "4 relu, 2 softmax")));
    assertEquals(
        "Cannot start from %s: it is 2 → 3 relu → 2 softmax, this run is 2 → 3 tanh → 2 softmax (must be the same; give --layers \"3 relu, 2 softmax\")"
            .formatted(folder),
        refusal(folder, network(2, "3 tanh, 2 softmax")));
    assertEquals(
        "Cannot start from %s: it is 2 → 3 relu → 2 softmax, this run is 5 → 3 relu → 2 softmax (the rows must have 2 features)"
            .formatted(folder),
        refusal(folder, network(5, "3 relu, 2 softmax")));
    assertEquals(
        "Cannot start from %s: it was trained on float features times 1.0, this run has byte features times 0.003921569 (must be the same)"
            .formatted(folder),
        Refusal.of(
            () ->
                WarmStart.read(folder.toString(), HADOOP)
                    .parameters(network, Preprocessing.raw(FeatureType.BYTE), warnings::add)));
    own[3] = Float.NaN;
    write(folder, new Model(network, PLAIN, List.of("0", "1"), own));
    assertEquals(
        "Cannot read model %s: weights.safetensors: layers.0.weight has NaN at [1, 1] (must be finite, as a float)"
            .formatted(folder),
        refusal(folder, network));
  }

  /** The weights of a model folder are a file of tensors like any other. */
  @Test
  void theWeightsOfAModelCanBeNamedThemselves() throws IOException {
    Network network = network(2, "3 relu, 2 softmax");
    float[] own = new Initializer(Initializer.Kind.NORMAL, 1).parameters(network.topology(), 3);
    Path folder = scratch.resolve("model");
    write(folder, new Model(network, PLAIN, List.of("0", "1"), own));

    assertArrayEquals(own, parameters(folder.resolve("weights.safetensors"), network));
    assertEquals(List.of(), warnings);
  }

  @Test
  void otherShapesAreRefusedWithBoth() throws URISyntaxException {
    Path npz = resource("in_out.npz");
    assertEquals(
        "Cannot start from %s: W0 is [2, 3] (must be [4, 2] or [2, 4]) for layer 0 of 2 → 4 relu → 2 softmax"
            .formatted(npz),
        refusal(npz, network(2, "4 relu, 2 softmax")));
    assertEquals(
        "Cannot start from %s: it has 2 layers, this run 1: 2 → 3 softmax".formatted(npz),
        refusal(npz, network(2, "3 softmax")));
    Path sequential = resource("sequential.safetensors");
    assertEquals(
        "Cannot start from %s: 10.weight is [2, 3] (must be [5, 3] or [3, 5]) for layer 1 of 2 → 3 relu → 5 softmax"
            .formatted(sequential),
        refusal(sequential, network(2, "3 relu, 5 softmax")));
  }

  @Test
  void aBiasOfAnotherLengthIsRefused() throws IOException {
    Path file = npz(ordered("W0", npy("<f4", "False", "(2, 3)", new byte[24]), "b0", zeros(3)));
    assertEquals(
        "Cannot start from %s: b0 is [3] (must be [2]) for layer 0 of 3 → 2 softmax"
            .formatted(file),
        refusal(file, network(3, "2 softmax")));
  }

  @Test
  void whatIsNotThereOrOfAnotherKindIsRefusedByName() throws IOException {
    Network network = network(2, "3 softmax");
    Path absent = scratch.resolve("absent.npz");
    assertEquals(
        "Cannot read %s: no such file or folder".formatted(absent), refusal(absent, network));
    Path pickle = Files.writeString(scratch.resolve("model.pt"), "a pickle");
    assertEquals(
        "Cannot read %s: it is of a kind that we do not know (must be a model folder, .safetensors or .npz)"
            .formatted(pickle),
        refusal(pickle, network));
    Path folder = Files.createDirectory(scratch.resolve("folder.npz"));
    assertEquals(
        "Cannot read model %s: it has no model.json".formatted(folder), refusal(folder, network));
    Path empty = Files.createFile(scratch.resolve("empty.npz"));
    assertEquals("Cannot read %s: it is empty".formatted(empty), refusal(empty, network));
    Path text = Files.writeString(scratch.resolve("text.npz"), "W0 = 1 2 3");
    assertEquals(
        "Cannot read %s: it is not a .npz file, or is cut short".formatted(text),
        refusal(text, network));
    Path words = Files.writeString(scratch.resolve("text.safetensors"), "W0 = 1 2 3 4 5 6");
    assertEquals(
        "Cannot read %s: it is not a safetensors file".formatted(words), refusal(words, network));
    assertEquals(
        "Cannot read nowhere://host/a.npz: No FileSystem for scheme \"nowhere\"",
        Refusal.of(() -> WarmStart.read("nowhere://host/a.npz", HADOOP)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"in_out.npz", "half.npz", "named.safetensors"})
  void aFileThatIsCutShortAnywhereIsRefused(String file) throws IOException, URISyntaxException {
    byte[] whole = Files.readAllBytes(resource(file));
    Path cut = scratch.resolve(file);
    for (int length = 1; length < whole.length; length++) {
      Files.write(cut, Arrays.copyOf(whole, length));
      String refused = refusal(cut, network(2, "3 relu, 2 softmax"));
      assertTrue(refused.startsWith("Cannot read %s: it ".formatted(cut)), refused);
    }
  }

  @Test
  void aFlippedBitInAnArrayIsFoundByZip() throws IOException, URISyntaxException {
    byte[] damaged = Files.readAllBytes(resource("in_out.npz"));
    damaged[indexOf(damaged, "(2, 3)".getBytes(StandardCharsets.US_ASCII)) + 80] ^= 1;
    Path file = Files.write(scratch.resolve("damaged.npz"), damaged);

    String refused = refusal(file, network(2, "3 relu, 2 softmax"));

    assertTrue(
        refused.startsWith("Cannot read %s: it is damaged: invalid entry CRC".formatted(file)),
        refused);
  }

  @Test
  void numbersThatAreNotFiniteAreRefusedWithTheirPlace() throws IOException {
    Path nan = npz(ordered("W0", doubles("(2, 3)", 0, 0, 0, 0, Double.NaN, 0), "b0", zeros(2)));
    assertEquals(
        "Cannot read %s: W0 has NaN at [1, 1] (must be finite, as a float)".formatted(nan),
        refusal(nan, network(3, "2 softmax")));
    Path large = npz(ordered("W0", doubles("(2, 3)", 0, 0, 0, 0, 1e300, 0), "b0", zeros(2)));
    assertEquals(
        "Cannot read %s: W0 has Infinity at [1, 1] (must be finite, as a float)".formatted(large),
        refusal(large, network(3, "2 softmax")));
    byte[] infinity = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0x80, (byte) 0xff};
    Path tensors =
        safetensors("{\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}", infinity);
    assertEquals(
        "Cannot read %s: w has -Infinity at [2] (must be finite, as a float)".formatted(tensors),
        refusal(tensors, network(3, "2 softmax")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'<c8' | False | (1, 3) | W0 has numbers of type <c8 (must be f2, f4, f8, i4 or i8)",
        "'<M8[D]' | False | (1, 3) | W0 has numbers of type <M8[D] (must be f2, f4, f8, i4 or i8)",
        "'<U4' | False | (1, 3) | W0 has numbers of type <U4 (must be f2, f4, f8, i4 or i8)",
        "[('a', '<f4')] | False | (1, 3) | W0 has numbers of type [(a (must be f2, f4, f8, i4 or"
            + " i8)",
        "'f4' | False | (1, 3) | W0 has a damaged header",
        "'<f4' | Maybe | (1, 3) | W0 has a damaged header",
        "'<f4' | False | (1, x) | W0 has a damaged header",
        "'<f4' | False | (1, 99999999999) | W0 has a damaged header",
        "'<f4' | False | (99999, 99999) | W0 has the shape [99999, 99999] (must be of at most"
            + " 2,147,483,639 numbers)",
        "'<f4' | True | (1, 3, 1) | W0 has the shape [1, 3, 1] (must be a matrix or a vector)",
        "'<f4' | False | (1, 2) | W0 goes on after its 2 numbers",
        "'<f4' | False | (9, 9) | W0 is cut short",
        "'<f4' | False | (20000, 100000) | W0 has the shape [20000, 100000], more than a file of"
            + " this size has deflated (write it with numpy.savez)"
      },
      quoteCharacter = '"')
  void anArrayThatWeCannotUseIsRefused(String type, String fortran, String shape, String problem)
      throws IOException {
    Path file = npz(ordered("W0", npyOf(type, fortran, shape, new byte[12]), "b0", zeros(1)));
    assertEquals(
        "Cannot read %s: %s".formatted(file, problem), refusal(file, network(3, "2 softmax")));
  }

  @Test
  void arraysOfOtherNamesAreRefusedWithTheRightOnes() throws IOException {
    Network network = network(2, "3 softmax");
    Path missing = npz(ordered("W0", zeros(1), "b0", zeros(1), "W1", zeros(1)));
    assertEquals(
        "Cannot read %s: it has no array b1, but W0, b0, W1 (must be W0, b0, W1, b1)"
            .formatted(missing),
        refusal(missing, network));
    Path more = npz(ordered("W0", zeros(1), "b0", zeros(1), "gamma", zeros(1), "beta", zeros(1)));
    assertEquals(
        "Cannot read %s: it has no array W1, but W0, b0, gamma, beta (must be W0, b0, W1, b1)"
            .formatted(more),
        refusal(more, network));
    Path none = npz(Map.of());
    assertEquals("Cannot read %s: it has no arrays".formatted(none), refusal(none, network));
    Path other = npz(ordered("W0", zeros(1), "b0", zeros(1)), "readme.txt");
    assertEquals(
        "Cannot read %s: it has readme.txt (must be arrays of NumPy alone)".formatted(other),
        refusal(other, network));
    Path alone =
        safetensors(
            "{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", new byte[4]);
    assertEquals(
        "Cannot read %s: a.weight is alone (must be a weight and a bias for each layer; it has a.weight)"
            .formatted(alone),
        refusal(alone, network));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'w':{'dtype':'F8_E4M3','shape':[3],'data_offsets':[0,3]}} | w has numbers of type F8_E4M3"
            + " (must be F16, BF16, F32, F64, I32 or I64)",
        "{'w':{'dtype':'F32','shape':[3],'data_offsets':[4,16]}} | it is damaged: w is F32 [3] and"
            + " lies in bytes 4 to 16 (expected 0 to 12)",
        "{'w':{'dtype':'F32','shape':[4],'data_offsets':[0,12]}} | it is damaged: w is F32 [4] and"
            + " lies in bytes 0 to 12 (expected 0 to 16)",
        "{'w':{'dtype':'F32','shape':[-1],'data_offsets':[0,12]}} | w has the shape [-1] (must be"
            + " of at most 2,147,483,639 numbers)",
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | it goes on after its last tensor",
        "{'w':{'dtype':'F32','shape':[300000000],'data_offsets':[0,1200000000]}} | it is cut short",
        "[1, 2, 3] | it is not a safetensors file"
      },
      quoteCharacter = '"')
  void aTensorThatWeCannotUseIsRefused(String header, String problem) throws IOException {
    Path file = safetensors(header.replace('\'', '"'), new byte[12]);
    assertEquals(
        "Cannot read %s: %s".formatted(file, problem), refusal(file, network(3, "2 softmax")));
  }

  private static BlasOfRun someBlas() {
    BlasOfRun blas = new BlasOfRun();
    blas.add(new BlasOfJvm(BlasOfJvm.DRIVER, "b", ""));
    return blas;
  }

  private static void write(Path folder, Model model) {
    new ModelFolder(folder.toString(), HADOOP)
        .write(
            model,
            ModelDescription.of(model, 1, 1, "", 1, Map.of(), Map.of(), someBlas()),
            List.of(),
            true);
  }

  private static int indexOf(byte[] bytes, byte[] word) {
    for (int i = 0; i + word.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + word.length, word, 0, word.length)) {
        return i;
      }
    }
    throw new AssertionError("it is not there");
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] zeros(int length) {
    return npy("<f4", "False", "(%d,)".formatted(length), new byte[4 * length]);
  }

  private static byte[] doubles(String shape, double... numbers) {
    byte[] data = new byte[8 * numbers.length];
    ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().put(numbers);
    return npy("<f8", "False", shape, data);
  }

  private static byte[] npy(String type, String fortran, String shape, byte[] data) {
    return npyOf("'%s'".formatted(type), fortran, shape, data);
  }

  /** An array in NumPy's format: magic word, version 1.0, length, header, data. */
  private static byte[] npyOf(String type, String fortran, String shape, byte[] data) {
    byte[] header =
        "{'descr': %s, 'fortran_order': %s, 'shape': %s, }\n"
            .formatted(type, fortran, shape)
            .getBytes(StandardCharsets.US_ASCII);
    return littleEndian(10 + header.length + data.length)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) header.length)
        .put(header)
        .put(data)
        .array();
  }

  private static Map<String, byte[]> ordered(Object... namesAndArrays) {
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    for (int i = 0; i < namesAndArrays.length; i += 2) {
      arrays.put((String) namesAndArrays[i], (byte[]) namesAndArrays[i + 1]);
    }
    return arrays;
  }

  private Path npz(Map<String, byte[]> arrays, String... others) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
        zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
        zip.write(array.getValue());
      }
      for (String other : others) {
        zip.putNextEntry(new ZipEntry(other));
      }
    }
    return Files.write(scratch.resolve("arrays.npz"), bytes.toByteArray());
  }

  private Path safetensors(String header, byte[] data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return Files.write(
        scratch.resolve("tensors.safetensors"),
        littleEndian(8 + json.length + data.length)
            .putLong(json.length)
            .put(json)
            .put(data)
            .array());
  }
}
