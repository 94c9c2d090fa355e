package org.sparkprop.model.tensor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import org.sparkprop.base.OneLine;
import org.sparkprop.nn.Topology;

/**
 * Parameters in the safetensors format: the length of a JSON header as a little-endian long, the
 * header, then all numbers. In the files that we write, the tensors lie in the order of the flat
 * parameter array, so its bytes are the data section: {@code layers.0.weight} (out, in), {@code
 * layers.0.bias} (out), {@code layers.1.weight}, …. The metadata has a {@link Checksum} of each;
 * files without are read too.
 */
public final class SafeTensors {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ALIGNMENT = 8;
  private static final String TEXT = "U8";

  private SafeTensors() {}

  public static void write(OutputStream out, Topology topology, float[] parameters)
      throws IOException {
    write(out, Map.of("format", "pt"), SafeTensorsContent.of(topology, parameters));
  }

  /** Writes tensors, with their checksums among the metadata. */
  public static void write(
      OutputStream out, Map<String, String> metadata, SafeTensorsContent content)
      throws IOException {
    out.write(header(Checksum.added(metadata, content), content));
    for (SafeTensorsContent.Part part : content.parts()) {
      part.forEachChunk((bytes, length) -> out.write(bytes, 0, length));
    }
  }

  private static byte[] header(Map<String, String> metadata, SafeTensorsContent content)
      throws IOException {
    ObjectNode header = JSON.createObjectNode();
    ObjectNode about = header.putObject(SafeTensorsHeader.METADATA);
    metadata.forEach(about::put);
    long at = 0;
    for (SafeTensorsContent.Part part : content.parts()) {
      ObjectNode entry = header.putObject(part.name()).put("dtype", part.type());
      part.shape().forEach(entry.putArray("shape")::add);
      entry.putArray("data_offsets").add(at).add(at + part.byteCount());
      at += part.byteCount();
    }
    byte[] json = JSON.writeValueAsBytes(header);
    int padding = -json.length & ALIGNMENT - 1;
    byte[] padded = new byte[json.length + padding];
    System.arraycopy(json, 0, padded, 0, json.length);
    for (int i = json.length; i < padded.length; i++) {
      padded[i] = ' ';
    }
    Checksum.seal(padded);
    return ByteBuffer.allocate(Long.BYTES + padded.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(padded.length)
        .put(padded)
        .array();
  }

  /**
   * Reads the parameters of a network back.
   *
   * @param fileLength bytes of the whole file
   * @throws IOException if the file is not whole, its tensors are not those of the topology, with
   *     what was found and wanted, or a number is not finite
   */
  public static float[] read(InputStream in, long fileLength, Topology topology)
      throws IOException {
    SafeTensorsHeader header = SafeTensorsHeader.read(in, fileLength);
    checkTensors(header, topology);
    // Before memory is taken: what the header and model.json say may be invented.
    long wanted = header.end() + (long) topology.parameterCount() * Float.BYTES;
    if (fileLength < wanted) {
      throw new EOFException(
          "it is cut short (expected %,d parameters)".formatted(topology.parameterCount()));
    }
    if (fileLength > wanted) {
      throw new IOException(
          "it goes on after its %,d parameters".formatted(topology.parameterCount()));
    }
    float[] parameters = new float[topology.parameterCount()];
    CRC32C all = new CRC32C();
    for (SafeTensorsContent.Part part : SafeTensorsContent.of(topology, parameters).parts()) {
      SafeTensorsContent.Floats tensor = (SafeTensorsContent.Floats) part;
      CRC32C sum = new CRC32C();
      InputStream summed = new CheckedInputStream(new CheckedInputStream(in, all), sum);
      NumberType.F32.read(
          summed, ByteOrder.LITTLE_ENDIAN, parameters, tensor.at(), tensor.length());
      Checksum.checkTensor(tensor.name(), sum, header.metadata());
      Tensor.checkFinite(tensor.name(), tensor.shape(), parameters, tensor.at(), tensor.length());
    }
    Checksum.checkAll(all, header.metadata());
    return parameters;
  }

  /**
   * Reads the tensors of any safetensors file, in the order in which they lie.
   *
   * @param fileLength bytes of the whole file
   * @throws IOException if the file is not whole, or has numbers that we cannot use
   */
  public static List<Tensor> read(InputStream in, long fileLength) throws IOException {
    List<Tensor> tensors = new ArrayList<>();
    SafeTensorsHeader header = SafeTensorsHeader.read(in, fileLength);
    long at = 0;
    for (SafeTensorsHeader.Entry entry : header.entries()) {
      NumberType type = typeOf(entry);
      lengthOf(entry, type.name(), type.bytes, at);
      at = entry.to();
    }
    checkLength(header, fileLength, at, "tensor");
    for (SafeTensorsHeader.Entry entry : header.entries()) {
      NumberType type = typeOf(entry);
      int length = lengthOf(entry, type.name(), type.bytes, entry.from());
      CRC32C sum = new CRC32C();
      float[] values = type.read(new CheckedInputStream(in, sum), ByteOrder.LITTLE_ENDIAN, length);
      Checksum.checkTensor(entry.name(), sum, header.metadata());
      tensors.add(new Tensor(entry.name(), entry.shape(), values));
    }
    return tensors;
  }

  /**
   * Reads vectors back, of any finite or other value, and texts.
   *
   * @param header already read from {@code in}
   * @param texts those found are added
   * @throws IOException if the file is not whole, or is none that we have written
   */
  public static Map<String, float[]> readVectors(
      SafeTensorsHeader header, InputStream in, long fileLength, Map<String, String> texts)
      throws IOException {
    long at = 0;
    for (SafeTensorsHeader.Entry entry : header.entries()) {
      boolean isText = entry.type().equals(TEXT);
      if (entry.shape().size() != 1 || !(isText || entry.type().equals(NumberType.F32.name()))) {
        throw new IOException("%s is no vector of F32".formatted(OneLine.shorten(entry.name())));
      }
      lengthOf(entry, entry.type(), isText ? 1 : Float.BYTES, at);
      at = entry.to();
    }
    checkLength(header, fileLength, at, "vector");
    Map<String, float[]> vectors = new LinkedHashMap<>();
    CRC32C all = new CRC32C();
    for (SafeTensorsHeader.Entry entry : header.entries()) {
      CRC32C sum = new CRC32C();
      InputStream summed = new CheckedInputStream(new CheckedInputStream(in, all), sum);
      int length = entry.shape().get(0);
      if (entry.type().equals(TEXT)) {
        texts.put(entry.name(), text(summed, length));
      } else {
        vectors.put(entry.name(), NumberType.F32.read(summed, ByteOrder.LITTLE_ENDIAN, length));
      }
      Checksum.checkTensor(entry.name(), sum, header.metadata());
    }
    Checksum.checkAll(all, header.metadata());
    return vectors;
  }

  private static String text(InputStream in, int length) throws IOException {
    byte[] text = in.readNBytes(length);
    if (text.length < length) {
      throw new EOFException("it is cut short");
    }
    return new String(text, StandardCharsets.UTF_8);
  }

  /** The elements of a tensor, which must lie where the one before it ends. */
  private static int lengthOf(SafeTensorsHeader.Entry entry, String type, int bytes, long at)
      throws IOException {
    String name = OneLine.shorten(entry.name());
    int length = Tensor.length(name, entry.shape());
    long end = at + (long) length * bytes;
    if (entry.from() != at || entry.to() != end) {
      throw new IOException(
          "it is damaged: %s is %s %s and lies in bytes %d to %d (expected %d to %d)"
              .formatted(
                  name, type, Tensor.words(entry.shape()), entry.from(), entry.to(), at, end));
    }
    return length;
  }

  /** Refuses a file that is shorter or longer than its header says, before memory is taken. */
  private static void checkLength(SafeTensorsHeader header, long fileLength, long data, String what)
      throws IOException {
    if (fileLength - header.end() < data) {
      throw new EOFException("it is cut short");
    }
    if (fileLength - header.end() > data) {
      throw new IOException("it goes on after its last %s".formatted(what));
    }
  }

  private static NumberType typeOf(SafeTensorsHeader.Entry entry) throws IOException {
    for (NumberType type : NumberType.values()) {
      if (type.name().equals(entry.type())) {
        return type;
      }
    }
    throw new IOException(
        "%s has numbers of type %s (must be F16, BF16, F32, F64, I32 or I64)"
            .formatted(OneLine.shorten(entry.name()), OneLine.shorten(entry.type())));
  }

  private static void checkTensors(SafeTensorsHeader header, Topology topology) throws IOException {
    Map<String, SafeTensorsHeader.Entry> entries = new HashMap<>();
    header.entries().forEach(entry -> entries.put(entry.name(), entry));
    long at = 0;
    for (SafeTensorsContent.Part part : SafeTensorsContent.of(topology, new float[0]).parts()) {
      SafeTensorsHeader.Entry entry = entries.remove(part.name());
      if (entry == null) {
        throw new IOException("it has no tensor " + part.name());
      }
      if (!entry.type().equals("F32") || !entry.shape().equals(part.shape())) {
        throw new IOException(
            "tensor %s is %s %s (expected F32 %s)"
                .formatted(
                    part.name(),
                    OneLine.shorten(entry.type()),
                    Tensor.words(entry.shape()),
                    part.shape()));
      }
      if (entry.from() != at || entry.to() != at + part.byteCount()) {
        throw new IOException("tensor %s is out of order".formatted(part.name()));
      }
      at = entry.to();
    }
    if (!entries.isEmpty()) {
      throw new IOException(
          "it has a tensor %s, which no layer has"
              .formatted(OneLine.shorten(entries.keySet().iterator().next())));
    }
  }
}
