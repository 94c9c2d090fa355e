package org.sparkprop.data.source.column;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.sparkprop.data.source.file.SecondLook;

/** Why a column that should be one of numbers is text: a look at its rows, when it is refused. */
final class TextLook {
  private TextLook() {}

  /**
   * The end of the refusal; empty for text that is nothing else.
   *
   * @param name what the user calls the table
   * @param look at its files
   */
  static String of(Dataset<Row> table, StructField column, String name, SecondLook look) {
    TableScan scan =
        TableScan.of(table, List.of(column), List.of(new TextProfile(column.name())), name, look);
    return scan.column(0) instanceof TextProfile texts ? words(texts, scan) : "";
  }

  /** What stands in a column of text that a person would call one of numbers; empty for others. */
  static String words(TextProfile texts, TableScan scan) {
    Place.Finding first = texts.first();
    if (first == null || !texts.isNumber()) {
      return "";
    }
    String where = scan.words(first.place());
    if (texts.isPlain()) {
      return ": its texts are numbers, such as \"%s\" in %s; make it a column of numbers"
          .formatted(first.text(), where);
    }
    if (texts.hasName()) {
      return ": its name stands in it, as where a header line is repeated; the first text that is no number is \"%s\" in %s"
          .formatted(first.text(), where);
    }
    return ": \"%s\" in %s is no number as we read them (such as 1234.5)%s"
        .formatted(
            first.text(),
            where,
            first.text().indexOf('\ufffd') < 0
                ? ""
                : "; its file seems to be no UTF-8 text: give --read-option encoding=ISO-8859-1");
  }
}
