package org.sparkprop.data.source.column;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.types.StructField;
import org.jspecify.annotations.Nullable;
import org.sparkprop.spark.InternalRows;

/** What is looked at of each column of a table, in one scan of all rows. */
final class ColumnLooks {
  /** Different values that are looked at of a column, fewer where there are very many columns. */
  private static final int SAMPLE = 256;

  private static final int MIN_SAMPLE = 8;
  private static final int SAMPLES = 1 << 17;

  private ColumnLooks() {}

  /**
   * A profile for each of the {@code looked} columns, null where nothing is looked at; then, where
   * there may be copies of the label, one that finds them.
   */
  static List<@Nullable ColumnProfile<?>> of(
      List<StructField> looked, ColumnRoles columns, TableReading reading) {
    int sampled = Math.max(MIN_SAMPLE, Math.min(SAMPLE, SAMPLES / looked.size()));
    boolean numbers = reading.offsets() == null || !columns.asked();
    Set<StructField> features = new HashSet<>(columns.features());
    Set<StructField> texts = new HashSet<>(columns.texts());
    List<@Nullable ColumnProfile<?>> profiles = new ArrayList<>();
    for (StructField column : looked) {
      profiles.add(
          texts.contains(column)
              ? new TextProfile(column.name())
              : profile(
                  column,
                  columns,
                  features.contains(column),
                  numbers ? sampled : 0,
                  reading.use()));
    }
    LabelCopies copies = numbers && reading.use() != null ? copies(looked, columns) : null;
    if (copies != null) {
      profiles.add(copies); // reads the columns that it names
    }
    return profiles;
  }

  /** Looks for copies of the label among features of one number; null if there is not one label. */
  private static @Nullable LabelCopies copies(List<StructField> looked, ColumnRoles columns) {
    boolean scalars =
        Stream.concat(columns.features().stream(), columns.labels().stream())
            .allMatch(column -> ColumnKind.of(column.dataType()).isScalar());
    if (!scalars || columns.labels().size() != 1) {
      return null;
    }
    StructField label = columns.labels().get(0);
    return new LabelCopies(
        reader(label),
        looked.indexOf(label),
        List.copyOf(columns.featureNames()),
        columns.features().stream().map(ColumnLooks::reader).toList(),
        columns.features().stream().mapToInt(places(looked)::get).toArray());
  }

  private static NumberProfile reader(StructField column) {
    return NumberProfile.of(InternalRows.stored(column.dataType()), 0, false);
  }

  private static @Nullable ColumnProfile<?> profile(
      StructField column,
      ColumnRoles columns,
      boolean feature,
      int sampled,
      TableReading.@Nullable Use use) {
    if (column.equals(columns.row())) {
      return NumberProfile.of(column.dataType(), sampled, false);
    }
    boolean isTarget = columns.labels().contains(column);
    if (!feature && !isTarget) {
      return null;
    }
    double lowest = use != null && isTarget ? use.lowest() : Double.NEGATIVE_INFINITY;
    double highest = use != null && isTarget ? use.highest() : Double.POSITIVE_INFINITY;
    ColumnKind kind = ColumnKind.of(column.dataType());
    if (kind.isArray()) {
      return new ArrayProfile(column.dataType(), sampled).within(lowest, highest);
    }
    return kind.isScalar() && sampled > 0
        ? NumberProfile.of(
                InternalRows.stored(column.dataType()),
                sampled,
                feature && KeyColumn.isNamed(column.name()))
            .within(lowest, highest)
        : null;
  }

  /** Where each column is looked at first. */
  static Map<StructField, Integer> places(List<StructField> looked) {
    Map<StructField, Integer> places = new HashMap<>();
    for (int i = 0; i < looked.size(); i++) {
      places.putIfAbsent(looked.get(i), i);
    }
    return places;
  }
}
