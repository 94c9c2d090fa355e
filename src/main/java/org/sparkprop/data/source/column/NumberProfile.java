package org.sparkprop.data.source.column;

import java.math.BigInteger;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.jspecify.annotations.Nullable;

/** What the numbers of a column are like, in double precision. */
final class NumberProfile implements ColumnProfile<NumberProfile> {
  /** Whole numbers up to here are all floats. */
  private static final long LAST_WHOLE_FLOAT = 1L << 24;

  private static final double LAST_LONG = 0x1p63;

  /** Whole numbers up to here are all doubles, and so are decimals of as many digits. */
  private static final long LAST_WHOLE_DOUBLE = 1L << 53;

  private static final int DIGITS_OF_DOUBLE = 15;

  /** Two numbers of values that are estimated differ if one is so many times the other. */
  private static final double ESTIMATES_DIFFER = 1.2;

  /** How a value is read from a row. */
  private enum Stored {
    BOOLEAN,
    BYTE,
    SHORT,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    DECIMAL;

    static Stored of(DataType type) {
      if (type instanceof BooleanType) {
        return BOOLEAN;
      } else if (type instanceof ByteType) {
        return BYTE;
      } else if (type instanceof ShortType) {
        return SHORT;
      } else if (type instanceof IntegerType) {
        return INT;
      } else if (type instanceof LongType) {
        return LONG;
      } else if (type instanceof FloatType) {
        return FLOAT;
      }
      return type instanceof DecimalType ? DECIMAL : DOUBLE;
    }

    boolean isWhole() {
      return this == BYTE || this == SHORT || this == INT || this == LONG;
    }
  }

  private final Stored stored;
  private final int precision;
  private final int scale;

  /** Values that the sample keeps; 0 for no sample. */
  private final int sampled;

  /** Whether the sample is of all values, and not of whole numbers that are no floats alone. */
  private final boolean samplesAll;

  private final @Nullable Distinct distinct;
  private double lowest = Double.NEGATIVE_INFINITY;
  private double highest = Double.POSITIVE_INFINITY;

  /** Of the numbers that may have more digits than a double: as they are stored; null for none. */
  private @Nullable Distinct stores;

  /** The same numbers as doubles. */
  private @Nullable Distinct doubles;

  long numbers;
  long nulls;

  /** Numbers that lie beyond the {@link #within bounds}. */
  long outside;

  double min = Double.POSITIVE_INFINITY;
  double max = Double.NEGATIVE_INFINITY;
  boolean whole = true;

  /** Whether each number is a float. */
  boolean exact = true;

  /** Of the hashes of all whole numbers. */
  private long hashes;

  /**
   * @param type of the column, for which {@link ColumnKind#isScalar} holds
   * @param sampled different values that are looked at; 0 for none
   * @param samplesAll whether small whole numbers are among them
   */
  static NumberProfile of(DataType type, int sampled, boolean samplesAll) {
    Stored stored = Stored.of(type);
    boolean decimal = type instanceof DecimalType;
    boolean small = stored == Stored.BOOLEAN || stored == Stored.BYTE || stored == Stored.SHORT;
    boolean needless = stored == Stored.FLOAT || (small && !samplesAll);
    return new NumberProfile(
        stored,
        decimal ? ((DecimalType) type).precision() : 0,
        decimal ? ((DecimalType) type).scale() : 0,
        needless ? 0 : sampled,
        samplesAll || !stored.isWhole());
  }

  private NumberProfile(Stored stored, int precision, int scale, int sampled, boolean samplesAll) {
    this.stored = stored;
    this.precision = precision;
    this.scale = scale;
    this.sampled = sampled;
    this.samplesAll = samplesAll;
    this.distinct = sampled == 0 ? null : new Distinct(sampled);
  }

  @Override
  public NumberProfile empty() {
    return new NumberProfile(stored, precision, scale, sampled, samplesAll).within(lowest, highest);
  }

  /** Counts the numbers beyond these bounds, too. */
  NumberProfile within(double lowest, double highest) {
    this.lowest = lowest;
    this.highest = highest;
    return this;
  }

  @Override
  public void add(InternalRow row, int at, Cursor cursor) {
    add(row, at);
  }

  /** The value of a row, not counted; NaN for null. */
  double read(SpecializedGetters row, int at) {
    if (row.isNullAt(at)) {
      return Double.NaN;
    }
    return switch (stored) {
      case BOOLEAN -> row.getBoolean(at) ? 1 : 0;
      case BYTE -> row.getByte(at);
      case SHORT -> row.getShort(at);
      case INT -> row.getInt(at);
      case LONG -> row.getLong(at);
      case FLOAT -> row.getFloat(at);
      case DOUBLE -> row.getDouble(at);
      case DECIMAL -> row.getDecimal(at, precision, scale).toDouble();
    };
  }

  /** Counts a value of a row or of an array. */
  void add(SpecializedGetters row, int at) {
    if (row.isNullAt(at)) {
      nulls++;
      return;
    }
    switch (stored) {
      case BOOLEAN -> add(row.getBoolean(at) ? 1 : 0);
      case BYTE -> add((long) row.getByte(at));
      case SHORT -> add((long) row.getShort(at));
      case INT -> add((long) row.getInt(at));
      case LONG -> add(row.getLong(at));
      case FLOAT -> add((double) row.getFloat(at));
      case DOUBLE -> add(row.getDouble(at));
      case DECIMAL -> add(row.getDecimal(at, precision, scale));
    }
  }

  private void add(Decimal value) {
    double number = value.toDouble();
    if (sampled > 0 && precision > DIGITS_OF_DOUBLE) {
      BigInteger unscaled = value.toJavaBigDecimal().unscaledValue();
      compare(unscaled.longValue() ^ Distinct.hash(unscaled.shiftRight(64).longValue()), number);
    }
    add(number);
  }

  private void compare(long asStored, double number) {
    if (stores == null || doubles == null) {
      stores = new Distinct(sampled);
      doubles = new Distinct(sampled);
    }
    stores.add(asStored);
    doubles.add(Double.doubleToRawLongBits(number + 0.0));
  }

  private void add(long value) {
    hashes += Distinct.hash(value);
    boolean large = value > LAST_WHOLE_FLOAT || value < -LAST_WHOLE_FLOAT;
    if (large) {
      exact &= (long) (float) value == value && (float) value < LAST_LONG;
      if (sampled > 0 && (value > LAST_WHOLE_DOUBLE || value < -LAST_WHOLE_DOUBLE)) {
        compare(value, (double) value);
      }
    }
    if (distinct != null && (large || samplesAll)) {
      distinct.add(value);
    }
    count((double) value);
  }

  /** Counts a number, as one that a vector has. */
  void add(double value) {
    if (!Double.isFinite(value)) {
      return; // the packing names it
    }
    if (value == Math.rint(value) && Math.abs(value) < LAST_LONG) {
      hashes += Distinct.hash((long) value);
    } else {
      whole = false;
    }
    exact &= (float) value == value;
    if (distinct != null) {
      distinct.add(stored.isWhole() ? (long) value : Double.doubleToRawLongBits(value + 0.0));
    }
    count(value);
  }

  private void count(double value) {
    numbers++;
    if (value < min) {
      min = value;
    }
    if (value > max) {
      max = value;
    }
    if (value < lowest || value > highest) {
      outside++;
    }
  }

  @Override
  public void add(NumberProfile other) {
    numbers += other.numbers;
    nulls += other.nulls;
    outside += other.outside;
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
    whole &= other.whole;
    exact &= other.exact;
    hashes += other.hashes;
    if (distinct != null) {
      distinct.add(Objects.requireNonNull(other.distinct));
    }
    if (stores == null || doubles == null) {
      stores = other.stores;
      doubles = other.doubles;
    } else if (other.stores != null && other.doubles != null) {
      stores.add(other.stores);
      doubles.add(other.doubles);
    }
  }

  /** The values of the sample, each once; none where there is no sample. */
  double[] sample() {
    if (distinct == null) {
      return new double[0];
    }
    long[] values = distinct.values();
    double[] numbers = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      numbers[i] = stored.isWhole() ? values[i] : Double.longBitsToDouble(values[i]);
    }
    return numbers;
  }

  /** Whether there is a sample that lacks no value. */
  boolean isSampleComplete() {
    return distinct != null && distinct.isComplete();
  }

  /** How many different values there are, about. */
  double different() {
    return distinct == null ? numbers : distinct.count();
  }

  /** Whether different numbers are one double: whole numbers beyond 2^53, decimals of 16 digits. */
  boolean areLostAsDoubles() {
    if (stores == null || doubles == null) {
      return false;
    }
    boolean counted = stores.isComplete() && doubles.isComplete();
    return stores.count() > doubles.count() * (counted ? 1 : ESTIMATES_DIFFER);
  }

  boolean isConstant() {
    return numbers == 0 || min == max;
  }

  double largest() {
    return numbers == 0 ? 0 : Math.max(Math.abs(min), Math.abs(max));
  }

  /**
   * Whether these are the whole numbers from the first to the last in equal steps, each once, in
   * any order.
   *
   * @return the step; 0 if they are not
   */
  long step() {
    double range = max - min;
    if (!whole || nulls > 0 || numbers < 2 || range == 0 || !(range < 0x1p53)) {
      return 0;
    }
    long step = (long) range / (numbers - 1);
    if (step == 0 || step * (numbers - 1) != (long) range || numbers > 1L << 28) {
      return 0;
    }
    long sum = 0;
    for (long i = 0; i < numbers; i++) {
      sum += Distinct.hash((long) min + i * step);
    }
    return sum == hashes ? step : 0;
  }
}
