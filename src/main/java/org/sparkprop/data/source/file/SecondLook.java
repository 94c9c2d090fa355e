package org.sparkprop.data.source.file;

import java.net.URI;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Says what Spark does not tell of the files of a table: what is wrong in one, and where. */
public interface SecondLook {
  /** Where Spark's own words have to do. */
  SecondLook NONE = failed -> null;

  /**
   * Tells which columns are read: a value in another cannot be wrong.
   *
   * @param schema of the table, with all columns
   */
  default void uses(StructType schema, Set<String> columns) {}

  /** What may be behind a column that is not there, to go at the end of a message. */
  default String hintOfNames() {
    return "";
  }

  /**
   * The line of a file in which one of its rows begins, from 1; 0 where nobody knows.
   *
   * @param file as Spark names it
   * @param index of the row among those of the file, from 0
   */
  default long lineOf(String file, long index) {
    return 0;
  }

  /** Where the user finds a row: its line in the file, else its number, from 0. */
  default String place(String file, long index) {
    long line = lineOf(file, index);
    return line > 0 ? "line %d of %s".formatted(line, file) : "row %d of %s".formatted(index, file);
  }

  /** Whether a file is the one that Spark names so: its name may be that of a URI. */
  static boolean isSame(Path path, String file) {
    String name = path.toUri().getPath();
    try {
      return name.equals(URI.create(file).getPath());
    } catch (IllegalArgumentException noUri) {
      return name.equals(new Path(file).toUri().getPath());
    }
  }

  /** The line for the user; null if the files tell no more than Spark. */
  @Nullable String lineOf(Throwable failed);
}
