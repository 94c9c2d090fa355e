package org.sparkprop.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a safetensors file says.
 *
 * @param metadata words that whoever wrote it has added
 * @param entries its tensors, in the order in which they lie
 */
record SafeTensorsHeader(Map<String, String> metadata, List<Entry> entries) {
  static final String METADATA = "__metadata__";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LONGEST = 100_000_000; // the bound of the reference reader

  /**
   * One tensor.
   *
   * @param type the format's word for its numbers
   * @param shape −1 where it is no size
   * @param from its first byte, counted from the end of the header
   * @param to the byte after its last
   */
  record Entry(String name, String type, List<Integer> shape, long from, long to) {}

  /**
   * Reads the header, and leaves the stream at the first tensor.
   *
   * @throws IOException if it is none
   */
  static SafeTensorsHeader read(InputStream in) throws IOException {
    byte[] lengthBytes = in.readNBytes(Long.BYTES);
    if (lengthBytes.length < Long.BYTES) {
      throw new EOFException("it is cut short within its header");
    }
    long length = ByteBuffer.wrap(lengthBytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > LONGEST) {
      throw new IOException("it is not a safetensors file");
    }
    byte[] json = in.readNBytes((int) length);
    if (json.length < length) {
      throw new EOFException("it is cut short within its header");
    }
    try {
      return of(JSON.readTree(new String(json, StandardCharsets.UTF_8)));
    } catch (JsonProcessingException damaged) {
      throw new IOException("it is not a safetensors file", damaged);
    }
  }

  /** The tensor of that name, null if there is none. */
  @Nullable Entry entry(String name) {
    return entries.stream().filter(entry -> entry.name().equals(name)).findFirst().orElse(null);
  }

  private static SafeTensorsHeader of(JsonNode json) throws IOException {
    if (!json.isObject()) {
      throw new IOException("it is not a safetensors file");
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    json.path(METADATA)
        .properties()
        .forEach(about -> metadata.put(about.getKey(), about.getValue().asText()));
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      if (!field.getKey().equals(METADATA)) {
        entries.add(entry(field.getKey(), field.getValue()));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::from));
    return new SafeTensorsHeader(metadata, List.copyOf(entries));
  }

  private static Entry entry(String name, JsonNode json) {
    List<Integer> shape = new ArrayList<>();
    json.path("shape").forEach(size -> shape.add(size.canConvertToInt() ? size.asInt() : -1));
    JsonNode offsets = json.path("data_offsets");
    return new Entry(
        name,
        json.path("dtype").asText(),
        List.copyOf(shape),
        offsets.path(0).asLong(-1),
        offsets.path(1).asLong(-1));
  }
}
