package org.sparkprop.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparkprop.nn.DenseLayer;
import org.sparkprop.nn.Topology;

/**
 * Parameters in the safetensors format: the length of a JSON header as a little-endian long, the
 * header, then all numbers. In the files that we write, the tensors lie in the order of the flat
 * parameter array, so its bytes are the data section: {@code layers.0.weight} (out, in), {@code
 * layers.0.bias} (out), {@code layers.1.weight}, ….
 */
final class SafeTensors {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ALIGNMENT = 8;
  private static final int CHUNK_FLOATS = 1 << 16;

  private SafeTensors() {}

  /** One tensor: its shape, and where its numbers lie, counted in numbers. */
  private record Place(String name, List<Integer> shape, long at, int length) {}

  static void write(OutputStream out, Topology topology, float[] parameters) throws IOException {
    writeHeader(out, Map.of("format", "pt"), places(topology));
    writeNumbers(out, parameters);
  }

  /** Writes vectors, each a tensor of one dimension, in the order of the map. */
  static void write(OutputStream out, Map<String, String> metadata, Map<String, float[]> vectors)
      throws IOException {
    List<Place> places = new ArrayList<>();
    long at = 0;
    for (Map.Entry<String, float[]> vector : vectors.entrySet()) {
      int length = vector.getValue().length;
      places.add(new Place(vector.getKey(), List.of(length), at, length));
      at += length;
    }
    writeHeader(out, metadata, places);
    for (float[] vector : vectors.values()) {
      writeNumbers(out, vector);
    }
  }

  private static void writeHeader(
      OutputStream out, Map<String, String> metadata, List<Place> places) throws IOException {
    ObjectNode header = JSON.createObjectNode();
    ObjectNode about = header.putObject(SafeTensorsHeader.METADATA);
    metadata.forEach(about::put);
    for (Place place : places) {
      ObjectNode entry = header.putObject(place.name()).put("dtype", "F32");
      place.shape().forEach(entry.putArray("shape")::add);
      entry
          .putArray("data_offsets")
          .add(place.at() * Float.BYTES)
          .add((place.at() + place.length()) * Float.BYTES);
    }
    byte[] json = JSON.writeValueAsBytes(header);
    int padding = -json.length & ALIGNMENT - 1;
    ByteBuffer start =
        ByteBuffer.allocate(Long.BYTES + json.length + padding).order(ByteOrder.LITTLE_ENDIAN);
    start.putLong(json.length + padding).put(json);
    while (start.hasRemaining()) {
      start.put((byte) ' ');
    }
    out.write(start.array());
  }

  private static void writeNumbers(OutputStream out, float[] numbers) throws IOException {
    ByteBuffer chunk =
        ByteBuffer.allocate(CHUNK_FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    FloatBuffer floats = chunk.asFloatBuffer();
    for (int at = 0; at < numbers.length; at += CHUNK_FLOATS) {
      int count = Math.min(CHUNK_FLOATS, numbers.length - at);
      floats.put(0, numbers, at, count);
      out.write(chunk.array(), 0, count * Float.BYTES);
    }
  }

  /**
   * Reads the parameters of a network back.
   *
   * @throws IOException if the file is not whole, or its tensors are not those of the topology,
   *     with what was found and wanted
   */
  static float[] read(InputStream in, Topology topology) throws IOException {
    SafeTensorsHeader header = SafeTensorsHeader.read(in);
    for (Place place : places(topology)) {
      check(header, place);
    }
    float[] parameters = new float[topology.parameterCount()];
    try {
      NumberType.F32.read(in, ByteOrder.LITTLE_ENDIAN, parameters, 0, parameters.length);
    } catch (EOFException cut) {
      throw new IOException(
          "it is cut short (expected %,d parameters)".formatted(parameters.length), cut);
    }
    if (in.read() >= 0) {
      throw new IOException("it goes on after its %,d parameters".formatted(parameters.length));
    }
    return parameters;
  }

  /**
   * Reads the tensors of any safetensors file, in the order in which they lie.
   *
   * @throws IOException if the file is not whole, or has numbers that we cannot use
   */
  static List<Tensor> read(InputStream in) throws IOException {
    List<Tensor> tensors = new ArrayList<>();
    long at = 0;
    for (SafeTensorsHeader.Entry entry : SafeTensorsHeader.read(in).entries()) {
      NumberType type = typeOf(entry);
      float[] values = numbers(in, entry, type, at);
      tensors.add(new Tensor(entry.name(), entry.shape(), values));
      at = entry.to();
    }
    if (in.read() >= 0) {
      throw new IOException("it goes on after its last tensor");
    }
    return tensors;
  }

  /**
   * Reads vectors back, of any finite or other value.
   *
   * @param header already read from {@code in}
   * @throws IOException if the file is not whole, or is none that we have written
   */
  static Map<String, float[]> readVectors(SafeTensorsHeader header, InputStream in)
      throws IOException {
    Map<String, float[]> vectors = new LinkedHashMap<>();
    long at = 0;
    for (SafeTensorsHeader.Entry entry : header.entries()) {
      if (!entry.type().equals(NumberType.F32.name()) || entry.shape().size() != 1) {
        throw new IOException("%s is no vector of F32".formatted(entry.name()));
      }
      vectors.put(entry.name(), numbers(in, entry, NumberType.F32, at));
      at = entry.to();
    }
    if (in.read() >= 0) {
      throw new IOException("it goes on after its last vector");
    }
    return vectors;
  }

  /** The numbers of a tensor, which must lie where the one before it ends. */
  private static float[] numbers(
      InputStream in, SafeTensorsHeader.Entry entry, NumberType type, long at) throws IOException {
    int length = Tensor.length(entry.name(), entry.shape());
    long end = at + (long) length * type.bytes;
    if (entry.from() != at || entry.to() != end) {
      throw new IOException(
          "it is damaged: %s is %s %s and lies in bytes %d to %d (expected %d to %d)"
              .formatted(entry.name(), type, entry.shape(), entry.from(), entry.to(), at, end));
    }
    return type.read(in, ByteOrder.LITTLE_ENDIAN, length);
  }

  private static NumberType typeOf(SafeTensorsHeader.Entry entry) throws IOException {
    for (NumberType type : NumberType.values()) {
      if (type.name().equals(entry.type())) {
        return type;
      }
    }
    throw new IOException(
        "%s has numbers of type %s (must be F16, BF16, F32, F64, I32 or I64)"
            .formatted(entry.name(), entry.type()));
  }

  private static void check(SafeTensorsHeader header, Place place) throws IOException {
    SafeTensorsHeader.Entry entry = header.entry(place.name());
    if (entry == null) {
      throw new IOException("it has no tensor " + place.name());
    }
    if (!entry.type().equals("F32") || !entry.shape().equals(place.shape())) {
      throw new IOException(
          "tensor %s is %s %s (expected F32 %s)"
              .formatted(place.name(), entry.type(), entry.shape(), place.shape()));
    }
    if (entry.from() != place.at() * Float.BYTES) {
      throw new IOException("tensor %s is out of order".formatted(place.name()));
    }
  }

  private static List<Place> places(Topology topology) {
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < topology.layers().size(); i++) {
      DenseLayer layer = topology.layers().get(i);
      places.add(
          new Place(
              "layers." + i + ".weight",
              List.of(layer.out(), layer.in()),
              layer.weightsAt(),
              layer.biasesAt() - layer.weightsAt()));
      places.add(
          new Place("layers." + i + ".bias", List.of(layer.out()), layer.biasesAt(), layer.out()));
    }
    return places;
  }
}
