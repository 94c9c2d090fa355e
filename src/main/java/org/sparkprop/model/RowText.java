package org.sparkprop.model;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * Says which row it is about, for rows that have no number: what is in it.
 *
 * @param schema of the rows, whose last column the user does not know
 * @param name what the user calls the rows
 */
record RowText(StructType schema, String name) {
  private static final int MAX_CHARACTERS = 200;

  /** One line about a row that cannot be used. */
  String refusal(InternalRow row, String wrong) {
    Row values = (Row) CatalystTypeConverters.createToScalaConverter(schema).apply(row);
    StringBuilder content = new StringBuilder();
    for (int i = 0; i < schema.size() - 1 && content.length() < MAX_CHARACTERS; i++) {
      content.append(i == 0 ? "" : ", ").append(schema.fieldNames()[i]).append(" = ");
      content.append(
          values.get(i) instanceof byte[] bytes ? bytes.length + " bytes" : values.get(i));
    }
    if (content.length() > MAX_CHARACTERS) {
      content.setLength(MAX_CHARACTERS);
      content.append(" …");
    }
    return "Cannot use %s: a row has %s: %s"
        .formatted(name, wrong, content.toString().replaceAll("\\R", " "));
  }
}
