package org.sparkprop.data.source;

import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.source.column.TableFacts;
import org.sparkprop.data.source.column.TableOptions;
import org.sparkprop.data.source.column.TableReading;

/**
 * What {@code --data} names: a data set with named parts. Every row has a {@code row} number that
 * is the same each time it is read, {@code features} and a {@code label}.
 */
public interface RowSource {
  /** The name of the part that is trained on, and of the part that is kept for the end. */
  String TRAIN = "train";

  String TEST = "test";

  /** What stands before the name of a table in Spark's catalog. */
  String CATALOG = "table:";

  /** What {@code --data} can name, for messages. */
  String NAMES = "mnist, spiral, friedman, imbalance, a table or a folder of IDX files";

  /** The same as {@link #of(String, TableOptions, TableOptions)} with nothing said of tables. */
  static RowSource of(String word) {
    return of(word, TableOptions.DEFAULT, TableOptions.DEFAULT);
  }

  /**
   * The data set that the user's word names: {@code mnist}, {@code spiral}, {@code spiral(1000)},
   * {@code friedman(1000)}, {@code imbalance(1000)}, {@code table:db.name}, or a path of a folder
   * of IDX files or of a table. Nothing is read yet.
   *
   * @param given what the user says of a table
   * @param recorded what holds for a table where the user says nothing
   * @throws IllegalArgumentException if the word does not read so, or the data is no table and
   *     something is said of one
   */
  static RowSource of(String word, TableOptions given, TableOptions recorded) {
    String trimmed = word.trim();
    if (trimmed.isEmpty()) {
      throw new IllegalArgumentException("Invalid data: \"\" (must be %s)".formatted(NAMES));
    }
    if (trimmed.startsWith(CATALOG)) {
      return TableSource.ofCatalog(trimmed.substring(CATALOG.length()), given.or(recorded));
    }
    boolean spiral = Spiral.isNamedBy(trimmed);
    boolean simulated = Simulation.isNamedBy(trimmed);
    if (spiral || simulated || trimmed.equals("mnist")) {
      given.refuseFor(trimmed);
      return spiral
          ? Spiral.parse(trimmed)
          : simulated ? Simulation.parse(trimmed) : IdxFolder.mnist();
    }
    return new PathSource(trimmed, given, recorded);
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
   * The part that an evaluation is of unless the user names one; after {@link #prepare}. A table
   * without parts has no other than {@code train}.
   */
  default String partToEvaluate(SparkSession spark) {
    return TEST;
  }

  /**
   * The rows of a part, with the columns {@code row} (long), {@code features} (bytes or numbers)
   * and {@code label} (a number or several); after {@link #prepare}. Those of a table have also
   * {@code weight} (double) and {@code validation} (boolean) where its options name such columns.
   *
   * @throws InvalidInputException if there is no such part, or its files are not what they should
   *     be
   */
  Dataset<Row> rows(SparkSession spark, Part part);

  /** Says, before any row is read, what holds for the numbers of a table. */
  default void readAs(TableReading reading) {}

  /** What is to be remembered of a table, once its rows were asked for; nothing of other data. */
  default TableFacts facts() {
    return TableFacts.NONE;
  }

  /**
   * The refusal of a row, with where the user finds that row, as far as it is known.
   *
   * @param part that was being read
   */
  default InvalidInputException locate(Part part, InvalidInputException refused) {
    return refused;
  }
}
