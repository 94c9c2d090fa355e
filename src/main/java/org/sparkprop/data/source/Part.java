package org.sparkprop.data.source;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * A named part of a data set, such as {@code train}, or a cut of it by row numbers, such as {@code
 * train[54000:59999]}.
 *
 * @param from the first row
 * @param to the row after the last, {@link Long#MAX_VALUE} for all
 */
public record Part(String name, long from, long to) {
  private static final Pattern FORM =
      Pattern.compile("([A-Za-z][\\w-]*)(?:\\[(\\d{0,18}):(\\d{0,18})\\])?");

  public Part {
    if (from >= to) {
      throw new IllegalArgumentException(
          "Invalid part: %s[%d:%d] (the end must be > the start)".formatted(name, from, to));
    }
  }

  /**
   * Reads {@code name}, {@code name[from:to]}, {@code name[from:]} or {@code name[:to]}, where
   * {@code to} is the row after the last, as in Python.
   */
  public static Part parse(String text) {
    Matcher form = FORM.matcher(text.trim());
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "Invalid part: %s (must be a name such as train, or a cut such as train[0:1000])"
              .formatted(text.trim()));
    }
    boolean whole = form.group(2) == null;
    return new Part(
        form.group(1),
        whole || form.group(2).isEmpty() ? 0 : Long.parseLong(form.group(2)),
        whole || form.group(3).isEmpty() ? Long.MAX_VALUE : Long.parseLong(form.group(3)));
  }

  /** Whether a row may be in both. */
  public boolean overlaps(Part other) {
    return name.equals(other.name) && from < other.to && other.from < to;
  }

  /** The rows of this cut out of all rows of the part, by the column {@code row}. */
  public Dataset<Row> cut(Dataset<Row> rows) {
    if (from == 0 && to == Long.MAX_VALUE) {
      return rows;
    }
    return rows.where(functions.col("row").geq(from).and(functions.col("row").lt(to)));
  }

  @Override
  public String toString() {
    if (from == 0 && to == Long.MAX_VALUE) {
      return name;
    }
    return name + "[" + from + ":" + (to == Long.MAX_VALUE ? "" : to) + "]";
  }
}
