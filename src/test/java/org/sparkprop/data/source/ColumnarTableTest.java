package org.sparkprop.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Refusal;
import org.sparkprop.TestSpark;
import org.sparkprop.data.source.column.TableOptions;

/** Parquet and ORC files of one table go together, or are refused by name. */
class ColumnarTableTest {
  @TempDir Path folder;

  private final SparkSession spark = TestSpark.session();
  private final List<String> told = new ArrayList<>();

  private List<String> rows(Path data, Map<String, String> read, String... features) {
    RowSource source =
        RowSource.of(
            data.toString(),
            new TableOptions(null, read, List.of(features), List.of(), null, null),
            TableOptions.DEFAULT);
    source.prepare(spark, told::add);
    return source.rows(spark, Part.parse("train")).orderBy("row").collectAsList().stream()
        .map(row -> row.getList(1) + " " + row.getDouble(2))
        .toList();
  }

  private String refused(Path data, Map<String, String> read, String... features) {
    return Refusal.of(() -> rows(data, read, features)).replace("file:" + folder, "");
  }

  private void save(String name, String format, String sql) throws IOException {
    Path written = folder.resolve("written");
    spark.sql(sql).coalesce(1).write().format(format).save(written.toString());
    try (var files = Files.list(written)) {
      Path file =
          files
              .filter(path -> path.getFileName().toString().startsWith("part-"))
              .findFirst()
              .orElseThrow();
      Files.createDirectories(folder.resolve("d"));
      Files.move(file, folder.resolve("d").resolve(name + "." + format));
    }
    try (var files = Files.list(written)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(written);
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void filesWithOtherColumnsAreRefusedByName(String format) throws IOException {
    Path data = folder.resolve("d");
    String one = "/d/1." + format;
    String two = "/d/2." + format;
    save("1", format, "select 1 x, 0 label");
    save("2", format, "select 1 label, 5 x");
    assertEquals(List.of("[1.0] 0.0", "[5.0] 1.0"), rows(data, Map.of()), "by name");

    Files.delete(data.resolve("2." + format));
    save("2", format, "select 2d x, 7 y, 1 label");
    assertEquals(
        "Cannot read %s: column x is double (must be int, as in %s; write the files with one type)"
            .formatted(two, one),
        refused(data, Map.of()));
    assertEquals(
        "Cannot read %s: column x is double (must be int, as in %s; write the files with one type)"
            .formatted(two, one),
        refused(data, Map.of("mergeSchema", "true")));

    Files.delete(data.resolve("2." + format));
    save("2", format, "select 2 x, 7 y, 1 label");
    assertEquals(
        "Cannot read %s: it has one column more, y, than %s (give --read-option mergeSchema=true to read all columns, or name those to learn from with --features)"
            .formatted(two, one),
        refused(data, Map.of()));
    assertEquals(List.of("[1.0] 0.0", "[2.0] 1.0"), rows(data, Map.of(), "x"));
    assertTrue(
        refused(data, Map.of(), "y")
            .endsWith(
                "; %s: it has one column more, y, than %s (give --read-option mergeSchema=true)"
                    .formatted(two, one)));
    assertEquals(
        List.of("[1.0, null] 0.0", "[2.0, 7.0] 1.0"),
        rows(data, Map.of("mergeSchema", "true"), "x", "y"));

    Files.delete(data.resolve("2." + format));
    save("2", format, "select 2 x");
    assertEquals(
        "Cannot read %s: it has no column label, which %s has (every file of a table needs it)"
            .formatted(two, one),
        refused(data, Map.of()));
  }

  private Path write(String name, String column) throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message t { required double x; required int32 label; required %s; }"
                .formatted(column));
    Path file = folder.resolve(name);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toString()))
            .withConf(new Configuration())
            .withType(schema)
            .build()) {
      for (int row = 0; row < 2; row++) {
        Group group = new SimpleGroup(schema);
        group.add("x", row + 0.5);
        group.add("label", row);
        if (column.startsWith("int64")) {
          group.add(2, 1_700_000_000_000_000_000L + row);
        } else {
          group.add(2, Binary.fromConstantByteArray(new byte[] {0, 60}));
        }
        writer.write(group);
      }
    }
    return file;
  }

  @Test
  void aMomentThatSparkCannotReadIsLeftOut() throws IOException {
    Path data = write("n.parquet", "int64 seen (TIMESTAMP(NANOS,false))");
    List<String> rows = List.of("[0.5] 0.0", "[1.5] 1.0");

    assertEquals(rows, rows(data, Map.of()));
    assertEquals(
        "warning: column seen of file:%s is left out: Spark cannot read TIMESTAMP(NANOS,false)"
            .formatted(data),
        told.get(0));
    assertEquals(rows, rows(data, Map.of(), "x"));
    assertEquals(
        "Cannot read /n.parquet: Spark cannot read column seen, which is TIMESTAMP(NANOS,false) (write it as another type)",
        refused(data, Map.of(), "x", "seen"));
    spark.conf().set("spark.sql.legacy.parquet.nanosAsLong", "true");
    try {
      assertEquals(rows, rows(data, Map.of()), "no feature unasked");
      assertEquals(2, rows(data, Map.of(), "x", "seen").size());
    } finally {
      spark.conf().unset("spark.sql.legacy.parquet.nanosAsLong");
    }
  }

  @Test
  void aNumberThatSparkCannotReadIsNotLeftOutInSilence() throws IOException {
    Path data = write("h.parquet", "fixed_len_byte_array(2) half (FLOAT16)");

    assertEquals(
        "Cannot read /h.parquet: Spark cannot read column half, which is FLOAT16 (write it as another type, or name the columns to learn from with --features)",
        refused(data, Map.of()));
    assertEquals(List.of("[0.5] 0.0", "[1.5] 1.0"), rows(data, Map.of(), "x"));
  }
}
