package org.sparkprop.data.source.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkThrowable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import org.sparkprop.spark.CompressedFile;
import org.sparkprop.spark.Globs;
import scala.jdk.javaapi.CollectionConverters;

/** The JSON files of a table: which line of which file is no object. */
public final class JsonTable implements SecondLook {
  private static final int MAX_TEXT = 60;

  private final List<FileStatus> files;
  private final Map<String, String> options;
  private final Configuration hadoop;

  public JsonTable(List<FileStatus> files, Map<String, String> options, Configuration hadoop) {
    this.files = files;
    this.options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    this.options.putAll(options);
    this.hadoop = hadoop;
  }

  /**
   * The types of the columns, where Spark would infer them from another file because it takes the
   * name of one for a glob; null where it does not.
   */
  @Nullable
  public StructType inferred(SparkSession spark) {
    boolean mistaken = files.stream().anyMatch(file -> Globs.isMistaken(file.getPath().toString()));
    if (!isMultiLine() || !mistaken) {
      return null;
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<SerializableConfiguration> conf =
        context.broadcast(new SerializableConfiguration(hadoop));
    String encoding = Objects.requireNonNullElse(encoding(), "UTF-8");
    List<String> paths = files.stream().map(file -> file.getPath().toString()).toList();
    return spark
        .read()
        .options(options)
        .json(
            spark.createDataset(
                context
                    .parallelize(paths, paths.size())
                    .map(path -> content(path, conf.value().value(), encoding))
                    .rdd(),
                Encoders.STRING()))
        .schema();
  }

  private static String content(String path, Configuration hadoop, String encoding)
      throws IOException {
    try (InputStream in = CompressedFile.open(new Path(path), hadoop)) {
      return new String(in.readAllBytes(), Charset.forName(encoding));
    }
  }

  private boolean isMultiLine() {
    return "true".equalsIgnoreCase(options.get("multiLine"));
  }

  @Override
  public @Nullable String lineOf(Throwable failed) {
    boolean twice = isTwice(failed);
    if (!isMalformed(failed) && !twice) {
      return null;
    }
    JsonFactory json = json();
    String bad = ReadFailure.fileOf(failed);
    try {
      for (FileStatus file : files) {
        if (bad == null || bad.equals(file.getPath().toUri().getPath())) {
          String kind = FileKind.of(start(file.getPath()));
          if (kind != null) {
            return "Cannot read %s: it is %s".formatted(file.getPath(), kind);
          }
          if (isMultiLine()) {
            continue;
          }
          String line = twice ? twiceIn(file.getPath(), json) : in(file.getPath(), json);
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

  private byte[] start(Path file) throws IOException {
    try (InputStream in = CompressedFile.open(file, hadoop)) {
      return in.readNBytes(FileKind.BYTES);
    }
  }

  /** The first line that names a key twice. */
  private @Nullable String twiceIn(Path file, JsonFactory json) throws IOException {
    try (BufferedReader lines = lines(file)) {
      long number = 1;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String key = twice(line, json);
        if (key != null) {
          return "Cannot read %s: line %d has %s twice, %s (must be there once: a row has one value of a column)"
              .formatted(file, number, key, text(line));
        }
        number++;
      }
      return null;
    }
  }

  private static @Nullable String twice(String line, JsonFactory json) throws IOException {
    Set<String> keys = new HashSet<>();
    int depth = 0;
    try (JsonParser parser = json.createParser(line)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (depth == 1 && token == JsonToken.FIELD_NAME && !keys.add(parser.currentName())) {
          return parser.currentName();
        }
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      }
      return null;
    } catch (JsonProcessingException malformed) {
      return null;
    }
  }

  private static boolean isTwice(Throwable failed) {
    return failed instanceof SparkThrowable spark
        && "COLUMN_ALREADY_EXISTS".equals(spark.getCondition());
  }

  private @Nullable String in(Path file, JsonFactory json) throws IOException {
    try (BufferedReader lines = lines(file)) {
      long number = 1;
      boolean first = true;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          if (!isWhole(line, json)) {
            return "Cannot read %s: line %d is %s (must be an object%s)"
                .formatted(
                    file,
                    number,
                    text(line),
                    first
                        ? " on one line; give --read-option multiLine=true where objects go on over lines, or the file is one array"
                        : " on one line");
          }
          first = false;
        }
        number++;
      }
      return null;
    }
  }

  @Override
  public long lineOf(String file, long index) {
    boolean otherLines = options.containsKey("lineSep") || encoding() != null;
    if (isMultiLine() || otherLines || "DROPMALFORMED".equalsIgnoreCase(options.get("mode"))) {
      return 0;
    }
    for (FileStatus one : files) {
      if (SecondLook.isSame(one.getPath(), file)) {
        try (BufferedReader lines = lines(one.getPath())) {
          return lineOf(lines, index);
        } catch (IOException unreadable) {
          return 0; // then its number in the file has to do
        }
      }
    }
    return 0;
  }

  private long lineOf(BufferedReader lines, long index) throws IOException {
    JsonFactory json = json();
    long number = 0;
    long rows = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      rows += rowsOf(line, json);
      if (rows > index) {
        return number;
      }
    }
    return 0;
  }

  /** How many rows Spark makes of a line: those of an array are its objects. */
  private static long rowsOf(String line, JsonFactory json) throws IOException {
    String text = line.strip();
    if (!text.startsWith("[")) {
      return text.isEmpty() ? 0 : 1;
    }
    long rows = 0;
    int depth = 0;
    try (JsonParser parser = json.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        rows += depth == 1 && token == JsonToken.START_OBJECT ? 1 : 0;
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (depth == 0) {
          break; // Spark does not look at what follows
        }
      }
    }
    return rows;
  }

  private @Nullable String encoding() {
    return options.getOrDefault("encoding", options.get("charset"));
  }

  private BufferedReader lines(Path file) throws IOException {
    return new BufferedReader(
        new InputStreamReader(CompressedFile.open(file, hadoop), StandardCharsets.UTF_8));
  }

  private JsonFactory json() {
    return new JSONOptions(
            scala.collection.immutable.Map$.MODULE$.from(CollectionConverters.asScala(options)),
            "UTC",
            "_corrupt_record")
        .buildJsonFactory();
  }

  private static boolean isWhole(String line, JsonFactory json) {
    int depth = 0;
    try (JsonParser parser = json.createParser(line)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (depth == 0 && !token.isStructStart()) {
          return false;
        }
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (depth == 0) {
          return true; // Spark does not look at what follows
        }
      }
      return false;
    } catch (JsonProcessingException malformed) {
      return false;
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static boolean isMalformed(Throwable failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkThrowable spark
          && String.valueOf(spark.getCondition()).startsWith("MALFORMED_")) {
        return true;
      }
    }
    return false;
  }

  private static String text(String line) {
    return line.length() <= MAX_TEXT ? line : line.substring(0, MAX_TEXT) + "…";
  }
}
