package org.sparkprop.model;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.OneLine;
import org.sparkprop.model.tensor.Checksum;

/**
 * The text of {@code model.json}: a {@link ModelDescription} with the checksums of the files beside
 * it, and one of its own, over the words and numbers alone: spaces may change. A file without is
 * read, too.
 *
 * @param checksums of the files of the folder, by their names; empty in old ones
 */
record DescriptionFile(ModelDescription description, Map<String, String> checksums) {
  private static final String FORMAT = "format";
  private static final String CHECKSUM = "checksum";
  private static final String CHECKSUMS = "checksums";
  private static final String VERSIONS = "versions";
  private static final String SPARKPROP = "sparkprop";

  private static final ObjectMapper STRICT =
      ModelFolder.JSON
          .copy()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);

  static {
    STRICT.getFactory().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
  }

  /** What stands in the file besides the description. */
  private static final class Envelope {
    final CRC32C sum = new CRC32C();
    final Map<String, String> checksums = new java.util.LinkedHashMap<>();
    String format = "none";
    String version = "";
    @Nullable String checksum;
  }

  void writeTo(OutputStream out) throws IOException {
    ObjectNode json = ModelFolder.JSON.valueToTree(description);
    json.remove(CHECKSUM);
    ObjectNode files = json.putObject(CHECKSUMS);
    checksums.forEach(files::put);
    byte[] text = ModelFolder.JSON.writeValueAsBytes(json);
    json.put(CHECKSUM, Checksum.word(envelope(text).sum));
    ModelFolder.JSON.writeValue(out, json);
  }

  /**
   * Reads and checks the text.
   *
   * @throws IOException if it is damaged, with what is wrong
   * @throws IllegalArgumentException if it makes no sense
   */
  static DescriptionFile read(byte[] text) throws IOException {
    try {
      Envelope envelope = envelope(text);
      if (!envelope.format.equals(String.valueOf(ModelDescription.FORMAT))) {
        throw new IOException(
            "its format is %s%s (this version reads %d)"
                .formatted(
                    OneLine.shorten(envelope.format),
                    envelope.version.isEmpty()
                        ? ""
                        : ", written by sparkprop " + OneLine.shorten(envelope.version),
                    ModelDescription.FORMAT));
      }
      String found = Checksum.word(envelope.sum);
      if (envelope.checksum != null && !envelope.checksum.equals(found)) {
        throw new IOException(
            "it has been changed or damaged: its checksum is %s (expected %s; whoever changed it on purpose takes the line \"%s\" out)"
                .formatted(found, OneLine.shorten(envelope.checksum), CHECKSUM));
      }
      ModelDescription description = STRICT.readValue(text, ModelDescription.class);
      checkWhole("it", description);
      return new DescriptionFile(description, envelope.checksums);
    } catch (JsonMappingException wrong) {
      throw new IOException(
          "%s is missing or not what it should be".formatted(placeOf(wrong)), wrong);
    } catch (JacksonException damaged) {
      JsonLocation place = damaged.getLocation();
      throw new IOException(
          "it is damaged near line %d".formatted(place == null ? 1 : place.getLineNr()), damaged);
    }
  }

  private static String placeOf(JsonMappingException wrong) {
    if (wrong.getPath().isEmpty() || wrong.getPath().get(0).getFieldName() == null) {
      return "something";
    }
    return OneLine.shorten(wrong.getPath().get(0).getFieldName());
  }

  /** Goes through all words and numbers but its own checksum. */
  private static Envelope envelope(byte[] text) throws IOException {
    Envelope envelope = new Envelope();
    try (JsonParser json = STRICT.getFactory().createParser(text)) {
      int depth = 0;
      String field = ""; // of the outermost object
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token.isStructEnd()) {
          depth--;
        }
        boolean isName = token == JsonToken.FIELD_NAME;
        if (isName && depth == 1) {
          field = json.currentName();
        }
        boolean isOwn = depth == 1 && field.equals(CHECKSUM);
        if (!isOwn) {
          envelope.sum.update(token.id());
          if (token.isScalarValue() || isName) {
            byte[] word = json.getText().getBytes(StandardCharsets.UTF_8);
            envelope.sum.update(word);
            envelope.sum.update(0xff); // which is in no UTF-8: words do not run together
          }
        }
        if (token.isScalarValue()) {
          String value = json.getText();
          if (isOwn) {
            envelope.checksum = value;
          } else if (depth == 1 && field.equals(FORMAT)) {
            envelope.format = value;
          } else if (depth == 2 && field.equals(CHECKSUMS)) {
            envelope.checksums.put(json.currentName(), value);
          } else if (depth == 2 && field.equals(VERSIONS) && SPARKPROP.equals(json.currentName())) {
            envelope.version = value;
          }
        }
        if (token.isStructStart()) {
          depth++;
        }
      }
    }
    return envelope;
  }

  /** Refuses null wherever our own files have none. */
  private static void checkWhole(String name, @Nullable Object value) throws IOException {
    if (value == null) {
      throw new IOException("%s is missing or not what it should be".formatted(name));
    }
    if (value instanceof Collection<?> list) {
      for (Object element : list) {
        checkWhole(name, element);
      }
    } else if (value instanceof Map<?, ?> map) {
      for (Object element : map.values()) {
        checkWhole(name, element);
      }
    } else if (value instanceof Record) {
      for (RecordComponent part : value.getClass().getRecordComponents()) {
        if (!part.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
          checkWhole(ModelFolder.snakeCase(part.getName()), valueOf(part, value));
        }
      }
    }
  }

  private static @Nullable Object valueOf(RecordComponent part, Object of) {
    try {
      part.getAccessor().setAccessible(true);
      return part.getAccessor().invoke(of);
    } catch (IllegalAccessException | InvocationTargetException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
