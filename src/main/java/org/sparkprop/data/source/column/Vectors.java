package org.sparkprop.data.source.column;

import java.util.HashSet;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.jspecify.annotations.Nullable;

/**
 * Vectors of Spark's machine learning, by the fields that they are stored as: of type 1, dense,
 * with {@code values} alone; or of type 0, sparse, {@code size} zeros but for the {@code values} at
 * {@code indices}.
 */
final class Vectors {
  /** Number of fields. */
  static final int FIELDS = 4;

  private static final int TYPE = 0;
  private static final int SIZE = 1;
  private static final int INDICES = 2;
  private static final int VALUES = 3;

  private Vectors() {}

  private static boolean isDense(InternalRow vector) {
    return vector.getByte(TYPE) == 1;
  }

  /** Numbers of a vector that is well formed. */
  static int width(InternalRow vector) {
    return isDense(vector) ? vector.getArray(VALUES).numElements() : vector.getInt(SIZE);
  }

  /** Why this is no vector, such as {@code a sparse vector of 3 with index 7}; null if it is. */
  static @Nullable String problem(InternalRow vector) {
    if (vector.isNullAt(TYPE) || vector.isNullAt(VALUES)) {
      return "a vector without " + (vector.isNullAt(TYPE) ? "type" : "values");
    }
    byte type = vector.getByte(TYPE);
    if (type == 1) {
      return null;
    }
    if (type != 0) {
      return "a vector of type %d (expected 0 or 1)".formatted(type);
    }
    if (vector.isNullAt(SIZE) || vector.isNullAt(INDICES)) {
      return "a sparse vector without " + (vector.isNullAt(SIZE) ? "size" : "indices");
    }
    int size = vector.getInt(SIZE);
    ArrayData indices = vector.getArray(INDICES);
    int values = vector.getArray(VALUES).numElements();
    if (size < 0) {
      return "a sparse vector of %d numbers".formatted(size);
    }
    if (values != indices.numElements()) {
      return "a sparse vector of %d indices and %d values (expected one for each)"
          .formatted(indices.numElements(), values);
    }
    int last = -1;
    Set<Integer> seen = null; // needed only where indices do not ascend
    for (int i = 0; i < values; i++) {
      if (indices.isNullAt(i)) {
        return "a sparse vector of %d numbers with null as index".formatted(size);
      }
      int index = indices.getInt(i);
      if (index < 0 || index >= size) {
        return "a sparse vector of %d numbers with index %d (expected 0 to %d)"
            .formatted(size, index, size - 1);
      }
      if (index <= last && seen == null) {
        seen = new HashSet<>();
        for (int before = 0; before < i; before++) {
          seen.add(indices.getInt(before));
        }
      }
      if (seen != null && !seen.add(index)) {
        return "a sparse vector of %d numbers with index %d twice".formatted(size, index);
      }
      last = index;
    }
    return null;
  }

  /** All numbers of a vector that is well formed; NaN for null. */
  static double[] toDoubles(InternalRow vector) {
    double[] numbers = new double[width(vector)];
    ArrayData values = vector.getArray(VALUES);
    ArrayData indices = isDense(vector) ? null : vector.getArray(INDICES);
    for (int i = 0; i < values.numElements(); i++) {
      numbers[indices == null ? i : indices.getInt(i)] =
          values.isNullAt(i) ? Double.NaN : values.getDouble(i);
    }
    return numbers;
  }
}
