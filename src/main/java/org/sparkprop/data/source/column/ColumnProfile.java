package org.sparkprop.data.source.column;

import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * What the values of a column are like, counted row by row. It is the same for any order of the
 * rows and any way in which Spark cuts them.
 *
 * @param <P> itself
 */
interface ColumnProfile<P extends ColumnProfile<P>> extends Serializable {
  /**
   * Counts a row.
   *
   * @param at the column
   * @param cursor where the row lies
   */
  void add(InternalRow row, int at, Cursor cursor);

  /** Adds what another has counted of other rows. */
  void add(P other);

  /** The same with no row counted. */
  P empty();
}
