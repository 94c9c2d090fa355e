package org.sparkprop.data.source;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.source.column.TableOptions;
import org.sparkprop.data.source.file.FileColumns;
import org.sparkprop.data.source.file.SecondLook;

/**
 * The Parquet or ORC files of a table. Spark takes the columns of one of them for those of all, and
 * reads no file of which it cannot read each column.
 */
final class ColumnarTable implements SecondLook {
  private final List<FileColumns> files;
  private final TableOptions said;
  private final boolean merged;

  /**
   * @param files in the order of their paths
   * @param said of the table's columns
   * @param merged whether Spark takes the columns of all files together
   */
  ColumnarTable(List<FileColumns> files, TableOptions said, boolean merged) {
    this.files = files;
    this.said = said;
    this.merged = merged;
  }

  /**
   * The columns that are read, where Spark would refuse the files for others, or take moments for
   * numbers; null where it need not be told.
   *
   * @throws InvalidInputException if a number is among the columns that cannot be read, and nobody
   *     said which columns are wanted
   */
  @Nullable StructType schema(Consumer<String> warnings) {
    if (merged) {
      files.forEach(file -> checkTypes(file, file.types().keySet()));
    }
    FileColumns first = files.isEmpty() ? null : files.get(0);
    StructType all = first == null ? null : first.readable();
    if (first == null || all == null || merged) {
      return null;
    }
    Set<String> leftOut = new TreeSet<>(first.unreadable());
    for (String column : first.unreadable()) {
      String type = String.valueOf(first.types().get(column));
      refuseIfWanted(first, column, type);
      warnings.accept(
          "column %s of %s is left out: Spark cannot read %s"
              .formatted(column, first.path(), type));
    }
    for (String column : first.nanoseconds()) {
      if (!leftOut.contains(column) && said.features().isEmpty() && !isNamed(column)) {
        leftOut.add(column);
        warnings.accept(
            "column %s of %s is left out: it counts nanoseconds (name it with --features to learn from it)"
                .formatted(column, first.path()));
      }
    }
    if (leftOut.isEmpty()) {
      return null;
    }
    return new StructType(
        Arrays.stream(all.fields())
            .filter(field -> !leftOut.contains(field.name()))
            .toArray(StructField[]::new));
  }

  private void refuseIfWanted(FileColumns file, String column, String type) {
    boolean number = type.startsWith("FLOAT");
    boolean unasked = said.features().isEmpty() && !said.ignore().contains(column);
    if (isNamed(column) || (number && unasked)) {
      throw new InvalidInputException(
          "Cannot read %s: Spark cannot read column %s, which is %s (write it as another type%s)"
              .formatted(
                  file.path(),
                  column,
                  type,
                  isNamed(column) ? "" : ", or name the columns to learn from with --features"));
    }
  }

  private boolean isNamed(String column) {
    return said.features().contains(column)
        || said.labels().contains(column)
        || column.equals(said.weight())
        || column.equals(said.validation());
  }

  /** Compares the files, as far as their columns are read. */
  @Override
  public void uses(StructType schema, Set<String> columns) {
    if (files.isEmpty() || merged) {
      return;
    }
    FileColumns first = files.get(0);
    for (FileColumns file : files) {
      checkTypes(file, columns);
      Map<String, String> found = anyCase(file);
      for (String column : columns) {
        if (anyCase(first).containsKey(column) && !found.containsKey(column)) {
          throw new InvalidInputException(
              "Cannot read %s: it has no column %s, which %s has (every file of a table needs it)"
                  .formatted(file.path(), column, first.path()));
        }
      }
    }
    String more = more();
    if (said.features().isEmpty() && !more.isEmpty()) {
      throw new InvalidInputException(
          "Cannot read %s (give --read-option mergeSchema=true to read all columns, or name those to learn from with --features)"
              .formatted(more));
    }
  }

  @Override
  public String hintOfNames() {
    String more = merged ? "" : more();
    return more.isEmpty() ? "" : "; %s (give --read-option mergeSchema=true)".formatted(more);
  }

  /** The first column that only a later file has, nothing if there is none. */
  private String more() {
    if (files.isEmpty()) {
      return "";
    }
    Set<String> known = new HashSet<>(anyCase(files.get(0)).keySet());
    Set<String> ignored = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    ignored.addAll(known);
    ignored.addAll(said.ignore());
    for (FileColumns file : files) {
      for (String column : file.types().keySet()) {
        if (!ignored.contains(column)) {
          return "%s: it has one column more, %s, than %s"
              .formatted(file.path(), column, files.get(0).path());
        }
      }
    }
    return "";
  }

  private void checkTypes(FileColumns file, Set<String> columns) {
    Map<String, String> wanted = anyCase(files.get(0));
    Map<String, String> found = anyCase(file);
    for (String column : columns) {
      String type = found.get(column);
      String expected = wanted.get(column);
      if (type != null && expected != null && !type.equals(expected)) {
        throw new InvalidInputException(
            "Cannot read %s: column %s is %s (must be %s, as in %s; write the files with one type)"
                .formatted(file.path(), column, type, expected, files.get(0).path()));
      }
    }
  }

  private static Map<String, String> anyCase(FileColumns file) {
    Map<String, String> types = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    types.putAll(file.types());
    return types;
  }

  @Override
  public @Nullable String lineOf(Throwable failed) {
    return null; // Spark names the file and the column
  }
}
