package org.sparkprop.data;

import java.util.Set;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Says what is wrong in a file that Spark could not read, which Spark itself tells badly. */
interface SecondLook {
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

  /** The line for the user; null if the files tell no more than Spark. */
  @Nullable String lineOf(Throwable failed);
}
