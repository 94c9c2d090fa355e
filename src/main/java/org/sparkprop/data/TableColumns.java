package org.sparkprop.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.Preprocessing.FeatureType;

/**
 * What the columns of a table are.
 *
 * @param features in the order in which a row has them
 * @param labels one, or several that make an array
 * @param row the whole number of a row, null if the table has none
 * @param weight null for none
 * @param validation null for none
 */
record TableColumns(
    List<StructField> features,
    List<StructField> labels,
    @Nullable StructField row,
    @Nullable StructField weight,
    @Nullable StructField validation) {
  private static final int MOST_NAMES = 8;

  /** Every column of the table that is read, once. */
  List<Column> read() {
    return fields().map(TableColumns::column).toList();
  }

  /** The names of these columns. */
  Set<String> readNames() {
    return fields().map(StructField::name).collect(Collectors.toSet());
  }

  private Stream<StructField> fields() {
    return Stream.of(features.stream(), labels.stream(), Stream.of(row, weight, validation))
        .flatMap(columns -> columns)
        .filter(column -> column != null)
        .distinct();
  }

  /**
   * The columns {@code features} (binary, or an array of float), {@code label} (double, or an array
   * of float) and, where there are any, {@code row}, {@code weight} and {@code validation}.
   */
  List<Column> select() {
    List<Column> selected = new ArrayList<>();
    if (row != null) {
      selected.add(column(row).cast("long").as("row"));
    }
    selected.add(features(features).as("features"));
    boolean one = labels.size() == 1 && ColumnKind.of(labels.get(0).dataType()).isScalar();
    selected.add((one ? column(labels.get(0)).cast("double") : floats(labels)).as("label"));
    if (weight != null) {
      selected.add(column(weight).cast("double").as(RowFormat.WEIGHT));
    }
    if (validation != null) {
      selected.add(column(validation).as(RowFormat.VALIDATION));
    }
    return selected;
  }

  /** The features as one column: binary, or an array of float. */
  static Column features(List<StructField> features) {
    return switch (featureType(features)) {
      case BYTE -> column(features.get(0));
      case FLOAT -> floats(features);
    };
  }

  /** How features of these columns, which have been checked, are kept. */
  static FeatureType featureType(List<StructField> features) {
    boolean bytes = ColumnKind.of(features.get(0).dataType()) == ColumnKind.BINARY;
    return bytes ? FeatureType.BYTE : FeatureType.FLOAT;
  }

  /** A column by its name, which may have dots in it. */
  static Column column(StructField field) {
    return functions.col("`" + field.name().replace("`", "``") + "`");
  }

  List<String> featureNames() {
    return features.stream().map(StructField::name).toList();
  }

  /**
   * The column of the first feature that is not a finite number, if that is what a message is
   * about, else nothing.
   *
   * @param rows one row, with the columns of {@link #select}
   * @param message that tells the number of the feature
   */
  String notFinite(Dataset<Row> rows, String message) {
    List<Row> found = rows.select("features").takeAsList(1);
    if (found.isEmpty()
        || !(found.get(0).get(0) instanceof scala.collection.Seq)
        || features.stream().anyMatch(f -> !ColumnKind.of(f.dataType()).isScalar())) {
      return "";
    }
    List<Float> values = found.get(0).getList(0);
    for (int i = 0; i < values.size(); i++) {
      Float value = values.get(i);
      if ((value == null || !Float.isFinite(value)) && message.contains("feature " + i + " ")) {
        return "column " + features.get(i).name();
      }
    }
    return "";
  }

  /** The columns as a line for the user. */
  String describe(StructType schema) {
    Set<StructField> used = fields().collect(Collectors.toSet());
    List<String> left =
        Arrays.stream(schema.fields())
            .filter(field -> !used.contains(field))
            .map(StructField::name)
            .toList();
    return "label %s%s, features %s%s%s"
        .formatted(
            names(labels.stream().map(StructField::name).toList()),
            weight == null ? "" : ", weight " + weight.name(),
            names(featureNames()),
            left.isEmpty() ? "" : "; not used: " + names(left),
            row == null ? "" : "; rows numbered by row");
  }

  /** One array of the numbers of these columns, in order. */
  private static Column floats(List<StructField> columns) {
    List<Column> arrays = new ArrayList<>();
    List<Column> scalars = new ArrayList<>();
    for (StructField field : columns) {
      ColumnKind kind = ColumnKind.of(field.dataType());
      if (kind.isScalar()) {
        scalars.add(column(field).cast("float"));
      } else {
        addScalars(arrays, scalars);
        arrays.add(kind.toFloats(column(field)));
      }
    }
    addScalars(arrays, scalars);
    return arrays.size() == 1
        ? arrays.get(0)
        : functions.concat(arrays.toArray(Column[]::new)); // null if one of them is
  }

  private static void addScalars(List<Column> arrays, List<Column> scalars) {
    if (!scalars.isEmpty()) {
      arrays.add(functions.array(scalars.toArray(Column[]::new)));
      scalars.clear();
    }
  }

  /** Names for a message, not all if there are many. */
  static String names(List<String> names) {
    return names.size() <= MOST_NAMES
        ? String.join(", ", names)
        : "%s, … (%,d)"
            .formatted(String.join(", ", names.subList(0, MOST_NAMES - 1)), names.size());
  }
}
