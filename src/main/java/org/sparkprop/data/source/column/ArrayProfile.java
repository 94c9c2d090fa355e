package org.sparkprop.data.source.column;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import org.sparkprop.spark.InternalRows;

/**
 * What the arrays or vectors of a column are like: how many numbers each has, which must be as many
 * in all rows, and those numbers, place by place.
 */
final class ArrayProfile implements ColumnProfile<ArrayProfile> {
  /** Wider arrays are not looked into. */
  private static final int MAX_PLACES = 1024;

  private final DataType element;
  private final boolean vectors;
  private final int sampled;
  private double lowest = Double.NEGATIVE_INFINITY;
  private double highest = Double.POSITIVE_INFINITY;

  /** The first row of each split, with the number of its numbers. */
  private final TreeMap<Place, Integer> widths = new TreeMap<>();

  /** The first row of each split that has another number than the first there. */
  private final TreeMap<Place, Integer> others = new TreeMap<>();

  private final List<NumberProfile> numbers = new ArrayList<>();
  private Place.@Nullable Finding malformed;
  private transient int split;
  private transient int width;
  private transient boolean differs;

  ArrayProfile(DataType column, int sampled) {
    this.vectors = ColumnKind.of(column) == ColumnKind.VECTOR;
    this.element =
        vectors ? DataTypes.DoubleType : ((ArrayType) InternalRows.stored(column)).elementType();
    this.sampled = sampled;
  }

  private ArrayProfile(DataType element, boolean vectors, int sampled) {
    this.element = element;
    this.vectors = vectors;
    this.sampled = sampled;
  }

  @Override
  public ArrayProfile empty() {
    return new ArrayProfile(element, vectors, sampled).within(lowest, highest);
  }

  /** Counts the numbers of each place beyond these bounds, too. */
  ArrayProfile within(double lowest, double highest) {
    this.lowest = lowest;
    this.highest = highest;
    return this;
  }

  @Override
  public void add(InternalRow row, int at, Cursor cursor) {
    String wrong =
        row.isNullAt(at)
            ? "null"
            : vectors ? Vectors.problem(row.getStruct(at, Vectors.FIELDS)) : null;
    if (wrong != null) {
      malformed = Place.Finding.first(malformed, new Place.Finding(cursor.place(), wrong));
      return;
    }
    if (vectors) {
      InternalRow vector = row.getStruct(at, Vectors.FIELDS);
      checkWidth(Vectors.width(vector), cursor);
      lookInto(vector);
    } else {
      ArrayData array = row.getArray(at);
      checkWidth(array.numElements(), cursor);
      lookInto(array);
    }
  }

  private void checkWidth(int found, Cursor cursor) {
    if (split != cursor.split()) {
      split = cursor.split();
      width = found;
      differs = false;
      widths.put(cursor.place(), found);
    } else if (found != width && !differs) {
      differs = true;
      others.put(cursor.place(), found);
    }
  }

  private boolean looksInto(int width) {
    if (sampled == 0
        || width > MAX_PLACES
        || element.equals(DataTypes.FloatType)
        || element.equals(DataTypes.BooleanType)) {
      return false;
    }
    while (numbers.size() < width) {
      numbers.add(NumberProfile.of(element, sampled, false).within(lowest, highest));
    }
    return true;
  }

  private void lookInto(ArrayData array) {
    if (!looksInto(array.numElements())) {
      return;
    }
    for (int i = 0; i < array.numElements(); i++) {
      numbers.get(i).add(array, i);
    }
  }

  private void lookInto(InternalRow vector) {
    if (!looksInto(Vectors.width(vector))) {
      return;
    }
    double[] values = Vectors.toDoubles(vector);
    for (int i = 0; i < values.length; i++) {
      numbers.get(i).add(values[i]);
    }
  }

  @Override
  public void add(ArrayProfile other) {
    widths.putAll(other.widths);
    others.putAll(other.others);
    malformed = Place.Finding.first(malformed, other.malformed);
    for (int i = 0; i < other.numbers.size(); i++) {
      if (i < numbers.size()) {
        numbers.get(i).add(other.numbers.get(i));
      } else {
        numbers.add(other.numbers.get(i));
      }
    }
  }

  /** The numbers that the first row has; 0 if there is no row. */
  int width() {
    return widths.isEmpty() ? 0 : widths.firstEntry().getValue();
  }

  /** The numbers place by place; none where nobody has looked. */
  List<NumberProfile> numbers() {
    return numbers;
  }

  /**
   * What is wrong with the first row that cannot be used.
   *
   * @param column its name
   * @param expected numbers that a row must have; 0 for as many as the first has
   */
  Place.@Nullable Finding problem(String column, int expected) {
    int wanted = expected == 0 ? width() : expected;
    String why = expected == 0 ? "row 0 has %d" : "the model takes %d";
    Place.Finding first =
        malformed == null
            ? null
            : new Place.Finding(
                malformed.place(), "has %s in column %s".formatted(malformed.text(), column));
    // In a split whose first row is right, the first other one is wrong; else that first row is.
    for (TreeMap<Place, Integer> found : List.of(widths, others)) {
      for (var entry : found.entrySet()) {
        int width = entry.getValue();
        if (width != wanted) {
          first =
              Place.Finding.first(
                  first,
                  new Place.Finding(
                      entry.getKey(),
                      "has %d number%s in column %s (%s)"
                          .formatted(width, width == 1 ? "" : "s", column, why.formatted(wanted))));
          break;
        }
      }
    }
    return first;
  }
}
