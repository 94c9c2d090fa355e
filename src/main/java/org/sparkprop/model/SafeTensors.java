package org.sparkprop.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.sparkprop.nn.DenseLayer;
import org.sparkprop.nn.Topology;

/**
 * Parameters in the safetensors format: the length of a JSON header as a little-endian long, the
 * header, then all numbers. The tensors lie in the order of the flat parameter array, so its bytes
 * are the data section: {@code layers.0.weight} (out, in), {@code layers.0.bias} (out), {@code
 * layers.1.weight}, ….
 */
final class SafeTensors {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ALIGNMENT = 8;
  private static final long LONGEST_HEADER = 100_000_000; // the bound of the reference reader
  private static final int CHUNK_FLOATS = 1 << 16;

  private SafeTensors() {}

  /** One tensor of the file: its shape, and where it lies in the parameters. */
  private record Tensor(String name, List<Integer> shape, long at, long length) {}

  static void write(OutputStream out, Topology topology, float[] parameters) throws IOException {
    ObjectNode header = JSON.createObjectNode();
    header.putObject("__metadata__").put("format", "pt");
    for (Tensor tensor : tensors(topology)) {
      ObjectNode entry = header.putObject(tensor.name()).put("dtype", "F32");
      tensor.shape().forEach(entry.putArray("shape")::add);
      entry
          .putArray("data_offsets")
          .add(tensor.at() * Float.BYTES)
          .add((tensor.at() + tensor.length()) * Float.BYTES);
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
    ByteBuffer chunk =
        ByteBuffer.allocate(CHUNK_FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    FloatBuffer floats = chunk.asFloatBuffer();
    for (int at = 0; at < parameters.length; at += CHUNK_FLOATS) {
      int count = Math.min(CHUNK_FLOATS, parameters.length - at);
      floats.put(0, parameters, at, count);
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
    JsonNode header = readHeader(in);
    for (Tensor tensor : tensors(topology)) {
      check(header, tensor);
    }
    float[] parameters = new float[topology.parameterCount()];
    byte[] chunk = new byte[CHUNK_FLOATS * Float.BYTES];
    FloatBuffer floats = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    for (int at = 0; at < parameters.length; at += CHUNK_FLOATS) {
      int count = Math.min(CHUNK_FLOATS, parameters.length - at);
      if (in.readNBytes(chunk, 0, count * Float.BYTES) < count * Float.BYTES) {
        throw new IOException(
            "it is cut short (expected %,d parameters)".formatted(parameters.length));
      }
      floats.get(0, parameters, at, count);
    }
    if (in.read() >= 0) {
      throw new IOException("it goes on after its %,d parameters".formatted(parameters.length));
    }
    return parameters;
  }

  private static JsonNode readHeader(InputStream in) throws IOException {
    byte[] lengthBytes = in.readNBytes(Long.BYTES);
    if (lengthBytes.length < Long.BYTES) {
      throw new EOFException("it is cut short within its header");
    }
    long length = ByteBuffer.wrap(lengthBytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > LONGEST_HEADER) {
      throw new IOException("it is not a safetensors file");
    }
    byte[] json = in.readNBytes((int) length);
    if (json.length < length) {
      throw new EOFException("it is cut short within its header");
    }
    try {
      return JSON.readTree(new String(json, StandardCharsets.UTF_8));
    } catch (JsonProcessingException damaged) {
      throw new IOException("it is not a safetensors file", damaged);
    }
  }

  private static void check(JsonNode header, Tensor tensor) throws IOException {
    JsonNode entry = header.get(tensor.name());
    if (entry == null) {
      throw new IOException("it has no tensor " + tensor.name());
    }
    List<Integer> shape = new ArrayList<>();
    entry.path("shape").forEach(size -> shape.add(size.asInt(-1)));
    String type = entry.path("dtype").asText();
    if (!type.equals("F32") || !shape.equals(tensor.shape())) {
      throw new IOException(
          "tensor %s is %s %s (expected F32 %s)"
              .formatted(tensor.name(), type, shape, tensor.shape()));
    }
    if (entry.path("data_offsets").path(0).asLong(-1) != tensor.at() * Float.BYTES) {
      throw new IOException("tensor %s is out of order".formatted(tensor.name()));
    }
  }

  private static List<Tensor> tensors(Topology topology) {
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < topology.layers().size(); i++) {
      DenseLayer layer = topology.layers().get(i);
      tensors.add(
          new Tensor(
              "layers." + i + ".weight",
              List.of(layer.out(), layer.in()),
              layer.weightsAt(),
              (long) layer.out() * layer.in()));
      tensors.add(
          new Tensor("layers." + i + ".bias", List.of(layer.out()), layer.biasesAt(), layer.out()));
    }
    return tensors;
  }
}
