package org.sparkprop.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.StructField;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.Preprocessing.FeatureType;

/**
 * The features of rows that need no label and no number, such as are predicted.
 *
 * @param width number of features
 */
public record FeatureColumn(int width, Preprocessing preprocessing) implements Serializable {
  /** The column that {@link #append} adds. */
  public static final String NAME = "_sparkprop_features";

  /**
   * All columns of the rows, as Spark stores them, and last the features.
   *
   * @param features columns that they come from; empty for the column {@code features}
   * @param name what the user calls the rows, for messages
   * @throws InvalidInputException if a column is not there, or cannot be a feature of this model
   */
  public Dataset<Row> append(Dataset<Row> rows, List<String> features, String name) {
    List<StructField> found = new ColumnSearch(rows.schema(), name).features(features);
    FeatureType type = TableColumns.featureType(found);
    if (type != preprocessing.features()) {
      throw new InvalidInputException(
          "Cannot use %s: its features are of type %s (the model takes %s)"
              .formatted(name, type.word(), preprocessing.features().word()));
    }
    Dataset<Row> stored = InternalRows.asStored(rows);
    Column[] columns =
        Arrays.stream(rows.schema().fields()).map(TableColumns::column).toArray(Column[]::new);
    Column[] all = Arrays.copyOf(columns, columns.length + 1);
    all[columns.length] = TableColumns.features(found).as(NAME);
    return stored.select(all);
  }

  /**
   * Reads the features of one row.
   *
   * @param at their column
   * @param into overwritten from {@code start} on
   * @return what is wrong with them, as the end of a message; null if nothing is
   */
  public @Nullable String decode(InternalRow row, int at, float[] into, int start) {
    if (row.isNullAt(at)) {
      return "no features (expected %d)".formatted(width);
    }
    return switch (preprocessing.features()) {
      case BYTE -> decodeBytes(row.getBinary(at), into, start);
      case FLOAT -> decodeFloats(row.getArray(at), into, start);
    };
  }

  private @Nullable String decodeBytes(byte[] bytes, float[] into, int start) {
    if (bytes.length != width) {
      return wrongWidth(bytes.length);
    }
    preprocessing.decode(bytes, 0, width, into, start);
    return null;
  }

  private @Nullable String decodeFloats(ArrayData features, float[] into, int start) {
    if (features.numElements() != width) {
      return wrongWidth(features.numElements());
    }
    for (int i = 0; i < width; i++) {
      float feature = features.isNullAt(i) ? Float.NaN : features.getFloat(i);
      if (!Float.isFinite(feature)) {
        return "%s as feature %d (expected a finite number)"
            .formatted(features.isNullAt(i) ? "null" : feature, i);
      }
      into[start + i] = feature;
    }
    preprocessing.prepare(into, start, width);
    return null;
  }

  private String wrongWidth(int found) {
    return "%d features (expected %d)".formatted(found, width);
  }
}
