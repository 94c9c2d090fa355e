package org.sparkprop.data;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.sparkprop.nn.Nearest;

/** Finds in a table the columns that the options name, or that have the names of the defaults. */
final class ColumnSearch {
  private static final String ROW = "row";
  private static final String FEATURES = "features";
  private static final String LABEL = "label";

  private final StructType schema;
  private final String name;

  /**
   * @param name what the user calls the table, for messages
   */
  ColumnSearch(StructType schema, String name) {
    this.schema = schema;
    this.name = name;
  }

  /**
   * What the columns are.
   *
   * @throws InvalidInputException if a column is not there, or cannot be what it should be
   */
  TableColumns find(TableOptions options) {
    List<StructField> labels =
        options.labels().isEmpty()
            ? List.of(standardLabel())
            : options.labels().stream().map(this::find).toList();
    String weightName = options.weightColumn();
    String validationName = options.validation();
    StructField weight = weightName == null ? null : find(weightName);
    StructField validation = validationName == null ? null : exact(validationName);
    List<StructField> features =
        options.features().isEmpty()
            ? standardFeatures(labels, weight, validation)
            : options.features().stream().map(this::find).toList();
    checkFeatures(features);
    for (StructField label : labels) {
      switch (ColumnKind.of(label.dataType())) {
        case NUMBER, BOOLEAN, ARRAY, VECTOR -> {}
        case BINARY, OTHER ->
            throw wrong(label, "a label must be a number; number the classes from 0");
      }
    }
    if (weight != null && ColumnKind.of(weight.dataType()) != ColumnKind.NUMBER) {
      throw wrong(weight, "a weight must be a number");
    }
    if (validation != null && ColumnKind.of(validation.dataType()) != ColumnKind.BOOLEAN) {
      throw wrong(validation, "the validation column must be true or false");
    }
    return new TableColumns(features, labels, rowNumber(), weight, validation);
  }

  /**
   * The features alone, of rows that need no label.
   *
   * @param named columns; empty for the column {@code features}
   * @throws InvalidInputException if a column is not there, or cannot be a feature
   */
  List<StructField> features(List<String> named) {
    List<String> names = named.isEmpty() ? List.of(FEATURES) : named;
    List<StructField> features = names.stream().map(this::find).toList();
    checkFeatures(features);
    return features;
  }

  private @Nullable StructField rowNumber() {
    StructField row = exact(ROW);
    return row != null && row.dataType() instanceof IntegralType ? row : null;
  }

  private @Nullable StructField exact(String column) {
    for (StructField field : schema.fields()) {
      if (field.name().equals(column)) {
        return field;
      }
    }
    return null;
  }

  /** The column of this name, or the only one that differs from it in capitals alone. */
  private StructField find(String column) {
    StructField exact = exact(column);
    if (exact != null) {
      return exact;
    }
    List<StructField> alike = alike(column);
    if (alike.size() == 1) {
      return alike.get(0);
    }
    List<String> all = List.of(schema.fieldNames());
    String hint = Nearest.hint(column, all);
    String columns = " (it has %s)".formatted(TableColumns.names(all));
    throw refusal("no column %s%s".formatted(column, hint.isEmpty() ? columns : hint));
  }

  private StructField standardLabel() {
    if (alike(LABEL).isEmpty()) {
      throw refusal(
          "no column label (it has %s; name one with --label)"
              .formatted(TableColumns.names(List.of(schema.fieldNames()))));
    }
    return find(LABEL);
  }

  private List<StructField> alike(String column) {
    return Arrays.stream(schema.fields())
        .filter(field -> field.name().equalsIgnoreCase(column))
        .toList();
  }

  private List<StructField> standardFeatures(
      List<StructField> labels, @Nullable StructField weight, @Nullable StructField validation) {
    StructField features = exact(FEATURES);
    if (features != null && ColumnKind.of(features.dataType()) != ColumnKind.OTHER) {
      return List.of(features);
    }
    List<StructField> numbers =
        Arrays.stream(schema.fields())
            .filter(field -> ColumnKind.of(field.dataType()).isScalar())
            .filter(field -> !field.name().equals(ROW) && !labels.contains(field))
            .filter(field -> !field.equals(weight) && !field.equals(validation))
            .toList();
    if (numbers.isEmpty()) {
      List<String> types =
          Arrays.stream(schema.fields())
              .map(field -> field.name() + " " + field.dataType().simpleString())
              .toList();
      throw refusal(
          "no column of numbers is left for the features (it has %s; name some with --features)"
              .formatted(TableColumns.names(types)));
    }
    return numbers;
  }

  private void checkFeatures(List<StructField> features) {
    for (StructField feature : features) {
      switch (ColumnKind.of(feature.dataType())) {
        case NUMBER, BOOLEAN, ARRAY, VECTOR -> {}
        case BINARY -> {
          if (features.size() > 1) {
            throw wrong(feature, "must be the only feature");
          }
        }
        case OTHER ->
            throw wrong(feature, "a feature must be a number, a boolean or an array of numbers");
      }
    }
  }

  private InvalidInputException wrong(StructField column, String rule) {
    return refusal(
        "column %s is %s (%s)".formatted(column.name(), column.dataType().simpleString(), rule));
  }

  private InvalidInputException refusal(String what) {
    return new InvalidInputException("Cannot use %s: %s".formatted(name, what));
  }
}
