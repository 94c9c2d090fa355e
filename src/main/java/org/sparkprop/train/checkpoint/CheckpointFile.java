package org.sparkprop.train.checkpoint;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.model.BlasOfRun;
import org.sparkprop.model.HistoryFile;
import org.sparkprop.model.ModelFolder;
import org.sparkprop.spark.BuildVersions;
import org.sparkprop.train.options.LocalSteps;
import org.sparkprop.train.options.Settings;

/**
 * A checkpoint together with the run that it is of, as it lies in a file.
 *
 * @param place the file
 */
public record CheckpointFile(String place, Origin origin, Checkpoint checkpoint) {
  private static final String FORMAT = "sparkprop checkpoint 2";

  /** The same without checksums. */
  private static final String FIRST_FORMAT = "sparkprop checkpoint 1";

  private static final ObjectReader STRICT =
      ModelFolder.JSON
          .reader()
          .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /**
   * What may be another when a run goes on: only the BLAS is part of the bits, and there is a
   * warning.
   */
  private static final Set<String> FREE = Set.of("partitions", "reduction", "max-seconds", "blas");

  private static final int MAX_ECHO = 100;

  private static final Logger LOG = System.getLogger(CheckpointFile.class.getName());

  /**
   * What a run trains on, and how.
   *
   * @param options all of them, by their names on the command line
   * @param localSteps the number that was measured, where the option leaves it open
   * @param fingerprint from {@code RunFingerprint}; empty where older versions have written it
   * @param blas what its rows were multiplied with so far, as {@link BlasOfRun#name} says it
   */
  record Origin(
      Map<String, String> options,
      long rows,
      long validationRows,
      long localSteps,
      String blas,
      String version,
      @JsonSetter(nulls = Nulls.AS_EMPTY) Map<String, String> fingerprint) {
    /** That of a run before its first round. */
    static Origin of(
        Map<String, String> options,
        long rows,
        long validationRows,
        Map<String, String> fingerprint) {
      String version = BuildVersions.all().getOrDefault("sparkprop", "");
      return new Origin(options, rows, validationRows, 0, "", version, fingerprint);
    }

    Origin withLocalSteps(LocalSteps steps) {
      return new Origin(options, rows, validationRows, steps.steps(), blas, version, fingerprint);
    }

    Origin withBlas(String blas) {
      return new Origin(options, rows, validationRows, localSteps, blas, version, fingerprint);
    }
  }

  /** What is to lie in a file. */
  public static CheckpointFolder.Content content(Origin origin, Checkpoint checkpoint) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", FORMAT);
    try {
      metadata.put("run", ModelFolder.JSON.writeValueAsString(origin));
      metadata.put("numbers", ModelFolder.JSON.writeValueAsString(checkpoint.numbers()));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
    if (checkpoint.ending() != null) {
      metadata.put("ending", checkpoint.ending());
    }
    metadata.put(
        "history", new String(HistoryFile.lines(checkpoint.history()), StandardCharsets.UTF_8));
    return new CheckpointFolder.Content(metadata, checkpoint.vectors());
  }

  /**
   * Reads the last checkpoint; null if there is none.
   *
   * @throws InvalidInputException if it cannot be read
   */
  public static @Nullable CheckpointFile last(CheckpointFolder folder) {
    return folder.last(CheckpointFile::of);
  }

  private static CheckpointFile of(CheckpointFolder.Saved saved) {
    String place = saved.place();
    Map<String, String> metadata = saved.content().metadata();
    String format = metadata.get("format");
    if (!FORMAT.equals(format) && !FIRST_FORMAT.equals(format)) {
      throw refused(
          place,
          "it is %s (this version reads %s)"
              .formatted(
                  format == null
                      ? "no checkpoint"
                      : format.substring(0, Math.min(format.length(), MAX_ECHO)),
                  FORMAT));
    }
    byte[] history = metadata.getOrDefault("history", "").getBytes(StandardCharsets.UTF_8);
    try {
      Origin origin = STRICT.readValue(metadata.getOrDefault("run", ""), Origin.class);
      Checkpoint checkpoint =
          new Checkpoint(
              STRICT.readValue(metadata.getOrDefault("numbers", ""), Checkpoint.Numbers.class),
              saved.content().vectors(),
              HistoryFile.read(new ByteArrayInputStream(history)),
              metadata.get("ending"));
      String problem = checkpoint.problem(origin.rows());
      if (problem == null) {
        return new CheckpointFile(place, origin, checkpoint);
      }
      throw refused(place, "it is damaged: " + problem);
    } catch (IOException | NullPointerException damaged) {
      throw refused(place, "it is damaged");
    }
  }

  /**
   * Refuses to go on with options that change the bits.
   *
   * @throws InvalidInputException naming the first such option
   */
  void checkOptions(Map<String, String> options) {
    String difference = difference(origin.options(), options);
    if (difference != null) {
      throw refused(place, difference + " (must be the same; delete the checkpoint to begin anew)");
    }
  }

  /**
   * The first option that two runs of the same bits cannot differ in, in words; null for none. A
   * run that was written before there was a setting had its default.
   */
  static @Nullable String difference(Map<String, String> before, Map<String, String> options) {
    Set<String> names = new TreeSet<>(before.keySet());
    names.addAll(options.keySet());
    names.removeAll(FREE);
    for (String name : names) {
      String then = before.getOrDefault(name, Settings.defaultText(name));
      String now = options.getOrDefault(name, "none");
      if (!then.equals(now)) {
        return "that run has --%s %s, this one %s".formatted(name, then, now);
      }
    }
    return null;
  }

  /**
   * Refuses to go on with other rows, and warns where the same bits cannot be promised.
   *
   * @throws InvalidInputException with both numbers of rows
   */
  void checkOrigin(Origin now) {
    if (origin.rows() != now.rows() || origin.validationRows() != now.validationRows()) {
      throw refused(
          place,
          "that run has %,d rows and %,d for validation, this one %,d and %,d (must be the same rows)"
              .formatted(origin.rows(), origin.validationRows(), now.rows(), now.validationRows()));
    }
    now.fingerprint()
        .forEach(
            (what, number) -> {
              if (!origin.fingerprint().getOrDefault(what, number).equals(number)) {
                throw refused(
                    place,
                    "that run has other %s than this one (must be the same; delete the checkpoint to begin anew)"
                        .formatted(what));
              }
            });
    warn("sparkprop " + origin.version(), "sparkprop " + now.version());
  }

  private void warn(String then, String now) {
    if (!then.equals(now)) {
      LOG.log(
          Logger.Level.WARNING,
          "{0} was made with {1}, the run goes on with {2}: the bits may differ from those of a run"
              + " that was not cut off",
          place,
          then,
          now);
    }
  }

  static InvalidInputException refused(String place, String why) {
    return new InvalidInputException("Cannot resume from %s: %s".formatted(place, why));
  }
}
