package org.sparkprop.data.source.column;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;

/** What the labels of a table are like, where one of them is no class. */
public final class LabelHint {
  private LabelHint() {}

  /**
   * What to do with such labels; empty if nobody knows.
   *
   * @param rows with the columns of the table as they are
   */
  public static String of(Dataset<Row> rows, ColumnRoles columns) {
    if (columns.labels().size() != 1
        || !ColumnKind.of(columns.labels().get(0).dataType()).isScalar()) {
      return "";
    }
    StructField label = columns.labels().get(0);
    String name = "_sparkprop_label";
    Dataset<Row> labels = rows.select(ColumnRoles.column(label).cast("double").as(name));
    List<Row> different = labels.where(name + " is not null").distinct().takeAsList(3);
    Row bounds =
        labels
            .agg(
                functions.min(name),
                functions.max(name),
                functions.max(functions.col(name).notEqual(functions.rint(functions.col(name)))))
            .head();
    if (bounds.isNullAt(0)) {
      return "";
    }
    double least = bounds.getDouble(0);
    double most = bounds.getDouble(1);
    if (bounds.getBoolean(2)) {
      return "labels are not all whole numbers: for a regression give a linear last layer, \"5 relu, 1\"";
    }
    if (least == 1) {
      return "labels run from 1 to %.0f, and classes from 0: take 1 from each label"
          .formatted(most);
    }
    if (least == -1 && most == 1 && different.size() == 2) {
      return "labels are -1 and 1, and two classes are 0 and 1: write 0 for -1";
    }
    return least < 0 || least > 1
        ? "labels run from %.0f to %.0f, and classes from 0".formatted(least, most)
        : "";
  }
}
