package org.sparkprop.data.source.column;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NumericType;
import org.jspecify.annotations.Nullable;
import org.sparkprop.spark.InternalRows;

/** What a column of a table can be for us. */
public enum ColumnKind {
  NUMBER,
  /** False is 0, true is 1. */
  BOOLEAN,
  BINARY,
  /** An array of numbers or booleans. */
  ARRAY,
  /** A vector of Spark's machine learning, by the fields that it is stored as. */
  VECTOR,
  /** Text, dates and all else. */
  OTHER;

  /** How Spark stores its vectors; see {@link Vectors}. */
  private static final String VECTOR_FIELDS =
      "struct<type:tinyint,size:int,indices:array<int>,values:array<double>>";

  /** Whole numbers up to here are all doubles. */
  private static final double LAST_WHOLE_DOUBLE = 0x1p53;

  private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType);

  public static ColumnKind of(DataType type) {
    DataType stored = InternalRows.stored(type);
    if (stored instanceof NumericType) {
      return NUMBER;
    }
    if (stored instanceof BooleanType) {
      return BOOLEAN;
    }
    if (stored instanceof BinaryType) {
      return BINARY;
    }
    if (stored instanceof ArrayType array) {
      ColumnKind element = of(array.elementType());
      return element == NUMBER || element == BOOLEAN ? ARRAY : OTHER;
    }
    return stored.simpleString().equals(VECTOR_FIELDS) ? VECTOR : OTHER;
  }

  /** Whether one row has one number. */
  public boolean isScalar() {
    return this == NUMBER || this == BOOLEAN;
  }

  /** Whether a row has a list of numbers. */
  boolean isArray() {
    return this == ARRAY || this == VECTOR;
  }

  /**
   * A column of one number, less an offset, as another type of numbers. The offset is taken before
   * the number loses digits.
   *
   * @param type of the column
   */
  static Column number(Column column, DataType type, double offset, String as) {
    if (offset == 0) {
      return column.cast(as);
    }
    boolean isExact =
        type instanceof DecimalType
            || (type instanceof LongType && Math.abs(offset) > LAST_WHOLE_DOUBLE);
    Column precise = type instanceof LongType ? column.cast("decimal(20,0)") : column;
    return isExact
        ? precise.minus(functions.lit(new java.math.BigDecimal(Double.toString(offset)))).cast(as)
        : column.cast("double").minus(functions.lit(offset)).cast(as);
  }

  /**
   * The column as an array of floats; a null stays one.
   *
   * @param offsets what is taken from each number; empty for nothing
   */
  Column toFloats(Column column, double[] offsets) {
    return switch (this) {
      case NUMBER, BOOLEAN -> functions.array(column.cast("float"));
      case ARRAY ->
          offsets.length == 0
              ? column.cast("array<float>")
              : functions
                  .udf((UDF1<scala.collection.Seq<Double>, float[]>) x -> array(x, offsets), FLOATS)
                  .apply(column.cast("array<double>"));
      case VECTOR ->
          functions.udf((UDF1<Row, float[]>) row -> vector(row, offsets), FLOATS).apply(column);
      case BINARY, OTHER -> throw new IllegalStateException(this + " is no array of floats");
    };
  }

  private static float @Nullable [] array(
      scala.collection.@Nullable Seq<Double> values, double[] offsets) {
    if (values == null) {
      return null;
    }
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      Double value = values.apply(i);
      floats[i] = value == null ? Float.NaN : (float) (value - offset(offsets, i));
    }
    return floats;
  }

  /** The numbers of a vector; null if there is none, or a malformed one, which others name. */
  private static float @Nullable [] vector(@Nullable Row fields, double[] offsets) {
    if (fields == null || fields.isNullAt(0) || fields.isNullAt(3)) {
      return null;
    }
    boolean dense = fields.getByte(0) == 1;
    if (!dense && (fields.isNullAt(1) || fields.isNullAt(2))) {
      return null;
    }
    List<Double> values = fields.getList(3);
    float[] floats = new float[dense ? values.size() : Math.max(0, fields.getInt(1))];
    if (offsets.length > 0 && !dense) {
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) -offset(offsets, i);
      }
    }
    List<Integer> indices = dense ? List.of() : fields.getList(2);
    if (!dense && indices.size() != values.size()) {
      return null;
    }
    int stored = 0;
    for (Double value : values) {
      int at = dense ? stored : indices.get(stored);
      if (at < 0 || at >= floats.length) {
        return null;
      }
      floats[at] = value == null ? Float.NaN : (float) (value - offset(offsets, at));
      stored++;
    }
    return floats;
  }

  private static double offset(double[] offsets, int at) {
    return at < offsets.length ? offsets[at] : 0;
  }
}
