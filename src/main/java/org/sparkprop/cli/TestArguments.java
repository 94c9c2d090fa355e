package org.sparkprop.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.source.Part;
import org.sparkprop.data.source.RowSource;
import org.sparkprop.eval.EvaluationJob;
import picocli.CommandLine.Option;

/** The options of {@code train} that say which rows the model is evaluated on at the end. */
final class TestArguments {
  private static final String NONE = "none";

  /** What the user need not name, and which need not be there. */
  private static final Part ANY_TEST = Part.parse(RowSource.TEST);

  @Option(
      names = "--test-part",
      paramLabel = "PART",
      defaultValue = RowSource.TEST,
      description =
          "The part to evaluate on at the end, if there is one; none for no evaluation. Default: ${DEFAULT-VALUE}.")
  private String part;

  @Option(
      names = "--test-data",
      paramLabel = "DATA",
      description =
          "Other data to evaluate on at the end, a table with the same columns. Default: --data.")
  private @Nullable String data;

  /** For picocli, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  TestArguments() {}

  /**
   * Checks what can be checked before Spark starts.
   *
   * @throws IllegalArgumentException naming the option that cannot be
   */
  void check() {
    Part named = Part.parse(part);
    if (data != null) {
      if (named.name().equals(NONE)) {
        throw new IllegalArgumentException(
            "Invalid option: --test-data %s with --test-part none (leave out one of the two)"
                .formatted(data));
      }
      RowSource.of(data);
    }
  }

  /** The options by their names. */
  Map<String, String> words() {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("test-part", part);
    if (data != null) {
      words.put("test-data", data);
    }
    return words;
  }

  /**
   * Checks and packs the test rows, before the work; null if there are none to evaluate on.
   *
   * @param word what names the data that is trained on
   * @param format of the rows that are trained on
   */
  @Nullable LastEvaluation open(
      SparkSession spark, String word, RowSource trainedOn, RowFormat format) {
    Part named = Part.parse(part);
    if (named.name().equals(NONE)) {
      return null;
    }
    RowSource source = trainedOn;
    Part chosen = named;
    if (data != null) {
      source = trainedOn.at(data);
      source.prepare(spark, System.out::println);
      chosen = named.equals(ANY_TEST) ? Part.parse(source.partToEvaluate(spark)) : named;
    } else if (!isThere(source, named, spark)) {
      return null;
    }
    try {
      Dataset<Row> rows = source.rows(spark, chosen);
      EvaluationJob job = EvaluationJob.open(spark, rows, format.named(source + " " + chosen));
      return new LastEvaluation(job, data == null ? word : data, chosen);
    } catch (InvalidInputException refused) {
      throw source.locate(chosen, refused);
    }
  }

  /** Data without a test part need not have one, but a part that was asked for must be there. */
  private static boolean isThere(RowSource source, Part part, SparkSession spark) {
    if (source.hasPart(spark, part.name())) {
      return true;
    }
    if (part.equals(ANY_TEST)) {
      return false;
    }
    throw new InvalidInputException(
        "Cannot find part %s of %s (must be a part that --data has, or none)"
            .formatted(part.name(), source));
  }
}
