package org.sparkprop.data.source.column;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.NameList;
import org.sparkprop.data.Offsets;
import org.sparkprop.data.Preprocessing.FeatureType;
import org.sparkprop.data.RowFormat;

/**
 * What the columns of a table are.
 *
 * @param features in the order in which a row has them
 * @param labels one, or several that make an array
 * @param row the whole number of a row, null if the table has none
 * @param weight null for none
 * @param validation null for none
 * @param asked whether the features were named
 * @param texts columns of text, which nobody has named
 * @param left why each of the other columns is nothing, by its name; grows while they are looked at
 * @param all columns of the table
 */
public record ColumnRoles(
    List<StructField> features,
    List<StructField> labels,
    @Nullable StructField row,
    @Nullable StructField weight,
    @Nullable StructField validation,
    boolean asked,
    List<StructField> texts,
    Map<String, String> left,
    List<StructField> all) {
  /** Every column of the table that is read, once. */
  public List<Column> read() {
    return fields().map(ColumnRoles::column).toList();
  }

  /** The names of those columns. */
  public Set<String> readNames() {
    return fields().map(StructField::name).collect(Collectors.toSet());
  }

  public Stream<StructField> fields() {
    return Stream.of(features.stream(), labels.stream(), Stream.of(row, weight, validation))
        .flatMap(columns -> columns)
        .filter(column -> column != null)
        .distinct();
  }

  /**
   * The columns {@code features} (binary, or an array of float), {@code label} (double, or an array
   * of float) and, where there are any, {@code row}, {@code weight} and {@code validation}.
   *
   * @param featureWidths numbers that each feature has
   * @param labelWidths numbers that each label has
   */
  List<Column> select(Offsets offsets, List<Integer> featureWidths, List<Integer> labelWidths) {
    List<Column> selected = new ArrayList<>();
    if (row != null) {
      selected.add(column(row).cast("long").as("row"));
    }
    selected.add(features(features, offsets.features(), featureWidths).as("features"));
    Column label =
        isOneNumber()
            ? ColumnKind.number(
                column(labels.get(0)), labels.get(0).dataType(), offsets.ofTarget(0), "double")
            : floats(labels, offsets.targets(), labelWidths);
    selected.add(label.as("label"));
    if (weight != null) {
      selected.add(column(weight).cast("double").as(RowFormat.WEIGHT));
    }
    if (validation != null) {
      selected.add(column(validation).as(RowFormat.VALIDATION));
    }
    return selected;
  }

  private boolean isOneNumber() {
    return labels.size() == 1 && ColumnKind.of(labels.get(0).dataType()).isScalar();
  }

  /**
   * The features as one column: binary, or an array of float.
   *
   * @param offsets what is taken from each number; empty for nothing
   * @param widths numbers that each column has; needed where there are offsets
   */
  static Column features(List<StructField> features, List<Double> offsets, List<Integer> widths) {
    return switch (featureType(features)) {
      case BYTE -> column(features.get(0));
      case FLOAT -> floats(features, offsets, widths);
    };
  }

  /** How features of these columns, which have been checked, are kept. */
  static FeatureType featureType(List<StructField> features) {
    boolean bytes = ColumnKind.of(features.get(0).dataType()) == ColumnKind.BINARY;
    return bytes ? FeatureType.BYTE : FeatureType.FLOAT;
  }

  /** A column by its name, which may have dots in it. */
  public static Column column(StructField field) {
    return functions.col("`" + field.name().replace("`", "``") + "`");
  }

  List<String> featureNames() {
    return features.stream().map(StructField::name).toList();
  }

  /** The same with the column row as a feature, or as nothing that numbers rows. */
  ColumnRoles withoutRowNumber(List<StructField> features) {
    return new ColumnRoles(features, labels, null, weight, validation, asked, texts, left, all);
  }

  /** What each column is taken for, a line for each idea. */
  List<String> describe() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "columns: label %s%s%s, features %s%s"
            .formatted(
                NameList.shown(NameList.quoted(labels.stream().map(StructField::name).toList())),
                weight == null ? "" : ", weight " + weight.name(),
                validation == null ? "" : ", validation " + validation.name(),
                NameList.shown(NameList.quoted(featureNames())),
                row == null ? "" : "; rows numbered by " + row.name()));
    lines.addAll(describeLeft());
    return lines;
  }

  /** Which columns are nothing, and why; no line if there are none. */
  List<String> describeLeft() {
    List<String> lines = new ArrayList<>();
    if (!left.isEmpty()) {
      Map<String, List<String>> byReason =
          left.entrySet().stream()
              .collect(
                  Collectors.groupingBy(
                      Map.Entry::getValue,
                      java.util.LinkedHashMap::new,
                      Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
      lines.add(
          "left out: "
              + byReason.entrySet().stream()
                  .map(
                      reason ->
                          "%s (%s)".formatted(NameList.shown(reason.getValue()), reason.getKey()))
                  .collect(Collectors.joining(", ")));
    }
    return lines;
  }

  /** One array of the numbers of these columns, in order. */
  private static Column floats(
      List<StructField> columns, List<Double> offsets, List<Integer> widths) {
    List<Column> arrays = new ArrayList<>();
    List<Column> scalars = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < columns.size(); i++) {
      StructField field = columns.get(i);
      ColumnKind kind = ColumnKind.of(field.dataType());
      int from = at;
      at += offsets.isEmpty() ? 0 : widths.get(i);
      List<Double> own = offsets.subList(from, at);
      if (kind.isScalar()) {
        double offset = own.isEmpty() ? 0 : own.get(0);
        scalars.add(ColumnKind.number(column(field), field.dataType(), offset, "float"));
      } else {
        addScalars(arrays, scalars);
        double[] moved =
            own.stream().allMatch(offset -> offset == 0)
                ? new double[0]
                : own.stream().mapToDouble(Double::doubleValue).toArray();
        arrays.add(kind.toFloats(column(field), moved));
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

  /** Some of the columns, as they lie in the table. */
  List<StructField> inOrder(List<StructField> some) {
    return all.stream().filter(some::contains).toList();
  }
}
