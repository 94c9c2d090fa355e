package org.sparkprop.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The text of {@code history.jsonl}: one {@link EpochRecord} a line. */
public final class HistoryFile {
  private static final String VALIDATION = "validation_";

  private HistoryFile() {}

  /** An epoch as a line. */
  static byte[] line(EpochRecord epoch) {
    try {
      String json =
          ModelFolder.JSON
              .writer()
              .without(SerializationFeature.INDENT_OUTPUT)
              .writeValueAsString(epoch);
      return (json + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** All epochs, a line each. */
  public static byte[] lines(List<EpochRecord> epochs) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    epochs.forEach(epoch -> lines.writeBytes(line(epoch)));
    return lines.toByteArray();
  }

  /**
   * Reads all epochs.
   *
   * @throws IOException if a line is not an epoch
   */
  public static List<EpochRecord> read(InputStream in) throws IOException {
    List<EpochRecord> epochs = new ArrayList<>();
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      epochs.add(epoch(ModelFolder.JSON.readTree(line)));
    }
    return epochs;
  }

  private static EpochRecord epoch(JsonNode line) throws IOException {
    Map<String, Double> validation = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : line.properties()) {
      if (field.getKey().startsWith(VALIDATION) && field.getValue().isNumber()) {
        validation.put(
            field.getKey().substring(VALIDATION.length()), field.getValue().doubleValue());
      }
    }
    return new EpochRecord(
        number(line, "epoch").intValue(),
        number(line, "rounds").longValue(),
        number(line, "rows").longValue(),
        number(line, "loss").doubleValue(),
        validation,
        number(line, "learning_rate").doubleValue(),
        number(line, "seconds").doubleValue(),
        number(line, "rows_per_second").doubleValue(),
        line.path("best").booleanValue());
  }

  private static JsonNode number(JsonNode line, String name) throws IOException {
    JsonNode number = line.path(name);
    if (!number.isNumber()) {
      throw new IOException("a line has no %s".formatted(name));
    }
    return number;
  }
}
