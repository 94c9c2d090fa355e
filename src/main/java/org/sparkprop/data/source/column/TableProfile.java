package org.sparkprop.data.source.column;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.Caller;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.base.NameList;
import org.sparkprop.base.RowProblem;
import org.sparkprop.data.Offsets;
import org.sparkprop.data.source.file.SecondLook;

/**
 * What follows from a look at all rows of a table: which columns are refused, what is taken from
 * their numbers, what numbers the rows, and what a user is to be told.
 */
public final class TableProfile {
  private final TableScan scan;
  private final List<StructField> looked;
  private final Map<StructField, Integer> places;
  private final TableOptions options;
  private final String name;
  private final Caller caller;
  private final List<String> warnings = new ArrayList<>();
  private final List<String> moved = new ArrayList<>();
  private ColumnRoles columns;
  private List<Integer> featureWidths = List.of();
  private List<Integer> labelWidths = List.of();
  private Offsets offsets = Offsets.NONE;

  private TableProfile(
      TableScan scan,
      List<StructField> looked,
      ColumnRoles columns,
      TableOptions options,
      String name,
      Caller caller) {
    this.scan = scan;
    this.looked = looked;
    this.places = ColumnLooks.places(looked);
    this.columns = columns;
    this.options = options;
    this.name = name;
    this.caller = caller;
  }

  /**
   * Looks at all rows.
   *
   * @param placed rows with the {@code looked} columns and then the {@link RowNumbers#PLACES}
   * @param look at their files
   * @throws InvalidInputException if a column cannot be used, or is nothing though a person would
   *     call it a number
   */
  public static TableProfile of(
      Dataset<Row> placed,
      List<StructField> looked,
      ColumnRoles columns,
      TableOptions options,
      String name,
      Caller caller,
      SecondLook look) {
    List<@Nullable ColumnProfile<?>> profiles = ColumnLooks.of(looked, columns, options.reading());
    TableScan scan = TableScan.of(placed, profiles, name, look);
    TableProfile profile = new TableProfile(scan, looked, columns, options, name, caller);
    profile.refuseArrays();
    profile.refuseTexts();
    return profile;
  }

  /**
   * Sees whether the column row numbers the rows, and then what follows from the numbers.
   *
   * @param repeated asks for a number that is there more than once, where that is not known
   */
  public TableProfile withRowNumber(SparkContext spark, Supplier<@Nullable Long> repeated) {
    StructField row = columns.row();
    if (row != null && found(row) instanceof NumberProfile numbers) {
      String why = whyNoNumber(numbers, repeated);
      if (why != null) {
        giveUpRowNumber(row, why);
      }
    }
    featureWidths = widths(columns.features());
    labelWidths = widths(columns.labels());
    decideOffsets();
    if (!columns.asked()) {
      warnings.addAll(KeyColumn.warnings(scalars(columns.features()), caller));
    }
    TableReading.Use use = options.reading().use();
    if (use != null) {
      UnitsAdvice.of(use, numbersOf(columns.features()), offsets, caller).ifPresent(warnings::add);
      LabelAdvice.of(use, numbersOf(columns.labels())).ifPresent(warnings::add);
      warnings.addAll(
          TellingAdvice.of(
              scan.rows(),
              numbersOf(columns.features()),
              numbersOf(columns.labels()),
              scan.columns() > looked.size()
                      && scan.column(looked.size()) instanceof LabelCopies copies
                  ? copies
                  : null,
              caller));
      MemoryAdvice.of(spark, scan.rows(), numbersOfRow()).ifPresent(warnings::add);
    }
    return this;
  }

  private @Nullable ColumnProfile<?> found(StructField column) {
    return scan.column(Objects.requireNonNull(places.get(column)));
  }

  private int numbersOfRow() {
    return featureWidths.stream().mapToInt(Integer::intValue).sum();
  }

  private @Nullable String whyNoNumber(NumberProfile numbers, Supplier<@Nullable Long> repeated) {
    if (numbers.nulls > 0) {
      return "it has no value in %,d rows".formatted(numbers.nulls);
    }
    if (numbers.numbers <= 1 || numbers.step() != 0) {
      return null;
    }
    Long twice = repeated.get();
    return twice == null ? null : "%d is there more than once".formatted(twice);
  }

  private void giveUpRowNumber(StructField row, String why) {
    boolean alone =
        columns.features().stream().noneMatch(f -> ColumnKind.of(f.dataType()).isScalar());
    boolean becomesFeature = !columns.asked() && !alone;
    List<StructField> features = new ArrayList<>(columns.features());
    if (becomesFeature) {
      features.add(row);
    }
    columns = columns.withoutRowNumber(becomesFeature ? columns.inOrder(features) : features);
    warnings.add(
        "column %s does not number the rows of %s, since %s: they are numbered as they lie%s"
            .formatted(
                row.name(),
                name,
                why,
                becomesFeature
                    ? ", and %s is a feature (leave it out with %s)"
                        .formatted(row.name(), caller.columns("ignore", List.of(row.name())))
                    : ""));
  }

  private void refuseArrays() {
    List<Integer> expected = options.reading().widths();
    Place.Finding first = null;
    for (StructField column : looked) {
      if (found(column) instanceof ArrayProfile arrays) {
        int at = columns.features().indexOf(column);
        boolean known = at >= 0 && expected.size() == columns.features().size();
        first =
            Place.Finding.first(first, arrays.problem(column.name(), known ? expected.get(at) : 0));
      }
    }
    if (first != null) {
      long row = scan.numberOf(first.place());
      InvalidInputException refused =
          InvalidInputException.ofRow(
              new RowProblem(row, "Cannot use %s: row %d %s".formatted(name, row, first.text())));
      throw first.place().file().isEmpty() ? refused : refused.at(scan.words(first.place()));
    }
  }

  /** A column that a person would call a number is never left out without a word. */
  private void refuseTexts() {
    List<String> numbers = new ArrayList<>();
    String first = "";
    Map<String, String> left = columns.left();
    for (StructField column : columns.texts()) {
      if (found(column) instanceof TextProfile texts) {
        String words = TextLook.words(texts, scan);
        if (!words.isEmpty()) {
          first = numbers.isEmpty() ? words : first;
          numbers.add(column.name());
        } else {
          texts.difference(scan).ifPresent(difference -> refuseFiles(column, difference));
          left.put(column.name(), texts.isEmpty() ? "empty" : "text");
        }
      }
    }
    if (!numbers.isEmpty()) {
      throw new InvalidInputException(
          "Cannot use %s: %s %s text where a person sees numbers%s; correct %s, or go without with %s"
              .formatted(
                  name,
                  (numbers.size() == 1 ? "column " : "columns ") + NameList.shown(numbers),
                  numbers.size() == 1 ? "is" : "are",
                  first,
                  numbers.size() == 1 ? "it" : "them",
                  caller.columns("ignore", numbers)));
    }
  }

  private void refuseFiles(StructField column, String difference) {
    throw new InvalidInputException(
        "Cannot use %s: column %s has %s; correct the files, or go without with %s"
            .formatted(
                name, column.name(), difference, caller.columns("ignore", List.of(column.name()))));
  }

  private List<Integer> widths(List<StructField> fields) {
    List<Integer> widths = new ArrayList<>();
    for (StructField field : fields) {
      ColumnProfile<?> found = found(field);
      if (found instanceof ArrayProfile arrays) {
        widths.add(arrays.width());
      } else if (ColumnKind.of(field.dataType()) == ColumnKind.BINARY) {
        return List.of(); // one column alone, of which the packing knows
      } else {
        widths.add(1);
      }
    }
    return widths;
  }

  /** The numbers of these columns, with what they are called; null where nobody looked. */
  private List<Numbers> numbersOf(List<StructField> fields) {
    return fields.stream().flatMap(this::numbersOf).toList();
  }

  private Stream<Numbers> numbersOf(StructField field) {
    ColumnProfile<?> found = found(field);
    if (found instanceof ArrayProfile arrays) {
      List<NumberProfile> places = arrays.numbers();
      return IntStream.range(0, arrays.width())
          .mapToObj(
              i -> new Numbers(field.name(), i < places.size() ? places.get(i) : null, false));
    }
    return Stream.of(
        new Numbers(field.name(), found instanceof NumberProfile numbers ? numbers : null, true));
  }

  private List<Numbers> scalars(List<StructField> fields) {
    return numbersOf(fields).stream().filter(Numbers::isScalar).toList();
  }

  /**
   * The numbers of a column, or of one place in the arrays of one.
   *
   * @param profile null where nobody looked
   */
  record Numbers(String column, @Nullable NumberProfile profile, boolean isScalar) {}

  private void decideOffsets() {
    Offsets given = options.reading().offsets();
    List<Numbers> features = numbersOf(columns.features());
    List<Numbers> targets = numbersOf(columns.labels());
    TableReading.Use use = options.reading().use();
    boolean movesTargets = use != null && use.movesTargets();
    offsets =
        given == null
            ? new Offsets(offsets(features), movesTargets ? offsets(targets) : List.of())
            : given;
    if (given == null || use != null) {
      LostDigits.of(features, offsets.features(), true, caller).ifPresent(warnings::add);
      LostDigits.of(targets, offsets.targets(), false, caller).ifPresent(warnings::add);
    }
  }

  private List<Double> offsets(List<Numbers> numbers) {
    TreeMap<String, Double> byColumn = new TreeMap<>();
    List<Double> offsets = new ArrayList<>();
    for (Numbers one : numbers) {
      double offset = one.profile() == null ? 0 : Digits.offset(one.profile());
      offsets.add(offset);
      if (offset != 0) {
        byColumn.putIfAbsent(one.column(), offset);
      }
    }
    byColumn.forEach(
        (column, offset) -> moved.add("%s less %s".formatted(column, shortest(offset))));
    return offsets;
  }

  static String shortest(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  public TableScan scan() {
    return scan;
  }

  /** What the columns are after all. */
  public ColumnRoles columns() {
    return columns;
  }

  /** Adds what is doubtful of the table itself. */
  public void doubt(String warning) {
    warnings.add(0, warning);
  }

  /** What is doubtful, a sentence each. */
  public List<String> warnings() {
    return warnings;
  }

  public List<Column> select() {
    return columns.select(offsets, featureWidths, labelWidths);
  }

  /** The column that a number of a row comes from; null if nobody knows. */
  @Nullable
  public StructField columnOf(int number, boolean target) {
    List<StructField> fields = target ? columns.labels() : columns.features();
    List<Integer> widths = target ? labelWidths : featureWidths;
    int before = 0;
    for (int i = 0; i < widths.size(); i++) {
      before += widths.get(i);
      if (number < before) {
        return fields.get(i);
      }
    }
    return null;
  }

  public List<String> description() {
    List<String> lines = new ArrayList<>(columns.describe());
    if (!moved.isEmpty()) {
      lines.add("moved, so that a float keeps the digits: " + NameList.shown(moved));
    }
    return lines;
  }

  public TableFacts facts() {
    List<String> notes = new ArrayList<>(columns.describeLeft());
    if (!moved.isEmpty()) {
      notes.add("moved, so that a float keeps the digits: " + String.join(", ", moved));
    }
    notes.addAll(warnings);
    return new TableFacts(columns.featureNames(), featureWidths, offsets, notes);
  }
}
