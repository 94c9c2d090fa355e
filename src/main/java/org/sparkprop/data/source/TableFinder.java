package org.sparkprop.data.source;

import static java.util.stream.Collectors.toList;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobFilter;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.source.file.ReadOptions;
import org.sparkprop.data.source.file.TableFormat;

/**
 * The tables that lie at a path: a file, what a glob finds, or a folder. A folder with files or
 * folders named {@code train…} or {@code test…} has a part for each name; any other is one table,
 * {@code train}.
 */
final class TableFinder {
  /** The part in the name of a file or folder; {@code year=2020} names a column, not a part. */
  private static final Pattern PART =
      Pattern.compile("(train|test|[a-z]+)[^=]*", Pattern.CASE_INSENSITIVE);

  private static final String NO_PART = "";

  private final String word;
  private final @Nullable String format;
  private final @Nullable String otherFormat;
  private final Map<String, String> readOptions;
  private final FileSystem fs;

  /**
   * @param word the path, as the user wrote it
   * @param format the name of a Spark data source, whatever the files' names end with; null for
   *     what they end with
   * @param otherFormat where they tell nothing; null for none
   * @param readOptions what the source is told beside the standard of its format
   */
  TableFinder(
      String word,
      @Nullable String format,
      @Nullable String otherFormat,
      Map<String, String> readOptions,
      FileSystem fs) {
    this.word = word;
    this.format = format;
    this.otherFormat = otherFormat;
    this.readOptions = readOptions;
    this.fs = fs;
  }

  /**
   * The table of each part.
   *
   * @param found what is at the path
   * @throws InvalidInputException if that is not a table
   */
  Map<String, TableLocation> parts(List<FileStatus> found) throws IOException {
    if (found.size() == 1 && found.get(0).isDirectory()) {
      Path folder = found.get(0).getPath();
      refuseDelta(folder);
      Map<String, List<FileStatus>> names =
          visible(folder).stream()
              .filter(this::canBeTable)
              .collect(Collectors.groupingBy(TableFinder::partOf, TreeMap::new, toList()));
      if (names.containsKey(RowSource.TRAIN) || names.containsKey(RowSource.TEST)) {
        names.remove(NO_PART);
        Map<String, TableLocation> parts = new TreeMap<>();
        for (Map.Entry<String, List<FileStatus>> part : names.entrySet()) {
          parts.put(part.getKey(), table(part.getValue()));
        }
        return parts;
      }
    }
    return Map.of(RowSource.TRAIN, table(found));
  }

  /** {@code train} for {@code Train-00001.csv} and {@code training}, {@code dev} for dev.csv. */
  private static String partOf(FileStatus file) {
    Matcher name = PART.matcher(file.getPath().getName());
    return name.matches() ? name.group(1).toLowerCase(Locale.ROOT) : NO_PART;
  }

  private boolean canBeTable(FileStatus file) {
    return file.isDirectory()
        || format != null
        || TableFormat.ofFile(file.getPath().getName()) != null;
  }

  private TableLocation table(List<FileStatus> found) throws IOException {
    List<String> paths = found.stream().map(file -> file.getPath().toString()).toList();
    if (format != null) {
      if (TableFormat.named(format) != null) {
        refuseUnread(found, file -> true);
      }
      return named(paths, format);
    }
    Set<TableFormat> formats = new TreeSet<>();
    for (FileStatus file : found) {
      addFormats(file, formats);
    }
    if (formats.size() > 1) {
      throw new InvalidInputException(
          "Cannot read %s: it has files of several formats, %s (name one with --format)"
              .formatted(
                  word,
                  formats.stream().map(TableFormat::word).collect(Collectors.joining(" and "))));
    }
    if (formats.isEmpty() && otherFormat != null) {
      if (TableFormat.named(otherFormat) != null) {
        refuseUnread(found, file -> true);
      }
      return named(paths, otherFormat);
    }
    if (formats.isEmpty()) {
      throw new InvalidInputException(
          "Cannot read %s: it holds neither IDX files nor files that end with %s (name their --format)"
              .formatted(
                  word,
                  Arrays.stream(TableFormat.values())
                      .map(format -> "." + format.word())
                      .collect(Collectors.joining(", "))));
    }
    TableFormat ofFiles = formats.iterator().next();
    refuseUnread(found, file -> TableFormat.ofFile(file.getName()) == ofFiles);
    boolean folders = found.stream().anyMatch(FileStatus::isDirectory);
    return new TableLocation.Files(
        paths,
        ofFiles.source(),
        ReadOptions.of(ofFiles, readOptions, word),
        folders ? ofFiles.glob() : null);
  }

  private TableLocation named(List<String> paths, String name) {
    TableFormat known = TableFormat.named(name);
    return known == null
        ? new TableLocation.Files(paths, name, readOptions, null)
        : new TableLocation.Files(
            paths, known.source(), ReadOptions.of(known, readOptions, word), null);
  }

  private void addFormats(FileStatus file, Set<TableFormat> formats) throws IOException {
    if (file.isDirectory()) {
      for (FileStatus child : visible(file.getPath())) {
        addFormats(child, formats);
      }
    } else {
      Stream.ofNullable(TableFormat.ofFile(file.getPath().getName())).forEach(formats::add);
    }
  }

  /** What Spark does not take as hidden. */
  private List<FileStatus> visible(Path folder) throws IOException {
    return Arrays.stream(fs.listStatus(folder))
        .filter(file -> !file.getPath().getName().startsWith("."))
        .filter(
            file ->
                !file.getPath().getName().startsWith("_") || file.getPath().getName().contains("="))
        .toList();
  }

  /**
   * Spark reads what lies in a folder itself and below folders named {@code name=value}; other
   * folders in it are left out without a word.
   *
   * @param isRead whether a file of this name counts where the user gives no filter
   */
  private void refuseUnread(List<FileStatus> found, Predicate<Path> isRead) throws IOException {
    Map<String, String> told = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    told.putAll(readOptions);
    // below another base path a folder's own name may be name=value
    if (Boolean.parseBoolean(told.get("recursiveFileLookup")) || told.containsKey("basePath")) {
      return;
    }
    String filter = told.get("pathGlobFilter");
    Predicate<Path> counts = filter == null ? isRead : new GlobFilter(filter)::accept;
    for (FileStatus folder : found) {
      if (folder.isDirectory()) {
        for (FileStatus child : visible(folder.getPath())) {
          Path unread = child.isDirectory() ? unread(child.getPath(), counts) : null;
          if (unread != null) {
            throw new InvalidInputException(
                "Cannot read %s: the files in its subfolder %s would be left out, since that is not named name=value (give --read-option recursiveFileLookup=true to read all subfolders, or let its name start with _ to go without)"
                    .formatted(word, unread));
          }
        }
      }
    }
  }

  /** The folder, this or one below it, whose files Spark would not read; null if there is none. */
  private @Nullable Path unread(Path folder, Predicate<Path> counts) throws IOException {
    if (folder.getName().contains("=")) {
      return null;
    }
    List<FileStatus> children = visible(folder);
    for (FileStatus child : children) {
      if (!child.isDirectory() && child.getLen() > 0 && counts.test(child.getPath())) {
        return folder;
      }
    }
    for (FileStatus child : children) {
      Path unread = child.isDirectory() ? unread(child.getPath(), counts) : null;
      if (unread != null) {
        return unread;
      }
    }
    return null;
  }

  private void refuseDelta(Path folder) throws IOException {
    if (format == null && fs.exists(new Path(folder, "_delta_log"))) {
      throw new InvalidInputException(
          "Cannot read %s: it is a Delta table (give --format delta, and spark-submit its package)"
              .formatted(word));
    }
  }
}
