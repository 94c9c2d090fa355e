package org.sparkprop.data.source.file;

import com.univocity.parsers.common.TextParsingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkThrowable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.spark.Globs;

/**
 * The CSV files of a table, looked at before Spark reads them: so that Spark is told what it does
 * not see itself, and refuses what it would otherwise take for something else.
 */
public final class CsvTable implements SecondLook {
  private final List<CsvLook.File> files;
  private final CsvSettings settings;
  private final Configuration hadoop;
  private @Nullable StructType schema;
  private Set<String> used = Set.of();

  private CsvTable(List<CsvLook.File> files, CsvSettings settings, Configuration hadoop) {
    this.files = files;
    this.settings = settings;
    this.hadoop = hadoop;
  }

  /**
   * Looks at the files, in one Spark job.
   *
   * @param options what Spark is told unless the files ask for more
   * @param name what the user calls the table
   * @param warnings told what is doubtful
   * @throws InvalidInputException if they do not go together, or cannot be read as they are
   */
  public static CsvTable of(
      SparkSession spark,
      List<FileStatus> found,
      Map<String, String> options,
      Configuration hadoop,
      String name,
      Consumer<String> warnings) {
    CsvSettings settings = CsvSettings.of(options, spark.conf().get("spark.sql.session.timeZone"));
    if (!settings.dialect().hasLinesOfBytes()) {
      settings = settings.with("multiLine", "true"); // no line break is one byte
    }
    long split =
        ((Number) session(spark).sessionState().conf().filesMaxPartitionBytes()).longValue();
    List<CsvLook.File> files = CsvLook.at(spark, found, settings, hadoop, split, name);
    CsvHeaders headers = new CsvHeaders(files, settings);
    headers.check(warnings);
    CsvTable table = new CsvTable(files, settings.forColumns(headers.width()), hadoop);
    return new CsvTable(files, table.forBrokenValues(), hadoop);
  }

  private static org.apache.spark.sql.classic.SparkSession session(SparkSession spark) {
    return (org.apache.spark.sql.classic.SparkSession) spark;
  }

  /** What Spark is told. */
  public Map<String, String> options() {
    return settings.options();
  }

  @Override
  public void uses(StructType schema, Set<String> columns) {
    int width = CsvHeaders.first(files).size(); // then come those of the folders' names
    this.schema =
        schema.size() < width ? null : new StructType(Arrays.copyOf(schema.fields(), width));
    this.used = Set.copyOf(columns);
  }

  /** The settings under which values that go on over line breaks are read whole. */
  private CsvSettings forBrokenValues() {
    for (CsvLook.File file : files) {
      if (file.unclosed()) {
        throw new InvalidInputException(faultOf(file, "ends within quotes (must be closed)"));
      }
    }
    CsvLook.File broken = files.stream().filter(CsvLook.File::brokenValue).findFirst().orElse(null);
    if (broken == null) {
      return settings;
    }
    boolean forbidden = settings.says("multiLine") && !settings.isSet("multiLine");
    boolean large = !settings.says("multiLine") && files.stream().anyMatch(file -> !file.whole());
    if (forbidden || large) {
      throw new InvalidInputException(
          faultOf(
              broken,
              "begins a value in quotes that goes on in the next line (give --read-option multiLine=true; each file is then read by one task)"));
    }
    return lineEnds(settings.with("multiLine", "true"));
  }

  /** Spark takes the first line break for that of all lines, even where it lies within quotes. */
  private CsvSettings lineEnds(CsvSettings whole) {
    boolean wrong = false;
    int all = 0;
    for (CsvLook.File file : files) {
      all |= file.lineEnds();
      boolean others =
          switch (file.firstLineEnd()) {
            case NONE, CR -> false;
            case LF ->
                CsvScan.LineEnd.CRLF.isIn(file.lineEnds())
                    || CsvScan.LineEnd.CR.isIn(file.lineEnds());
            case CRLF -> CsvScan.LineEnd.CR.isIn(file.lineEnds());
          };
      wrong |= others;
    }
    if (!wrong) {
      return whole;
    }
    return whole.with("lineSep", CsvScan.LineEnd.CR.isIn(all) ? "\r" : "\r\n");
  }

  /** The first record of a file that is malformed or goes on over a line break. */
  private String faultOf(CsvLook.File file, String brokenValue) {
    try {
      CsvSettings whole = settings.without("multiLine").with("multiLine", "true");
      CsvFault malformed = new CsvFault(whole, List.of(), null, Set.of());
      return malformed.inOrBroken(file.path(), hadoop, brokenValue);
    } catch (IOException unreadable) {
      throw new InvalidInputException(
          "Cannot read %s: %s".formatted(file.path(), unreadable.getMessage()), unreadable);
    }
  }

  /**
   * The types of the columns, where Spark would infer them wrongly: it takes names with brackets
   * for globs when it infers from whole files, and headers that are written in another way for
   * rows. Null where it does not.
   */
  @Nullable
  public StructType inferred(SparkSession spark) {
    boolean globs =
        settings.isSet("multiLine")
            && files.stream().anyMatch(file -> Globs.isMistaken(file.path()));
    Set<String> headers = new HashSet<>();
    files.stream()
        .filter(file -> file.header() != null && settings.isSet("header"))
        .forEach(file -> headers.add(String.valueOf(file.headerText())));
    if (!globs && headers.size() < 2) {
      return null;
    }
    Dataset<String> records = records(spark);
    return spark.read().options(settings.without("multiLine").options()).csv(records).schema();
  }

  /**
   * The types of the columns, where Spark has taken texts such as {@code 5d} for numbers, as Java
   * does; null where it has not.
   *
   * @param table with the types that Spark has inferred
   * @param load the same with types that are given
   */
  @Nullable
  public StructType withoutSuffixes(
      Dataset<Row> table, Function<StructType, Dataset<Row>> load, String name) {
    if (!settings.isSet("inferSchema") || files.stream().noneMatch(CsvLook.File::suffixes)) {
      return null;
    }
    StructField[] fields = table.schema().fields();
    List<Integer> doubles = new ArrayList<>();
    for (int i = 0; i < Math.min(fields.length, CsvHeaders.first(files).size()); i++) {
      if (fields[i].dataType() instanceof DoubleType) {
        doubles.add(i);
      }
    }
    if (doubles.isEmpty()) {
      return null;
    }
    BitSet texts = SuffixedNumbers.in(load.apply(asText(fields, doubles)), doubles, name);
    return texts.isEmpty() ? null : asText(fields, texts.stream().boxed().toList());
  }

  private static StructType asText(StructField[] fields, List<Integer> columns) {
    StructField[] texts = fields.clone();
    for (int at : columns) {
      StructField field = fields[at];
      texts[at] =
          new StructField(field.name(), DataTypes.StringType, field.nullable(), field.metadata());
    }
    return new StructType(texts);
  }

  /** All records, with the header of the first file alone. */
  private Dataset<String> records(SparkSession spark) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<SerializableConfiguration> conf =
        context.broadcast(new SerializableConfiguration(hadoop));
    List<String> paths =
        files.stream().filter(f -> f.header() != null).map(CsvLook.File::path).toList();
    CsvSettings told = settings;
    String first = paths.get(0);
    return spark.createDataset(
        context
            .parallelize(paths, paths.size())
            .flatMap(
                path ->
                    new CsvRecordIterator(
                        CsvRecords.open(
                            path, conf.value().value(), told.dialect(), told.isSet("multiLine")),
                        told.isSet("header") && !path.equals(first)))
            .rdd(),
        Encoders.STRING());
  }

  @Override
  public String hintOfNames() {
    CsvLook.File first =
        files.stream().filter(file -> file.header() != null).findFirst().orElse(null);
    if (first == null) {
      return "";
    }
    String hint = CsvStart.hint(first, settings, hadoop);
    return hint.isEmpty() && settings.isSet("header")
        ? CsvHeaders.hintOfBlanks(CsvHeaders.first(files))
        : hint;
  }

  @Override
  public @Nullable String lineOf(Throwable failed) {
    if (!isMalformed(failed)) {
      return null;
    }
    List<String> header = settings.isSet("header") ? CsvHeaders.first(files) : List.of();
    CsvFault fault = new CsvFault(settings, header, schema, used);
    String bad = ReadFailure.fileOf(failed);
    try {
      for (CsvLook.File file : files) {
        if (bad == null || new Path(file.path()).toUri().getPath().equals(bad)) {
          String line = fault.in(file.path(), hadoop);
          if (line != null) {
            return line;
          }
        }
      }
      return null;
    } catch (IOException unreadable) {
      return null; // then Spark's words are all there is
    }
  }

  @Override
  public long lineOf(String file, long index) {
    if (settings.dropsRows()) {
      return 0;
    }
    long record = settings.isSet("header") ? index + 1 : index;
    for (CsvLook.File one : files) {
      Path path = new Path(one.path());
      if (SecondLook.isSame(path, file)) {
        try (CsvRecords records =
            CsvRecords.open(one.path(), hadoop, settings.dialect(), settings.isSet("multiLine"))) {
          return records.lineOf(record);
        } catch (IOException unreadable) {
          return 0; // then its number in the file has to do
        }
      }
    }
    return 0;
  }

  private static boolean isMalformed(Throwable failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof TextParsingException
          || (cause instanceof SparkThrowable spark
              && String.valueOf(spark.getCondition()).startsWith("MALFORMED_"))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return files.stream().map(CsvLook.File::path).collect(Collectors.joining(", "));
  }
}
