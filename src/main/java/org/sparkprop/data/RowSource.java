package org.sparkprop.data;

import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What {@code --data} names: a data set with named parts. Every row has a {@code row} number that
 * is the same each time it is read, {@code features} and a {@code label}.
 */
public interface RowSource {
  /** The name of the part that is trained on, and of the part that is kept for the end. */
  String TRAIN = "train";

  String TEST = "test";

  /**
   * The data set that the user's word names: {@code mnist}, {@code spiral}, {@code spiral(1000)},
   * or a folder of IDX files. Nothing is read yet.
   *
   * @throws IllegalArgumentException if the word does not read so
   */
  static RowSource of(String word) {
    String trimmed = word.trim();
    if (trimmed.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid data: \"\" (must be mnist, spiral or a folder of IDX files)");
    }
    if (trimmed.equals("mnist")) {
      return IdxFolder.mnist();
    }
    if (Spiral.isNamedBy(trimmed)) {
      return Spiral.parse(trimmed);
    }
    return IdxFolder.of(trimmed);
  }

  /**
   * Rows of the same form somewhere else.
   *
   * @throws IllegalArgumentException if the word does not read so
   */
  default RowSource at(String word) {
    return of(word);
  }

  /**
   * Makes the data available, which for {@code mnist} may mean to fetch it.
   *
   * @param progress told in one line when something takes long
   * @throws InvalidInputException if that cannot be done
   */
  void prepare(SparkSession spark, Consumer<String> progress);

  /** Whether there is a part of that name; after {@link #prepare}. */
  boolean hasPart(SparkSession spark, String name);

  /**
   * The rows of a part, with the columns {@code row} (long), {@code features} (bytes or numbers)
   * and {@code label} (whole number); after {@link #prepare}.
   *
   * @throws InvalidInputException if there is no such part, or its files are not what they should
   *     be
   */
  Dataset<Row> rows(SparkSession spark, Part part);
}
