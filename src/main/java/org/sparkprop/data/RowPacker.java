package org.sparkprop.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.RowProblem;
import org.sparkprop.data.Preprocessing.FeatureType;
import scala.Tuple2;

/**
 * Checks the rows of one task and gives them as fragments, by shard. It holds at most {@value
 * #MAX_BYTES} bytes of packed rows at a time; at the first row that cannot be used it gives that
 * problem and stops.
 */
final class RowPacker implements Iterator<Tuple2<Integer, Fragment>> {
  private static final long MAX_BYTES = 16 << 20;

  // The columns of RowFormat.select.
  private static final int ROW = 0;
  private static final int FEATURES = 1;
  private static final int LABEL = 2;
  private static final int WEIGHT = 3;
  private static final int FLAG = 4;

  private final Iterator<InternalRow> rows;
  private final RowFormat format;
  private final Division division;
  private final boolean flagged;

  /** Features and then targets of the row that is packed. */
  private final byte[] record;

  /** The record's features, where they are floats. */
  private final FloatBuffer features;

  /** The record's targets. */
  private final FloatBuffer targets;

  private Iterator<Tuple2<Integer, Fragment>> packed = Collections.emptyIterator();
  private boolean stopped;

  RowPacker(Iterator<InternalRow> rows, RowFormat format, Division division) {
    this.rows = rows;
    this.format = format;
    this.division = division;
    this.flagged = division.readsColumn();
    int rowBytes = format.rowBytes();
    this.record = new byte[Math.toIntExact(rowBytes + format.labels().targetBytes())];
    ByteBuffer bytes = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    this.features = bytes.asFloatBuffer();
    this.targets =
        bytes
            .slice(rowBytes, record.length - rowBytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
  }

  @Override
  public boolean hasNext() {
    while (!packed.hasNext() && !stopped && rows.hasNext()) {
      packed = pack();
    }
    return packed.hasNext();
  }

  @Override
  public Tuple2<Integer, Fragment> next() {
    return packed.next();
  }

  private Iterator<Tuple2<Integer, Fragment>> pack() {
    Map<Integer, Fragment> fragments = new TreeMap<>();
    long bytes = 0;
    while (rows.hasNext() && bytes < MAX_BYTES) {
      InternalRow row = rows.next();
      RowProblem problem = packRow(row, fragments);
      if (problem != null) {
        stopped = true;
        return List.of(new Tuple2<>(0, Fragment.of(problem))).iterator();
      }
      bytes += format.packedRowBytes();
    }
    List<Tuple2<Integer, Fragment>> pairs = new ArrayList<>(fragments.size());
    fragments.forEach(
        (shard, fragment) -> {
          fragment.trim();
          pairs.add(new Tuple2<>(shard, fragment));
        });
    return pairs.iterator();
  }

  private @Nullable RowProblem packRow(InternalRow row, Map<Integer, Fragment> fragments) {
    if (row.isNullAt(ROW)) {
      return new RowProblem(-1, "Cannot use %s: a row has no number".formatted(format.name()));
    }
    long number = row.getLong(ROW);
    if (flagged && row.isNullAt(FLAG)) {
      return problem(number, "has no %s (expected true or false)".formatted(RowFormat.VALIDATION));
    }
    int shard = division.shardOf(number, flagged && row.getBoolean(FLAG));
    if (shard < 0) {
      return null;
    }
    RowProblem problem = check(row, number);
    if (problem != null) {
      return problem;
    }
    RowProblem wrong =
        format.features() == FeatureType.BYTE
            ? packBytes(number, row.getBinary(FEATURES))
            : packFloats(number, row.getArray(FEATURES));
    if (wrong != null) {
      return wrong;
    }
    boolean isClass = format.labels().isClass();
    if (!isClass) {
      targets.put(0, row.getArray(LABEL).toFloatArray());
    }
    int label = isClass ? (int) row.getDouble(LABEL) : 0;
    float weight = format.weighted() ? (float) row.getDouble(WEIGHT) : 1;
    fragments.computeIfAbsent(shard, key -> Fragment.of(format)).add(number, label, weight, record);
    return null;
  }

  private @Nullable RowProblem check(InternalRow row, long number) {
    if (row.isNullAt(FEATURES)) {
      return problem(number, "has no features (expected %d)".formatted(format.width()));
    }
    if (row.isNullAt(LABEL)) {
      return problem(number, "has no label (expected %s)".formatted(format.labels().expected()));
    }
    RowProblem label =
        format.labels().isClass()
            ? checkClass(number, row.getDouble(LABEL))
            : checkTargets(number, row.getArray(LABEL));
    if (label != null || !format.weighted()) {
      return label;
    }
    double weight = row.isNullAt(WEIGHT) ? Double.NaN : row.getDouble(WEIGHT);
    if (!(weight >= 0 && weight <= Float.MAX_VALUE)) {
      return problem(
          number,
          "has weight %s (expected a number >= 0)"
              .formatted(row.isNullAt(WEIGHT) ? "null" : weight));
    }
    return null;
  }

  private @Nullable RowProblem checkClass(long number, double label) {
    if (label >= 0 && label < format.labels().size() && label == Math.rint(label)) {
      return null;
    }
    return problem(
        number,
        "has label %s (expected %s)".formatted(shortest(label), format.labels().expected()));
  }

  private @Nullable RowProblem checkTargets(long number, ArrayData targets) {
    if (targets.numElements() != format.labels().size()) {
      return problem(
          number,
          "has %d labels (expected %s)"
              .formatted(targets.numElements(), format.labels().expected()));
    }
    for (int i = 0; i < targets.numElements(); i++) {
      if (targets.isNullAt(i)) {
        return problem(number, "has no label at place %d (expected a number)".formatted(i));
      }
      String wrong = format.labels().problem(targets.getFloat(i), i);
      if (wrong != null) {
        return problem(number, wrong);
      }
    }
    return null;
  }

  private @Nullable RowProblem packBytes(long number, byte[] from) {
    if (from.length != format.width()) {
      return wrongWidth(number, from.length);
    }
    System.arraycopy(from, 0, record, 0, from.length);
    return null;
  }

  private @Nullable RowProblem packFloats(long number, ArrayData from) {
    if (from.numElements() != format.width()) {
      return wrongWidth(number, from.numElements());
    }
    float[] floats = from.toFloatArray();
    for (int feature = 0; feature < floats.length; feature++) {
      if (from.isNullAt(feature) || !Float.isFinite(floats[feature])) {
        Object found = from.isNullAt(feature) ? "null" : floats[feature];
        return problem(
            number, "has %s as feature %d (expected a finite number)".formatted(found, feature));
      }
    }
    features.put(0, floats);
    return null;
  }

  private RowProblem wrongWidth(long number, int found) {
    return problem(number, "has %d features (expected %d)".formatted(found, format.width()));
  }

  private RowProblem problem(long number, String what) {
    return new RowProblem(
        number, "Cannot use %s: row %d %s".formatted(format.name(), number, what));
  }

  private static String shortest(double label) {
    return label == Math.rint(label) && Math.abs(label) < 1e15
        ? Long.toString((long) label)
        : Double.toString(label);
  }
}
