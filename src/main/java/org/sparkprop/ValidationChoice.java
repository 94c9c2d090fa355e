package org.sparkprop;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.HoldOut;

/**
 * Which rows a run is validated on.
 *
 * @param column true for rows that are held out; null for none
 * @param others to validate on; null for none
 */
record ValidationChoice(HoldOut holdOut, @Nullable String column, @Nullable Dataset<Row> others) {
  static final ValidationChoice NONE = ofShare(0);

  static ValidationChoice ofShare(double share) {
    return new ValidationChoice(HoldOut.share(share), null, null);
  }

  static ValidationChoice ofColumn(String column) {
    return new ValidationChoice(HoldOut.COLUMN, column, null);
  }

  static ValidationChoice of(Dataset<Row> others) {
    return new ValidationChoice(HoldOut.OTHER_ROWS, null, others);
  }

  /** The choice for {@code model.json}. */
  String word() {
    if (column != null) {
      return column;
    }
    return others == null ? Double.toString(holdOut.share()) : "other rows";
  }
}
