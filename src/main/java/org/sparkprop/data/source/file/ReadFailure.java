package org.sparkprop.data.source.file;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkThrowable;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.base.Nearest;
import org.sparkprop.spark.NativePart;
import org.sparkprop.spark.UnseenFile;

/** What Spark says when it cannot read rows, as one line. */
public final class ReadFailure {
  private ReadFailure() {}

  /** Names the file that Spark could not read, and the cause; null if that is not what failed. */
  public static @Nullable String lineOf(Throwable failed) {
    String unseen = UnseenFile.lineOf(failed);
    if (unseen != null) {
      return unseen;
    }
    String notLoaded = NativePart.lineOf(failed);
    if (notLoaded != null) {
      return notLoaded;
    }
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkThrowable spark
          && String.valueOf(spark.getCondition()).startsWith("FAILED_READ_FILE")) {
        Map<String, String> parameters = spark.getMessageParameters();
        Throwable root = cause.getCause() == null ? cause : rootOf(cause.getCause());
        return "Cannot read %s: %s".formatted(parameters.get("path"), sentence(root));
      }
    }
    return null;
  }

  /** The file that Spark could not read, as a path of its file system; null if none is named. */
  static @Nullable String fileOf(Throwable failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkThrowable spark
          && String.valueOf(spark.getCondition()).startsWith("FAILED_READ_FILE")) {
        return URI.create(String.valueOf(spark.getMessageParameters().get("path"))).getPath();
      }
    }
    return null;
  }

  public static InvalidInputException refusal(String name, Throwable failed) {
    return refusal(name, failed, SecondLook.NONE);
  }

  /**
   * The refusal of a source that Spark cannot read.
   *
   * @param name what the user calls it
   * @param look at its files, which tells more than Spark does
   */
  public static InvalidInputException refusal(String name, Throwable failed, SecondLook look) {
    String found = look.lineOf(failed);
    if (found != null) {
      return new InvalidInputException(found, failed);
    }
    String line = lineOf(failed);
    if (line != null) {
      return new InvalidInputException(line, failed);
    }
    Throwable telling = rootOf(failed);
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidInputException known) {
        return known;
      }
      if (cause instanceof SparkThrowable spark && spark.getCondition() != null) {
        telling = cause;
        break;
      }
    }
    return new InvalidInputException(
        "Cannot read %s: %s%s".formatted(name, sentence(telling), wayOut(telling)), failed);
  }

  /** What to do about what Spark says, as far as we know; else nothing. */
  private static String wayOut(Throwable failed) {
    if (!(failed instanceof SparkThrowable spark) || spark.getCondition() == null) {
      return "";
    }
    if (spark.getCondition().equals("COLUMN_ALREADY_EXISTS")) {
      return " (two columns differ in capitals alone; give --conf spark.sql.caseSensitive=true before the command)";
    }
    if (spark.getCondition().equals("DATA_SOURCE_NOT_FOUND")) {
      String source = spark.getMessageParameters().getOrDefault("provider", "");
      List<String> known = Arrays.stream(TableFormat.values()).map(TableFormat::word).toList();
      String version = org.apache.spark.package$.MODULE$.SPARK_VERSION();
      return source.equals("libsvm")
          ? " (it is in Spark's MLlib: give --packages org.apache.spark:spark-mllib_2.13:%s before the command)"
              .formatted(version)
          : Nearest.hint(source, known);
    }
    return "";
  }

  private static Throwable rootOf(Throwable failed) {
    Throwable root = failed;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /** The first sentence of a message, without the names and numbers that Spark gives it. */
  private static String sentence(Throwable failed) {
    String message = failed.getMessage();
    if (message == null || message.isBlank()) {
      return failed.getClass().getSimpleName();
    }
    String line = message.strip().lines().findFirst().orElse("");
    return line.replaceFirst("^\\[[A-Z_.]+\\] ", "")
        .replaceFirst("\\s*SQLSTATE: .*$", "")
        .replaceFirst("\\.( .*)?$", "");
  }
}
