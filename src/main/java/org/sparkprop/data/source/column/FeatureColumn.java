package org.sparkprop.data.source.column;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.Caller;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.Preprocessing.FeatureType;
import org.sparkprop.data.source.file.SecondLook;
import org.sparkprop.spark.InternalRows;

/**
 * The features of rows that need no label and no number, such as are predicted.
 *
 * @param width number of features
 * @param widths numbers that each column has; empty if nobody knows
 * @param checks what must hold of the columns that they come from, once these are known
 */
@DefaultSerializer(JavaSerializer.class)
public record FeatureColumn(
    int width, List<Integer> widths, Preprocessing preprocessing, List<Check> checks)
    implements Serializable {
  /** The column that {@link #append} adds. */
  public static final String NAME = "_sparkprop_features";

  /** Of columns that are not known yet. */
  public FeatureColumn(int width, List<Integer> widths, Preprocessing preprocessing) {
    this(width, widths, preprocessing, List.of());
  }

  /**
   * What a list of numbers must be like.
   *
   * @param at its column in the rows
   * @param width numbers that it must have; 0 for any
   */
  @DefaultSerializer(JavaSerializer.class)
  record Check(int at, String column, boolean vector, int width) implements Serializable {
    /** What is wrong with a row, as the end of a message; null if nothing is. */
    @Nullable String problem(InternalRow row) {
      if (row.isNullAt(at)) {
        return "null in column %s".formatted(column);
      }
      String malformed = vector ? Vectors.problem(row.getStruct(at, Vectors.FIELDS)) : null;
      if (malformed != null) {
        return "%s in column %s".formatted(malformed, column);
      }
      int found =
          vector
              ? Vectors.width(row.getStruct(at, Vectors.FIELDS))
              : row.getArray(at).numElements();
      return width == 0 || found == width
          ? null
          : "%d number%s in column %s (the model takes %d)"
              .formatted(found, found == 1 ? "" : "s", column, width);
    }
  }

  /** The same for features of certain columns of these rows. */
  public FeatureColumn of(Dataset<Row> rows, List<String> features, String name) {
    List<StructField> found = found(rows, features, name);
    List<StructField> all = List.of(rows.schema().fields());
    boolean known = found.size() > 1 && widths.size() == found.size();
    List<Check> checks = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      ColumnKind kind = ColumnKind.of(found.get(i).dataType());
      if (kind == ColumnKind.VECTOR || (kind == ColumnKind.ARRAY && found.size() > 1)) {
        checks.add(
            new Check(
                all.indexOf(found.get(i)),
                found.get(i).name(),
                kind == ColumnKind.VECTOR,
                known ? widths.get(i) : 0));
      }
    }
    return new FeatureColumn(width, widths, preprocessing, List.copyOf(checks));
  }

  /**
   * All columns of the rows, as Spark stores them, and last the features.
   *
   * @param features columns that they come from; empty for the column {@code features}
   * @param name what the user calls the rows, for messages
   * @throws InvalidInputException if a column is not there, or cannot be a feature of this model
   */
  public Dataset<Row> append(Dataset<Row> rows, List<String> features, String name) {
    List<StructField> found = found(rows, features, name);
    // Not by their names: two columns that nobody asks for may have the same.
    return InternalRows.asStored(rows)
        .select(
            functions.col("*"),
            ColumnRoles.features(found, preprocessing.offsets().features(), widths).as(NAME));
  }

  private List<StructField> found(Dataset<Row> rows, List<String> features, String name) {
    List<StructField> found =
        new ColumnSearch(rows, name, Caller.LIBRARY, SecondLook.NONE).features(features);
    FeatureType type = ColumnRoles.featureType(found);
    if (type != preprocessing.features()) {
      throw new InvalidInputException(
          "Cannot use %s: its features are of type %s (the model takes %s)"
              .formatted(name, type.word(), preprocessing.features().word()));
    }
    return found;
  }

  /**
   * Reads the features of one row.
   *
   * @param at their column
   * @param into overwritten from {@code start} on
   * @return what is wrong with them, as the end of a message; null if nothing is
   */
  public @Nullable String decode(InternalRow row, int at, float[] into, int start) {
    for (Check check : checks) {
      String wrong = check.problem(row);
      if (wrong != null) {
        return wrong;
      }
    }
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
