package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import com.univocity.parsers.common.TextParsingException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * What each CSV file of a table looks like, before Spark reads it: its header, and whether values
 * go on over line breaks. One Spark job, which cuts large files as Spark does.
 */
final class CsvLook {
  private static final int RANGES_PER_TASK = 64;

  private CsvLook() {}

  /**
   * A file.
   *
   * @param header the cells of its first record; null if it has none
   * @param headerText that record as it is written
   * @param brokenValue whether a value goes on over a line break
   * @param unclosed whether it ends within quotes
   * @param lineEnds bits of the line ends outside quotes
   * @param firstLineEnd of all
   * @param whole whether one task of Spark reads it
   * @param encoding what it seems to be written in, null if that is what was given
   */
  record File(
      String path,
      @Nullable List<String> header,
      @Nullable String headerText,
      boolean brokenValue,
      boolean unclosed,
      int lineEnds,
      CsvScan.LineEnd firstLineEnd,
      boolean whole,
      @Nullable String encoding) {}

  @DefaultSerializer(JavaSerializer.class)
  private record Range(int file, String path, long start, long end) implements Serializable {}

  @DefaultSerializer(JavaSerializer.class)
  private record Found(
      int file,
      CsvScan.@Nullable Range range,
      @Nullable ArrayList<String> header,
      @Nullable String headerText,
      @Nullable String encoding)
      implements Serializable {}

  /**
   * Looks at all files.
   *
   * @param files in the order of their paths
   * @param splitBytes the most that one task of Spark reads of a file
   * @param name of the table, for the job
   */
  static List<File> at(
      SparkSession spark,
      List<FileStatus> files,
      CsvSettings settings,
      Configuration hadoop,
      long splitBytes,
      String name) {
    // What only one task reads is scanned from its start, and tells about each of its line ends.
    boolean bytes = settings.dialect().canBeScannedAsBytes() && !settings.isSet("multiLine");
    List<Range> ranges = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      Path path = files.get(i).getPath();
      long length = files.get(i).getLen();
      boolean cut = bytes && !CompressedFile.is(path, hadoop);
      for (long start = 0; start == 0 || (cut && start < length); start += splitBytes) {
        boolean last = !cut || start + splitBytes >= length;
        ranges.add(
            new Range(i, path.toString(), start, last ? Long.MAX_VALUE : start + splitBytes));
      }
    }
    if (ranges.isEmpty()) {
      return List.of();
    }
    List<Found> found = run(spark, ranges, settings, hadoop, name);
    Map<Integer, List<Found>> byFile =
        found.stream().collect(Collectors.groupingBy(Found::file)); // each in the order of ranges
    List<File> looks = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      FileStatus file = files.get(i);
      boolean whole =
          file.getLen() <= splitBytes || !CompressedFile.isSplittable(file.getPath(), hadoop);
      looks.add(merge(file.getPath().toString(), byFile.getOrDefault(i, List.of()), whole));
    }
    return looks;
  }

  private static List<Found> run(
      SparkSession spark,
      List<Range> ranges,
      CsvSettings settings,
      Configuration hadoop,
      String name) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<SerializableConfiguration> conf =
        context.broadcast(new SerializableConfiguration(hadoop));
    int tasks =
        Math.max(
            Math.min(ranges.size(), 2 * context.defaultParallelism()),
            (ranges.size() + RANGES_PER_TASK - 1) / RANGES_PER_TASK);
    try {
      return JobDescription.during(
          spark.sparkContext(),
          "looking at the lines of " + name,
          () ->
              context
                  .parallelize(ranges, tasks)
                  .map(range -> look(range, settings, conf.value().value()))
                  .collect());
    } finally {
      conf.destroy();
    }
  }

  private static Found look(Range range, CsvSettings settings, Configuration hadoop) {
    Path path = new Path(range.path());
    try {
      if (range.start() == 0 && settings.encoding() == null) {
        String encoding = CsvScan.wideEncoding(path, hadoop);
        if (encoding != null) {
          return new Found(range.file(), null, null, null, encoding);
        }
      }
      CsvDialect dialect = settings.dialect();
      CsvScan.Range scanned = CsvScan.of(path, hadoop, dialect, range.start(), range.end());
      if (range.start() > 0) {
        return new Found(range.file(), scanned, null, null, null);
      }
      try (CsvRecords records = CsvRecords.open(range.path(), hadoop, dialect, true)) {
        String first = records.next();
        List<String> cells = cells(first, settings);
        return new Found(
            range.file(), scanned, cells == null ? null : new ArrayList<>(cells), first, null);
      }
    } catch (IOException unreadable) {
      throw new InvalidInputException(
          "Cannot read %s: %s".formatted(path, unreadable.getMessage()), unreadable);
    }
  }

  private static @Nullable List<String> cells(@Nullable String record, CsvSettings settings) {
    if (record == null) {
      return null;
    }
    try {
      String[] cells = settings.parserOfAny(record).parseLine(record);
      ArrayList<String> names = new ArrayList<>();
      for (String cell : cells == null ? new String[0] : cells) {
        names.add(cell == null ? "" : cell);
      }
      return names;
    } catch (TextParsingException malformed) {
      return null; // whoever reads the rows says where
    }
  }

  private static File merge(String path, List<Found> ranges, boolean whole) {
    boolean broken = false;
    boolean unclosed = false;
    int lineEnds = 0;
    for (Found found : ranges) {
      CsvScan.Range range = found.range();
      if (range != null) {
        unclosed |= !broken && range.unclosed(); // else nobody knows where this range began
        broken |= range.brokenValue();
        lineEnds |= range.lineEnds();
      }
    }
    Found start = ranges.get(0);
    CsvScan.Range first = start.range();
    return new File(
        path,
        start.header(),
        start.headerText(),
        broken,
        unclosed,
        lineEnds,
        first == null ? CsvScan.LineEnd.NONE : first.first(),
        whole,
        start.encoding());
  }
}
