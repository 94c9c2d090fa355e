package org.sparkprop.data.source.column;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Which columns say what the label says, under another name: the same number in each row, or one of
 * their own for each label and for no other. Nearly all columns are out of it after a few rows, and
 * then cost nothing.
 */
final class LabelCopies implements ColumnProfile<LabelCopies> {
  /** More labels than this are no classes: then only the same numbers count. */
  private static final int MAX_LABELS = 64;

  private final int labelAt;
  private final NumberProfile label;
  private final List<String> names;
  private final int[] at;
  private final NumberProfile[] columns;

  /** Places in {@link #at} of the columns that may be copies. */
  private int[] open;

  /** Of the columns, whether they may be the same number; else they may be of codes. */
  private final boolean[] same;

  private final boolean[] coded;
  private final Map<Double, double[]> codes = new HashMap<>();
  private boolean classes = true;
  private boolean started;

  /**
   * @param label how the label is read, and its column
   * @param names of the columns that may be copies
   * @param columns how they are read, and where
   */
  LabelCopies(
      NumberProfile label, int labelAt, List<String> names, List<NumberProfile> columns, int[] at) {
    this.names = names;
    this.label = label;
    this.labelAt = labelAt;
    this.columns = columns.toArray(NumberProfile[]::new);
    this.at = at;
    this.same = new boolean[at.length];
    this.coded = new boolean[at.length];
    Arrays.fill(same, true);
    Arrays.fill(coded, true);
    this.open = java.util.stream.IntStream.range(0, at.length).toArray();
  }

  @Override
  public LabelCopies empty() {
    return new LabelCopies(label, labelAt, names, List.of(columns), at);
  }

  @Override
  public void add(InternalRow row, int column, Cursor cursor) {
    if (open.length == 0) {
      return;
    }
    started = true;
    double of = label.read(row, labelAt);
    double[] known = classes ? codes.get(of) : null;
    boolean isNew = classes && known == null;
    if (isNew && codes.size() == MAX_LABELS) {
      endClasses();
      isNew = false;
    }
    if (isNew) {
      known = new double[at.length];
      codes.put(of, known);
    }
    boolean closed = false;
    for (int i : open) {
      double value = columns[i].read(row, at[i]);
      same[i] &= value == of;
      if (known != null && isNew) {
        known[i] = value;
      }
      coded[i] &= known != null && known[i] == value; // neither null nor NaN
      closed |= !same[i] && !coded[i];
    }
    if (closed) {
      close();
    }
  }

  private void endClasses() {
    classes = false;
    codes.clear();
    Arrays.fill(coded, false);
    close();
  }

  private void close() {
    open = Arrays.stream(open).filter(this::isOpen).toArray();
    if (open.length == 0) {
      codes.clear();
    }
  }

  @Override
  public void add(LabelCopies other) {
    if (!other.started) {
      return;
    }
    started = true;
    for (int i = 0; i < at.length; i++) {
      same[i] &= other.same[i];
      coded[i] &= other.coded[i];
    }
    if (!other.classes && classes) {
      endClasses();
    }
    if (classes) {
      other.codes.forEach(this::merge);
      if (codes.size() > MAX_LABELS) {
        endClasses();
      }
    }
    close();
  }

  private void merge(double of, double[] values) {
    double[] known = codes.putIfAbsent(of, values);
    for (int i = 0; known != null && i < at.length; i++) {
      coded[i] &= !isOpen(i) || known[i] == values[i];
    }
  }

  private boolean isOpen(int i) {
    return same[i] || coded[i];
  }

  /** What a column is to the label. */
  enum Copy {
    NONE,
    /** The same number in each row. */
    SAME,
    /** A number for each label, and another for each other. */
    CODED
  }

  /** What the column at a place of those that were given is to the label. */
  Copy of(int i) {
    if (!started || !isOpen(i)) {
      return Copy.NONE;
    }
    if (same[i]) {
      return classes && codes.size() < 2 ? Copy.NONE : Copy.SAME;
    }
    long values = codes.values().stream().mapToDouble(known -> known[i]).distinct().count();
    return codes.size() > 1 && values == codes.size() ? Copy.CODED : Copy.NONE;
  }

  /** The names of the columns. */
  List<String> names() {
    return names;
  }
}
