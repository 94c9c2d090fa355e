package org.sparkprop.data.source;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.source.fetch.DatasetCache;
import org.sparkprop.data.source.idx.IdxSource;
import org.sparkprop.spark.Storage;

/**
 * A folder of IDX files under MNIST's names: {@code train-images-idx3-ubyte} and {@code
 * train-labels-idx1-ubyte} are the part {@code train}, {@code t10k-…} (or {@code test-…}) the part
 * {@code test}; any other prefix names a part of its own. A dot may stand for the last hyphen but
 * one, and each file may be gzipped ({@code .gz}).
 */
final class IdxFolder implements RowSource {
  private static final Pattern FILE =
      Pattern.compile("(.+)-(images|labels)[-.]idx\\d-[a-z0-9]+(\\.gz)?");

  private final String word;
  private final @Nullable DatasetCache cache;
  private Path folder;
  private @Nullable Map<String, Files> parts;

  private IdxFolder(String word, Path folder, @Nullable DatasetCache cache) {
    this.word = word;
    this.folder = folder;
    this.cache = cache;
  }

  /** Any folder of any Hadoop file system that has such files. */
  static IdxFolder of(String folder) {
    return new IdxFolder(folder, new Path(folder), null);
  }

  /** MNIST in the cache folder of this user, fetched when it is first asked for. */
  static IdxFolder mnist() {
    return mnist(DatasetCache.mnist());
  }

  static IdxFolder mnist(DatasetCache cache) {
    return new IdxFolder("mnist", new Path("."), cache);
  }

  /** Whether a file of this name would be one of a part. */
  static boolean isNameOfFile(String name) {
    return FILE.matcher(name).matches();
  }

  /** The two files of a part, as far as they are there. */
  private static final class Files {
    @Nullable Path images;
    @Nullable Path labels;
  }

  @Override
  public void prepare(SparkSession spark, Consumer<String> progress) {
    if (cache != null) {
      folder = new Path(cache.ensure(progress).toUri());
    }
    parts(spark);
  }

  @Override
  public boolean hasPart(SparkSession spark, String name) {
    return parts(spark).containsKey(name);
  }

  @Override
  public Dataset<Row> rows(SparkSession spark, Part part) {
    Map<String, Files> parts = parts(spark);
    Files files = parts.get(part.name());
    if (files == null) {
      throw new InvalidInputException(
          "Cannot find part %s of %s (it has %s)"
              .formatted(part.name(), word, String.join(", ", parts.keySet())));
    }
    if (files.images == null || files.labels == null) {
      throw new InvalidInputException(
          "Cannot read part %s of %s: there are no %s"
              .formatted(part.name(), word, files.images == null ? "images" : "labels"));
    }
    return part.cut(
        spark
            .read()
            .format("idx")
            .option(IdxSource.LABELS, files.labels.toString())
            // Executors on other hosts cannot see this user's cache folder. A folder that the user
            // named is the user's promise that all hosts can.
            .option(IdxSource.SHIP, cache != null && !spark.sparkContext().isLocal())
            .load(files.images.toString()));
  }

  @Override
  public String toString() {
    return word;
  }

  /** The parts of the folder, which is listed once. */
  private Map<String, Files> parts(SparkSession spark) {
    Map<String, Files> listed = parts;
    if (listed == null) {
      listed = list(spark);
      parts = listed;
    }
    return listed;
  }

  private Map<String, Files> list(SparkSession spark) {
    FileStatus[] found;
    try {
      FileSystem fs = Storage.reached(folder, spark.sparkContext().hadoopConfiguration());
      found = fs.listStatus(folder);
    } catch (IOException unreachable) {
      throw new InvalidInputException(
          "Cannot read %s: %s".formatted(word, unreachable.getMessage()), unreachable);
    }
    Map<String, Files> parts = new TreeMap<>();
    for (FileStatus file : found) {
      Matcher name = FILE.matcher(file.getPath().getName());
      if (name.matches()) {
        String part = name.group(1).equals("t10k") ? TEST : name.group(1);
        Files files = parts.computeIfAbsent(part, key -> new Files());
        boolean images = name.group(2).equals("images");
        Path twin = images ? files.images : files.labels;
        Path chosen =
            Stream.of(twin, file.getPath())
                .filter(p -> p != null && !p.getName().endsWith(".gz"))
                .findFirst()
                .orElse(file.getPath());
        if (images) {
          files.images = chosen;
        } else {
          files.labels = chosen;
        }
      }
    }
    return parts;
  }
}
