package org.sparkprop.data.source.file;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import com.univocity.parsers.common.TextParsingException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
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
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.spark.CompressedFile;
import org.sparkprop.spark.JobDescription;

/**
 * What each CSV file of a table looks like, before Spark reads it: its header, and whether values
 * go on over line breaks. One Spark job, which cuts large files as Spark does.
 */
final class CsvLook {
  private static final int RANGES_PER_TASK = 64;

  /** Characters of a second record, which tell what it has. */
  private static final int MAX_SECOND = 10_000;

  private static final int MAX_TEXT = 60;

  /** What stands for bytes that are no character. */
  private static final char REPLACEMENT = '\ufffd';

  private static final String REPLACED = String.valueOf(REPLACEMENT);

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
   * @param second the start of its second record; null if it has none
   * @param unlike what it is instead, and what to do; null if it may be CSV as it was described
   * @param suffixes whether a cell of it may be a number with a letter that Java has for types
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
      @Nullable String second,
      @Nullable String unlike,
      boolean suffixes) {}

  @DefaultSerializer(JavaSerializer.class)
  private record Range(int file, String path, long start, long end) implements Serializable {}

  @DefaultSerializer(JavaSerializer.class)
  private record Found(
      int file,
      CsvScan.@Nullable Range range,
      @Nullable ArrayList<String> header,
      @Nullable String headerText,
      @Nullable String second,
      @Nullable String unlike)
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
      if (range.start() == 0) {
        String unlike = unlike(start(path, hadoop, FileKind.BYTES), settings);
        if (unlike != null) {
          return new Found(range.file(), null, null, null, null, unlike);
        }
      }
      CsvDialect dialect = settings.dialect();
      CsvScan.Range scanned = CsvScan.of(path, hadoop, dialect, range.start(), range.end());
      if (range.start() > 0) {
        return new Found(range.file(), scanned, null, null, null, null);
      }
      try (CsvRecords records = CsvRecords.open(range.path(), hadoop, dialect, true)) {
        String first = records.next();
        String second = records.next();
        List<String> cells = cells(first, settings);
        return new Found(
            range.file(),
            scanned,
            cells == null ? null : new ArrayList<>(cells),
            first,
            second == null ? null : second.substring(0, Math.min(second.length(), MAX_SECOND)),
            first == null || settings.encoding() != null ? null : notUtf8(path, hadoop, first));
      }
    } catch (IOException unreadable) {
      throw new InvalidInputException(
          "Cannot read %s: %s".formatted(path, unreadable.getMessage()), unreadable);
    }
  }

  private static byte[] start(Path path, Configuration hadoop, int bytes) throws IOException {
    try (InputStream in = CompressedFile.open(path, hadoop)) {
      return in.readNBytes(bytes);
    }
  }

  private static @Nullable String unlike(byte[] start, CsvSettings settings) {
    String kind = FileKind.ofCsv(start);
    String encoding = settings.encoding() == null ? FileKind.wideEncoding(start) : null;
    if (kind == null && encoding != null) {
      kind = "%s text (give --read-option encoding=%s)".formatted(encoding, encoding);
    }
    return kind == null ? null : "it is " + kind;
  }

  /** What to say of a header that UTF-8 has no characters for; null if it has. */
  private static @Nullable String notUtf8(Path path, Configuration hadoop, String header)
      throws IOException {
    if (header.indexOf(REPLACEMENT) < 0) {
      return null;
    }
    byte[] bytes = start(path, hadoop, 4 * header.length());
    String asRead = new String(bytes, StandardCharsets.ISO_8859_1);
    boolean written =
        asRead.contains(
            new String(REPLACED.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    return written
        ? null // whoever wrote the file had lost the character
        : "its first line is no UTF-8 text, \"%s\" (give --read-option encoding=ISO-8859-1)"
            .formatted(header.substring(0, Math.min(header.length(), MAX_TEXT)));
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
    boolean suffixes = false;
    for (Found found : ranges) {
      CsvScan.Range range = found.range();
      if (range != null) {
        unclosed |= !broken && range.unclosed(); // else nobody knows where this range began
        broken |= range.brokenValue();
        lineEnds |= range.lineEnds();
        suffixes |= range.suffixes();
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
        start.second(),
        start.unlike(),
        suffixes);
  }
}
