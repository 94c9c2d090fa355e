package org.sparkprop.model.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sparkprop.nn.DenseLayer;
import org.sparkprop.nn.Topology;

/** What is to lie in a safetensors file: its tensors, one after the other. */
public record SafeTensorsContent(List<Part> parts) {
  private static final int CHUNK_FLOATS = 1 << 16;

  /** Takes the next bytes of a tensor. */
  @FunctionalInterface
  interface Chunk {
    void take(byte[] bytes, int length) throws IOException;
  }

  /** One tensor. */
  sealed interface Part {
    String name();

    /** The format's word for its numbers. */
    String type();

    List<Integer> shape();

    /** Bytes of all its numbers. */
    long byteCount();

    /** Gives all its bytes, chunk by chunk. */
    void forEachChunk(Chunk next) throws IOException;
  }

  /** A piece of an array of floats, not copied. */
  static final class Floats implements Part {
    private final String name;
    private final List<Integer> shape;
    private final float[] numbers;
    private final int at;
    private final int length;

    Floats(String name, List<Integer> shape, float[] numbers, int at, int length) {
      this.name = name;
      this.shape = shape;
      this.numbers = numbers;
      this.at = at;
      this.length = length;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String type() {
      return "F32";
    }

    @Override
    public List<Integer> shape() {
      return shape;
    }

    @Override
    public long byteCount() {
      return (long) length * Float.BYTES;
    }

    /** Where its first number lies in the array. */
    int at() {
      return at;
    }

    int length() {
      return length;
    }

    @Override
    public void forEachChunk(Chunk next) throws IOException {
      ByteBuffer chunk =
          ByteBuffer.allocate(Math.min(CHUNK_FLOATS, length) * Float.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN);
      FloatBuffer floats = chunk.asFloatBuffer();
      for (int from = at; from < at + length; from += CHUNK_FLOATS) {
        int count = Math.min(CHUNK_FLOATS, at + length - from);
        floats.put(0, numbers, from, count);
        next.take(chunk.array(), count * Float.BYTES);
      }
    }
  }

  /** Text, as bytes. */
  static final class Text implements Part {
    private final String name;
    private final byte[] utf8;

    Text(String name, String text) {
      this.name = name;
      this.utf8 = text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String type() {
      return "U8";
    }

    @Override
    public List<Integer> shape() {
      return List.of(utf8.length);
    }

    @Override
    public long byteCount() {
      return utf8.length;
    }

    @Override
    public void forEachChunk(Chunk next) throws IOException {
      next.take(utf8, utf8.length);
    }
  }

  /** The weights and biases of a network, in the order of the parameter array. */
  public static SafeTensorsContent of(Topology topology, float[] parameters) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < topology.layers().size(); i++) {
      DenseLayer layer = topology.layers().get(i);
      parts.add(
          new Floats(
              "layers." + i + ".weight",
              List.of(layer.out(), layer.in()),
              parameters,
              layer.weightsAt(),
              layer.biasesAt() - layer.weightsAt()));
      parts.add(
          new Floats(
              "layers." + i + ".bias",
              List.of(layer.out()),
              parameters,
              layer.biasesAt(),
              layer.out()));
    }
    return new SafeTensorsContent(parts);
  }

  /** Vectors, each a tensor of one dimension, and after them texts as bytes. */
  public static SafeTensorsContent of(Map<String, float[]> vectors, Map<String, String> texts) {
    List<Part> parts = new ArrayList<>();
    vectors.forEach(
        (name, numbers) ->
            parts.add(new Floats(name, List.of(numbers.length), numbers, 0, numbers.length)));
    texts.forEach((name, text) -> parts.add(new Text(name, text)));
    return new SafeTensorsContent(parts);
  }
}
