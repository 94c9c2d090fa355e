package org.sparkprop.data.source;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.base.Nearest;
import org.sparkprop.data.source.column.TableFacts;
import org.sparkprop.data.source.column.TableOptions;
import org.sparkprop.data.source.column.TableReading;
import org.sparkprop.spark.Storage;

/** What lies at a path: a folder of IDX files, else a table. */
final class PathSource implements RowSource {
  private final String word;
  private final Path path;
  private final TableOptions given;
  private final TableOptions options;
  private final @Nullable String otherFormat;
  private @Nullable RowSource found;

  /**
   * @param given what the user says of a table
   * @param recorded what holds where the user says nothing; its format only where the files' names
   *     tell none
   * @throws IllegalArgumentException if the word is no path, or a column is two things at once
   */
  PathSource(String word, TableOptions given, TableOptions recorded) {
    this.word = word;
    this.path = path(word);
    this.given = given;
    this.options = given.or(recorded);
    this.otherFormat = recorded.format();
  }

  @Override
  public void prepare(SparkSession spark, Consumer<String> progress) {
    found(spark).prepare(spark, progress);
  }

  @Override
  public boolean hasPart(SparkSession spark, String name) {
    return found(spark).hasPart(spark, name);
  }

  @Override
  public String partToEvaluate(SparkSession spark) {
    return found(spark).partToEvaluate(spark);
  }

  @Override
  public Dataset<Row> rows(SparkSession spark, Part part) {
    return found(spark).rows(spark, part);
  }

  @Override
  public RowSource at(String word) {
    return found == null ? RowSource.super.at(word) : found.at(word);
  }

  @Override
  public void readAs(TableReading reading) {
    if (found == null) {
      throw new IllegalStateException("not prepared");
    }
    found.readAs(reading);
  }

  @Override
  public TableFacts facts() {
    return found == null ? TableFacts.NONE : found.facts();
  }

  @Override
  public InvalidInputException locate(Part part, InvalidInputException refused) {
    return found == null ? refused : found.locate(part, refused);
  }

  @Override
  public String toString() {
    return word;
  }

  /** The source, which is looked for once. */
  private RowSource found(SparkSession spark) {
    RowSource source = found;
    if (source == null) {
      source = look(spark);
      found = source;
    }
    return source;
  }

  private RowSource look(SparkSession spark) {
    try {
      FileSystem fs = Storage.reached(path, spark.sparkContext().hadoopConfiguration());
      List<FileStatus> files = files(fs);
      if (files.isEmpty()) {
        throw new InvalidInputException(
            "Cannot read %s: no such file or folder (must be %s)%s"
                .formatted(
                    word,
                    NAMES,
                    Nearest.hint(word, List.of("mnist", "spiral", "friedman", "imbalance"))));
      }
      if (given.format() == null && hasIdxFiles(fs, files)) {
        return idxFolder();
      }
      TableFinder tables =
          new TableFinder(word, given.format(), otherFormat, options.readOptions(), fs);
      return new TableSource(word, options, tables.parts(files));
    } catch (IOException unreachable) {
      throw new InvalidInputException(
          "Cannot read %s: %s".formatted(word, unreachable.getMessage()), unreachable);
    }
  }

  /** What is at the path or, if there is nothing, what its globs find. */
  private List<FileStatus> files(FileSystem fs) throws IOException {
    if (fs.exists(path)) {
      return List.of(fs.getFileStatus(path));
    }
    try {
      FileStatus[] matches = fs.globStatus(path);
      return matches == null ? List.of() : Arrays.asList(matches);
    } catch (IllegalArgumentException colon) { // Hadoop takes it for the end of a scheme
      throw new InvalidInputException(
          "Cannot read %s: a name that the glob looks at has a colon (name the file, or its folder)"
              .formatted(word),
          colon);
    }
  }

  private RowSource idxFolder() {
    try {
      given.refuseFor(word);
    } catch (IllegalArgumentException ignored) {
      throw new InvalidInputException(String.valueOf(ignored.getMessage()), ignored);
    }
    return IdxFolder.of(word);
  }

  private static Path path(String word) {
    try {
      return new Path(word);
    } catch (IllegalArgumentException malformed) {
      String wanted =
          word.indexOf(':') > 0
              ? "a path: what stands before a colon is the scheme of a file system; give the whole path, from / on"
              : NAMES;
      throw new IllegalArgumentException(
          "Invalid data: %s (must be %s)".formatted(word, wanted), malformed);
    }
  }

  private static boolean hasIdxFiles(FileSystem fs, List<FileStatus> files) throws IOException {
    if (files.size() != 1 || !files.get(0).isDirectory()) {
      return false;
    }
    return Arrays.stream(fs.listStatus(files.get(0).getPath()))
        .anyMatch(file -> IdxFolder.isNameOfFile(file.getPath().getName()));
  }
}
