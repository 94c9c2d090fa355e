package org.sparkprop.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.source.RowSource;
import org.sparkprop.data.source.column.TableOptions;
import org.sparkprop.data.source.column.TableReading;
import org.sparkprop.model.ModelDescription;
import picocli.CommandLine.Option;

/** The option {@code --data}, which every command that reads rows has, and how a table is read. */
final class DataArgument {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "DATA",
      description =
          "mnist, spiral, spiral(POINTS), friedman(ROWS), imbalance(ROWS), a folder of IDX files or a table, on any Hadoop path: a file or a folder of .parquet, .csv, .json, .orc (or --format), with globs; table:db.name for a table of Spark's catalog.")
  private String word;

  @Option(
      names = "--label",
      paramLabel = "COLUMNS",
      description =
          "Of a table: the label, a number or an array; several, a,b,c, for several targets. Default: label.")
  private @Nullable String label;

  @Option(
      names = "--features",
      paramLabel = "COLUMNS",
      description =
          "Of a table: columns of numbers, booleans or arrays, a,b,c, or one of bytes. Default: features; without such a column, all others of one number.")
  private @Nullable String features;

  @Option(
      names = "--ignore",
      paramLabel = "COLUMNS",
      description =
          "Of a table: columns that are taken for nothing, a,b,c; a name with a comma in double quotes. Default: none.")
  private @Nullable String ignore;

  @Option(
      names = "--weight",
      paramLabel = "COLUMN",
      description = "Of a table: what a row counts, a number >= 0. Default: none.")
  private @Nullable String weight;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description =
          "Of a table: Spark's data source. Default: what the files' names end with. csv and tsv have a header unless --read-option header=false.")
  private @Nullable String format;

  @Option(
      names = "--read-option",
      paramLabel = "NAME=VALUE",
      description =
          "Of a table: an option of Spark's data source, such as sep=\";\"; repeatable. Default: none.")
  private Map<String, String> readOptions = new LinkedHashMap<>();

  /** For picocli, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  DataArgument() {}

  /** What the user wrote. */
  String word() {
    return word;
  }

  /**
   * The data set that it names.
   *
   * @param validation what may be a column of a table, true for rows that are held out; or null
   * @throws IllegalArgumentException if it makes no sense
   */
  RowSource source(@Nullable String validation) {
    return RowSource.of(word, options(), TableOptions.DEFAULT.withValidation(validation));
  }

  /**
   * The same for a model, whose own columns hold where the user names none.
   *
   * @throws InvalidInputException if that makes no sense
   */
  RowSource sourceFor(ModelDescription model) {
    try {
      TableOptions trained = TableOptions.ofWords(model.options()).after(model.table());
      return RowSource.of(word, options(), trained);
    } catch (IllegalArgumentException wrong) {
      throw new InvalidInputException(String.valueOf(wrong.getMessage()), wrong);
    }
  }

  /** What is said of a table, by the names of the options. */
  Map<String, String> words() {
    return options().toWords();
  }

  private TableOptions options() {
    return new TableOptions(
        format,
        readOptions,
        columns("features", features),
        columns("label", label),
        weight,
        null,
        columns("ignore", ignore),
        TableReading.OWN);
  }

  private static List<String> columns(String option, @Nullable String list) {
    return list == null ? List.of() : TableOptions.columns(option, list);
  }
}
