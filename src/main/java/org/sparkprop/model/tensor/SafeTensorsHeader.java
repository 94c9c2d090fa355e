package org.sparkprop.model.tensor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparkprop.base.OneLine;

/**
 * What a safetensors file says.
 *
 * @param metadata words that whoever wrote it has added
 * @param entries its tensors, in the order in which they lie
 * @param end where the header ends and the data begins
 */
public record SafeTensorsHeader(Map<String, String> metadata, List<Entry> entries, long end) {
  static final String METADATA = "__metadata__";

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

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
   * @param fileLength bytes of the whole file
   * @throws IOException if it is none, or its own checksum is of another
   */
  public static SafeTensorsHeader read(InputStream in, long fileLength) throws IOException {
    byte[] lengthBytes = in.readNBytes(Long.BYTES);
    if (lengthBytes.length < Long.BYTES) {
      throw new EOFException("it is cut short within its header");
    }
    long length = ByteBuffer.wrap(lengthBytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > LONGEST) {
      throw new IOException("it is not a safetensors file");
    }
    byte[] json = length > fileLength ? new byte[0] : in.readNBytes((int) length);
    if (json.length < length) {
      throw new EOFException("it is cut short within its header");
    }
    try {
      SafeTensorsHeader header = of(JSON.readTree(json), Long.BYTES + length);
      Checksum.checkHeader(json, header.metadata());
      return header;
    } catch (JsonProcessingException damaged) {
      throw new IOException("it is not a safetensors file", damaged);
    }
  }

  private static SafeTensorsHeader of(JsonNode json, long end) throws IOException {
    if (!json.isObject()) {
      throw new IOException("it is not a safetensors file");
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> about : json.path(METADATA).properties()) {
      if (!about.getValue().isTextual()) {
        throw new IOException(
            "it is damaged: %s in its metadata is no text"
                .formatted(OneLine.shorten(about.getKey())));
      }
      metadata.put(about.getKey(), about.getValue().textValue());
    }
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      if (!field.getKey().equals(METADATA)) {
        entries.add(entry(field.getKey(), field.getValue()));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::from));
    return new SafeTensorsHeader(metadata, List.copyOf(entries), end);
  }

  private static Entry entry(String name, JsonNode json) {
    List<Integer> shape = new ArrayList<>();
    json.path("shape")
        .forEach(
            size ->
                shape.add(
                    size.isIntegralNumber() && size.canConvertToInt() ? size.intValue() : -1));
    JsonNode offsets = json.path("data_offsets");
    return new Entry(
        name,
        json.path("dtype").asText(),
        List.copyOf(shape),
        offset(offsets.path(0)),
        offset(offsets.path(1)));
  }

  private static long offset(JsonNode json) {
    return json.isIntegralNumber() && json.canConvertToLong() ? json.longValue() : -1;
  }
}
