package org.sparkprop.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
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
import org.sparkprop.base.OneLine;

/** The text of {@code history.jsonl}: one {@link EpochRecord} a line. */
public final class HistoryFile {
  private static final String VALIDATION = "validation_";

  private static final ObjectReader STRICT =
      ModelFolder.JSON
          .reader()
          .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

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
   * @throws IOException if a line is not an epoch, or not the next one
   */
  public static List<EpochRecord> read(InputStream in) throws IOException {
    List<EpochRecord> epochs = new ArrayList<>();
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      int number = epochs.size() + 1;
      EpochRecord epoch;
      try {
        epoch = epoch(STRICT.readTree(line));
      } catch (JsonProcessingException damaged) {
        throw new IOException("line %d is damaged, or cut short".formatted(number), damaged);
      } catch (IOException | RuntimeException wrong) {
        throw new IOException("line %d %s".formatted(number, OneLine.reason(wrong)), wrong);
      }
      if (epoch.epoch() != number) {
        throw new IOException(
            "line %d is epoch %d (expected %d)".formatted(number, epoch.epoch(), number));
      }
      if (number > 1 && epoch.rounds() < epochs.get(number - 2).rounds()) {
        throw new IOException("line %d has fewer rounds than the one before".formatted(number));
      }
      epochs.add(epoch);
    }
    return epochs;
  }

  private static EpochRecord epoch(JsonNode line) throws IOException {
    Map<String, Double> validation = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : line.properties()) {
      if (field.getKey().startsWith(VALIDATION) && !field.getValue().isNull()) {
        validation.put(field.getKey().substring(VALIDATION.length()), figure(line, field.getKey()));
      }
    }
    return new EpochRecord(
        Math.toIntExact(count(line, "epoch")),
        count(line, "rounds"),
        count(line, "rows"),
        figure(line, "loss"),
        validation,
        figure(line, "learning_rate"),
        figure(line, "seconds"),
        figure(line, "rows_per_second"),
        line.path("best").booleanValue());
  }

  private static long count(JsonNode line, String name) throws IOException {
    JsonNode number = line.path(name);
    if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
      throw new IOException("has no %s".formatted(name));
    }
    return number.longValue();
  }

  /** A number or, as JSON has no other way to write them, {@code "NaN"} or an infinity. */
  private static double figure(JsonNode line, String name) throws IOException {
    JsonNode number = line.path(name);
    if (number.isNumber()) {
      return number.doubleValue();
    }
    return switch (number.asText()) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> throw new IOException("has no %s".formatted(OneLine.shorten(name)));
    };
  }
}
