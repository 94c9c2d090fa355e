package org.sparkprop.data.source.column;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.AnsiIntervalType;
import org.apache.spark.sql.types.DatetimeType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.Caller;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.base.NameList;
import org.sparkprop.base.Nearest;
import org.sparkprop.data.source.file.SecondLook;

/** Finds in a table the columns that the options name, or that have the names of the defaults. */
public final class ColumnSearch {
  private static final String ROW = "row";
  private static final String FEATURES = "features";
  private static final String LABEL = "label";

  private final Dataset<Row> table;
  private final StructType schema;
  private final String name;
  private final Caller caller;
  private final SecondLook look;
  private final boolean capitalsDiffer;
  private final Map<String, StructField> byName = new HashMap<>();
  private final Map<String, List<StructField>> byLook = new HashMap<>();

  /**
   * @param name what the user calls the table, for messages
   * @param caller who reads them
   * @param look at its files
   */
  public ColumnSearch(Dataset<Row> table, String name, Caller caller, SecondLook look) {
    this.table = table;
    this.schema = table.schema();
    this.name = name;
    this.caller = caller;
    this.look = look;
    this.capitalsDiffer =
        Boolean.parseBoolean(table.sparkSession().conf().get("spark.sql.caseSensitive", "false"));
    for (StructField field : schema.fields()) {
      byName.putIfAbsent(field.name(), field);
      byLook.computeIfAbsent(look(field.name()), key -> new ArrayList<>()).add(field);
    }
  }

  /**
   * What the columns are.
   *
   * @throws InvalidInputException if a column is not there, or cannot be what it should be
   */
  public ColumnRoles find(TableOptions options) {
    List<StructField> labels =
        options.labels().isEmpty()
            ? List.of(defaultLabel())
            : options.labels().stream().map(this::find).toList();
    String weightName = options.weightColumn();
    String validationName = options.validation();
    StructField weight = weightName == null ? null : find(weightName);
    StructField validation = validationName == null ? null : exact(validationName);
    boolean asked = !options.features().isEmpty();
    Set<StructField> ignored = new LinkedHashSet<>(ignored(options.ignore(), asked));
    List<StructField> named =
        Stream.concat(labels.stream(), Stream.of(weight, validation))
            .filter(Objects::nonNull)
            .toList();
    List<StructField> chosen =
        asked ? options.features().stream().map(this::find).toList() : List.of();
    StructField row = rowNumber(named, chosen, ignored);
    List<StructField> features = asked ? chosen : defaultFeatures(named, ignored, row);
    checkFeatures(features, this::look);
    checkRoles(labels, weight, validation);
    Set<StructField> used =
        Stream.of(features.stream(), named.stream(), Stream.ofNullable(row))
            .flatMap(columns -> columns)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    checkNames(
        Stream.of(features.stream(), named.stream(), Stream.ofNullable(row))
            .flatMap(columns -> columns)
            .toList());
    boolean alone = !asked && features.size() == 1 && isFeatures(features.get(0));
    List<StructField> texts =
        asked || alone
            ? List.of()
            : Arrays.stream(schema.fields())
                .filter(field -> field.dataType() instanceof StringType)
                .filter(field -> !used.contains(field) && !ignored.contains(field))
                .filter(field -> alike(field.name()).size() == 1)
                .toList();
    Map<String, String> left = new LinkedHashMap<>();
    Set<StructField> seenAsTexts = new HashSet<>(texts);
    for (StructField field : schema.fields()) {
      if (!used.contains(field) && !seenAsTexts.contains(field)) {
        left.put(field.name(), whyLeft(field, ignored, asked, alone));
      }
    }
    return new ColumnRoles(
        features, labels, row, weight, validation, asked, texts, left, List.of(schema.fields()));
  }

  private String whyLeft(
      StructField field, Set<StructField> ignored, boolean asked, boolean alone) {
    if (ignored.contains(field)) {
      return "ignored";
    }
    if (isIndex(field)) {
      return "an index";
    }
    if (asked) {
      return "not among the features";
    }
    if (alone) {
      return "beside features";
    }
    if (field.dataType() instanceof DatetimeType || field.dataType() instanceof AnsiIntervalType) {
      return "date";
    }
    if (field.dataType() instanceof StringType) {
      return "text";
    }
    return switch (ColumnKind.of(field.dataType())) {
      case NUMBER, BOOLEAN -> "number";
      case BINARY -> "bytes";
      case ARRAY -> "array";
      case VECTOR -> "vector";
      case OTHER -> field.dataType().typeName();
    };
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
    checkFeatures(features, column -> ""); // nothing runs before a prediction is asked for
    checkNames(features);
    return features;
  }

  private List<StructField> ignored(List<String> columns, boolean asked) {
    return asked
        ? columns.stream().map(this::exact).filter(Objects::nonNull).toList()
        : columns.stream().map(this::find).toList();
  }

  private @Nullable StructField rowNumber(
      List<StructField> named, List<StructField> chosen, Set<StructField> ignored) {
    StructField row = exact(ROW);
    return row != null
            && row.dataType() instanceof IntegralType
            && !named.contains(row)
            && !chosen.contains(row)
            && !ignored.contains(row)
        ? row
        : null;
  }

  private @Nullable StructField exact(String column) {
    return byName.get(column);
  }

  /** The column of this name, or the only one that a person would read as it, in any capitals. */
  private StructField find(String column) {
    StructField exact = exact(column);
    if (exact != null) {
      return exact;
    }
    List<StructField> alike = alike(column);
    if (alike.size() == 1) {
      return alike.get(0);
    }
    throw missing(column, "no column %s%s".formatted(column, hint(column)));
  }

  private String hint(String column) {
    List<String> all = List.of(schema.fieldNames());
    int dot = column.indexOf('.');
    StructField whole = dot < 0 ? null : exact(column.substring(0, dot));
    if (whole != null && whole.dataType() instanceof StructType) {
      return " (%s is a struct, and a field of it is no column; make it a column of its own)"
          .formatted(whole.name());
    }
    for (String other : all) {
      if (Arrays.stream(other.split(",", -1)).map(String::trim).anyMatch(column::equals)) {
        return " (a name with a comma stands in double quotes, '%s')"
            .formatted(NameList.of(List.of(other)));
      }
    }
    String hint = Nearest.hint(column, all);
    return hint.isEmpty() ? " (it has %s)".formatted(NameList.shown(all)) : hint;
  }

  private StructField defaultLabel() {
    if (alike(LABEL).isEmpty()) {
      throw missing(
          LABEL,
          "no column label (it has %s; name one with %s)"
              .formatted(NameList.shown(List.of(schema.fieldNames())), caller.name("label")));
    }
    return find(LABEL);
  }

  private List<StructField> alike(String column) {
    return byLook.getOrDefault(look(column), List.of());
  }

  /** What a person reads, whatever the capitals. */
  private static String look(String column) {
    return NameList.seen(column).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }

  private static boolean isFeatures(StructField field) {
    ColumnKind kind = ColumnKind.of(field.dataType());
    return field.name().equals(FEATURES) && (kind.isArray() || kind == ColumnKind.BINARY);
  }

  /**
   * Whether it is the index that pandas or R leaves in a file, going by its name: that of a Parquet
   * file, that of a CSV file read and written again, or none at all before named columns.
   */
  private boolean isIndex(StructField field) {
    String column = field.name();
    if (column.matches("__index_level_\\d+__|Unnamed: 0(?:\\.\\d+)*|Unnamed: 0_level_\\d+")) {
      return true;
    }
    // Spark calls a column _c0 that has no name in the header, and all where there is no header.
    boolean isFirst = schema.fields()[0].equals(field) && column.equals("_c0");
    return isFirst
        && field.dataType() instanceof IntegralType
        && Arrays.stream(schema.fieldNames()).anyMatch(other -> !other.matches("_c\\d+"));
  }

  private List<StructField> defaultFeatures(
      List<StructField> named, Set<StructField> ignored, @Nullable StructField row) {
    StructField features = exact(FEATURES);
    if (features != null
        && isFeatures(features)
        && !named.contains(features)
        && !ignored.contains(features)) {
      return List.of(features);
    }
    List<StructField> numbers =
        Arrays.stream(schema.fields())
            .filter(field -> ColumnKind.of(field.dataType()).isScalar())
            .filter(field -> !field.equals(row) && !named.contains(field))
            .filter(field -> !ignored.contains(field) && !isIndex(field))
            .toList();
    if (numbers.isEmpty()) {
      refuseAlmostNumbers(named, ignored);
      List<String> types =
          Arrays.stream(schema.fields())
              .map(field -> field.name() + " " + field.dataType().simpleString())
              .toList();
      throw refusal(
          "no column of numbers is left for the features (it has %s; name some with %s)"
              .formatted(NameList.shown(types), caller.name("features")));
    }
    return numbers;
  }

  /** Where one text among numbers has made a column text, it is that text that is to be told. */
  private void refuseAlmostNumbers(List<StructField> named, Set<StructField> ignored) {
    for (StructField field : schema.fields()) {
      String seen = named.contains(field) || ignored.contains(field) ? "" : look(field);
      if (!seen.isEmpty()) {
        throw refusal(
            "no column of numbers is left for the features: column %s is text where a person sees numbers%s; correct it, or name the features with %s"
                .formatted(field.name(), seen, caller.name("features")));
      }
    }
  }

  private void checkFeatures(List<StructField> features, Function<StructField, String> look) {
    for (StructField feature : features) {
      switch (ColumnKind.of(feature.dataType())) {
        case NUMBER, BOOLEAN, ARRAY, VECTOR -> {}
        case BINARY -> {
          if (features.size() > 1) {
            throw wrong(feature, "must be the only feature", "");
          }
        }
        case OTHER ->
            throw wrong(
                feature,
                "a feature must be a number, a boolean or an array of numbers",
                look.apply(feature));
      }
    }
  }

  private void checkRoles(
      List<StructField> labels, @Nullable StructField weight, @Nullable StructField validation) {
    for (StructField label : labels) {
      switch (ColumnKind.of(label.dataType())) {
        case NUMBER, BOOLEAN, ARRAY, VECTOR -> {}
        case BINARY, OTHER ->
            throw wrong(label, "a label must be a number; number the classes from 0", look(label));
      }
    }
    if (weight != null && ColumnKind.of(weight.dataType()) != ColumnKind.NUMBER) {
      throw wrong(weight, "a weight must be a number", look(weight));
    }
    if (validation != null && ColumnKind.of(validation.dataType()) != ColumnKind.BOOLEAN) {
      throw wrong(validation, "the validation column must be true or false", "");
    }
  }

  /** Each column that is used is one thing alone, and the only one of its name. */
  private void checkNames(List<StructField> used) {
    Map<String, List<String>> byName = new HashMap<>();
    for (String column : schema.fieldNames()) {
      byName.computeIfAbsent(key(column), key -> new ArrayList<>()).add(column);
    }
    Set<StructField> seen = new HashSet<>();
    for (StructField field : used) {
      List<String> same = byName.getOrDefault(key(field.name()), List.of());
      if (same.size() > 1) {
        boolean twins = same.stream().distinct().count() == 1;
        throw refusal(
            twins
                ? "there are two columns %s (rename one of them, or leave both out with %s)"
                    .formatted(field.name(), caller.columns("ignore", List.of(field.name())))
                : "columns %s differ in capitals alone (start with spark.sql.caseSensitive=true to tell them apart, or rename one)"
                    .formatted(String.join(" and ", same)));
      }
      if (!seen.add(field)) {
        throw refusal("column %s is to be two things (it can be one)".formatted(field.name()));
      }
    }
  }

  private String key(String column) {
    return capitalsDiffer ? column : column.toLowerCase(Locale.ROOT);
  }

  /** Why a column is text, from its rows. */
  private String look(StructField column) {
    return column.dataType() instanceof StringType && alike(column.name()).size() == 1
        ? TextLook.of(table, column, name, look)
        : "";
  }

  private InvalidInputException wrong(StructField column, String rule, String seen) {
    return refusal(
        "column %s is %s (%s)%s"
            .formatted(column.name(), column.dataType().simpleString(), rule, seen));
  }

  private InvalidInputException missing(String column, String what) {
    return InvalidInputException.ofColumn(column, "Cannot use %s: %s".formatted(name, what));
  }

  private InvalidInputException refusal(String what) {
    return new InvalidInputException("Cannot use %s: %s".formatted(name, what));
  }
}
