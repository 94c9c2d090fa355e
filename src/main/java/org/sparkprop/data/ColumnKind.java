package org.sparkprop.data;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.UserDefinedType;
import org.jspecify.annotations.Nullable;

/** What a column of a table can be for us. */
enum ColumnKind {
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

  /**
   * How Spark stores its vectors: type 1 is dense and has {@code values} alone, type 0 is sparse.
   */
  private static final String VECTOR_FIELDS =
      "struct<type:tinyint,size:int,indices:array<int>,values:array<double>>";

  static ColumnKind of(DataType type) {
    DataType stored = stored(type);
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

  /** What values of a type are to Spark itself: those of a user-defined type are of another. */
  static DataType stored(DataType type) {
    return type instanceof UserDefinedType<?> defined ? defined.sqlType() : type;
  }

  /** Whether one row has one number. */
  boolean isScalar() {
    return this == NUMBER || this == BOOLEAN;
  }

  /** The column as an array of floats; a null stays one. */
  Column toFloats(Column column) {
    return switch (this) {
      case NUMBER, BOOLEAN -> functions.array(column.cast("float"));
      case ARRAY -> column.cast("array<float>");
      case VECTOR ->
          functions
              .udf(
                  (UDF1<Row, float[]>) ColumnKind::vector,
                  DataTypes.createArrayType(DataTypes.FloatType))
              .apply(column);
      case BINARY, OTHER -> throw new IllegalStateException(this + " is no array of floats");
    };
  }

  private static float @Nullable [] vector(@Nullable Row fields) {
    if (fields == null) {
      return null;
    }
    boolean dense = fields.getByte(0) == 1;
    Iterable<Double> values = fields.<Double>getList(3);
    float[] floats = new float[dense ? fields.getList(3).size() : fields.getInt(1)];
    int stored = 0;
    for (double value : values) {
      floats[dense ? stored : fields.<Integer>getList(2).get(stored)] = (float) value;
      stored++;
    }
    return floats;
  }
}
