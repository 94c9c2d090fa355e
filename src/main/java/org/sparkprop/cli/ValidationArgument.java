package org.sparkprop.cli;

import java.util.Arrays;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.HoldOut;
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.source.Part;
import org.sparkprop.data.source.RowSource;
import picocli.CommandLine.Option;

/** The option {@code --validation}: which rows a training run is validated on. */
final class ValidationArgument {
  @Option(
      names = "--validation",
      paramLabel = "ROWS",
      defaultValue = "0",
      description =
          "Rows to validate on after each epoch: a fraction of the training rows (0.1), a Boolean column that is true for them, a part of --data, or a path. Default: ${DEFAULT-VALUE}, which is none.")
  private String word;

  /** For picocli, which fills the field. */
  @SuppressWarnings("NullAway.Init")
  ValidationArgument() {}

  /** What the user wrote. */
  String word() {
    return word;
  }

  /** The word, if it is a name and not a number. */
  @Nullable String name() {
    return number() == null ? word : null;
  }

  /**
   * What the word says by itself; a name may be that of a column or of other rows.
   *
   * @throws IllegalArgumentException if it is a number that makes no share
   */
  HoldOut holdOut() {
    Double share = number();
    return share == null ? HoldOut.OTHER_ROWS : HoldOut.share(share);
  }

  /** The rows to train on, what is held out of them, and other rows to validate on. */
  record Chosen(Dataset<Row> rows, HoldOut holdOut, @Nullable Dataset<Row> others) {}

  /**
   * Finds what a name means: a column of the rows, else a part of the data, else a path.
   *
   * @param rows which have the column as {@link RowFormat#VALIDATION} where a table has it
   * @param part that the rows are
   * @throws InvalidInputException if there is nothing of that name, or it is trained on
   */
  Chosen choose(SparkSession spark, RowSource source, Dataset<Row> rows, Part part) {
    HoldOut holdOut = holdOut();
    if (!holdOut.equals(HoldOut.OTHER_ROWS)) {
      return new Chosen(rows, holdOut, null);
    }
    if (Arrays.asList(rows.schema().fieldNames()).contains(RowFormat.VALIDATION)) {
      return new Chosen(rows, HoldOut.COLUMN, null);
    }
    return new Chosen(rows, holdOut, others(spark, source, part));
  }

  private Dataset<Row> others(SparkSession spark, RowSource source, Part trainedOn) {
    if (isPart(spark, source)) {
      Part part = Part.parse(word);
      if (part.overlaps(trainedOn)) {
        throw new InvalidInputException(
            "Invalid validation: %s, of which rows are trained on (--part is %s; cut it so that the two have no row in common)"
                .formatted(part, trainedOn));
      }
      return source.rows(spark, part);
    }
    RowSource other = source.at(word);
    other.prepare(spark, System.out::println);
    return other.rows(spark, Part.parse(RowSource.TRAIN));
  }

  private boolean isPart(SparkSession spark, RowSource source) {
    try {
      return source.hasPart(spark, Part.parse(word).name());
    } catch (IllegalArgumentException notTheNameOfAPart) {
      return false;
    }
  }

  private @Nullable Double number() {
    try {
      return Double.parseDouble(word.trim());
    } catch (NumberFormatException aName) {
      return null;
    }
  }
}
