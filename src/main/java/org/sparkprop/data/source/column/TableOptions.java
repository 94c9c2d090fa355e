package org.sparkprop.data.source.column;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.NameList;
import org.sparkprop.base.Secrets;

/**
 * How a table is read and what its columns are, as far as a user said so.
 *
 * @param format the name of a Spark data source; null for the one that the files' endings tell
 * @param readOptions what that source is told
 * @param features columns, in order; empty for the column {@code features} or, without one, for all
 *     numbers that are nothing else
 * @param labels columns; empty for the one that has the name of a label
 * @param weight column; null, or {@value #NONE}, for none
 * @param validation column that is true for rows which are held out, if the table has one of that
 *     name; null for none
 * @param ignore columns that are taken for nothing
 * @param reading what holds for the numbers before any row is read
 */
public record TableOptions(
    @Nullable String format,
    Map<String, String> readOptions,
    List<String> features,
    List<String> labels,
    @Nullable String weight,
    @Nullable String validation,
    List<String> ignore,
    TableReading reading) {
  /** Nothing said. */
  public static final TableOptions DEFAULT =
      new TableOptions(null, Map.of(), List.of(), List.of(), null, null);

  /** The word for no weight, where a model was trained with one. */
  private static final String NONE = "none";

  public TableOptions {
    readOptions = Map.copyOf(readOptions);
    Secrets.remember(readOptions);
    features = List.copyOf(features);
    labels = List.copyOf(labels);
    Set<String> taken = new HashSet<>();
    for (String feature : features) {
      take(taken, "features", feature);
    }
    for (String label : labels.isEmpty() ? List.of("label") : labels) {
      take(taken, "label", label);
    }
    if (weight != null && !weight.equals(NONE)) {
      take(taken, "weight", weight);
    }
    if (validation != null) {
      take(taken, "validation", validation);
    }
    ignore = List.copyOf(ignore);
    for (String column : ignore) {
      take(taken, "ignore", column);
    }
  }

  /** The same with no columns to ignore. */
  public TableOptions(
      @Nullable String format,
      Map<String, String> readOptions,
      List<String> features,
      List<String> labels,
      @Nullable String weight,
      @Nullable String validation) {
    this(format, readOptions, features, labels, weight, validation, List.of(), TableReading.OWN);
  }

  /**
   * The column names of a list such as {@code age, height}.
   *
   * <p>A name with a comma or with blanks at its ends stands in double quotes.
   *
   * @throws IllegalArgumentException if one of them is empty
   */
  public static List<String> columns(String option, String list) {
    try {
      return NameList.parse(list);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          "Invalid %s: \"%s\" (%s)".formatted(option, list, wrong.getMessage()), wrong);
    }
  }

  /**
   * These options, and those of {@code others} where nothing is said.
   *
   * @throws IllegalArgumentException if a column is then two things at once
   */
  public TableOptions or(TableOptions others) {
    Map<String, String> all = new LinkedHashMap<>(others.readOptions);
    // Spark takes PASSWORD for password, and one that is given again is meant.
    all.keySet().removeIf(name -> readOptions.keySet().stream().anyMatch(name::equalsIgnoreCase));
    all.putAll(readOptions);
    return new TableOptions(
        format == null ? others.format : format,
        all,
        features.isEmpty() ? others.features : features,
        labels.isEmpty() ? others.labels : labels,
        weight == null ? others.weight : weight,
        validation == null ? others.validation : validation,
        ignore.isEmpty() ? others.ignore.stream().filter(this::isFree).toList() : ignore,
        reading.equals(TableReading.OWN) ? others.reading : reading);
  }

  private boolean isFree(String column) {
    return !features.contains(column)
        && !labels.contains(column)
        && !column.equals(weight)
        && !column.equals(validation);
  }

  /** The same for rows that are to be read as those of a table which was read before. */
  public TableOptions after(TableFacts table) {
    return new TableOptions(
            format, readOptions, table.features(), labels, weight, validation, ignore, reading)
        .withReading(new TableReading(table.offsets(), table.widths(), null));
  }

  /** The same with what holds for the numbers. */
  public TableOptions withReading(TableReading reading) {
    return new TableOptions(
        format, readOptions, features, labels, weight, validation, ignore, reading);
  }

  /** The same with what may be a column, true for rows that are held out. */
  public TableOptions withValidation(@Nullable String validation) {
    return new TableOptions(
        format, readOptions, features, labels, weight, validation, ignore, reading);
  }

  /** The weight, if there is one. */
  @Nullable String weightColumn() {
    return NONE.equals(weight) ? null : weight;
  }

  /**
   * Refuses options that data of another kind would ignore.
   *
   * @throws IllegalArgumentException naming the first of them
   */
  public void refuseFor(String data) {
    for (String option : toWords().keySet()) {
      throw new IllegalArgumentException(
          "Invalid option: --%s with --data %s (it is for tables)"
              .formatted(option.startsWith(Secrets.READ_OPTION) ? "read-option" : option, data));
    }
  }

  /** What was said, by its name on the command line. */
  public Map<String, String> toWords() {
    Map<String, String> words = new LinkedHashMap<>();
    if (format != null) {
      words.put("format", format);
    }
    readOptions.forEach((name, value) -> words.put(Secrets.READ_OPTION + name, value));
    if (!features.isEmpty()) {
      words.put("features", NameList.of(features));
    }
    if (!labels.isEmpty()) {
      words.put("label", NameList.of(labels));
    }
    if (weight != null) {
      words.put("weight", weight);
    }
    if (!ignore.isEmpty()) {
      words.put("ignore", NameList.of(ignore));
    }
    return words;
  }

  /** Reads what {@link #toWords} gave, among other words. */
  public static TableOptions ofWords(Map<String, String> words) {
    Map<String, String> readOptions = new LinkedHashMap<>();
    words.forEach(
        (name, value) -> {
          if (name.startsWith(Secrets.READ_OPTION)) {
            readOptions.put(name.substring(Secrets.READ_OPTION.length()), value);
          }
        });
    return new TableOptions(
        words.get("format"),
        readOptions,
        names(words, "features"),
        names(words, "label"),
        words.get("weight"),
        null,
        names(words, "ignore"),
        TableReading.OWN);
  }

  private static List<String> names(Map<String, String> words, String option) {
    String list = words.get(option);
    return list == null ? List.of() : columns(option, list);
  }

  /**
   * A column is one thing alone: a label among the features would teach the network to copy. Names
   * that differ in capitals alone may be two columns, which {@link ColumnSearch} tells.
   */
  private static void take(Set<String> taken, String what, String column) {
    if (!taken.add(column)) {
      throw new IllegalArgumentException(
          "Invalid %s: %s (must be a column that is nothing else)".formatted(what, column));
    }
  }
}
