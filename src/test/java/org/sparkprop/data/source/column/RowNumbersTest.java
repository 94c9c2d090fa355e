package org.sparkprop.data.source.column;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF0;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.TestSpark;
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.source.Part;
import org.sparkprop.data.source.RowSource;
import org.sparkprop.data.source.TableRows;
import org.sparkprop.data.source.idx.IdxFiles;
import org.sparkprop.data.source.idx.IdxSourceTest;
import org.sparkprop.spark.InternalRows;
import org.sparkprop.spark.SteadyRows;

/** Row numbers follow the files, however Spark cuts and gathers them. */
class RowNumbersTest {
  private static final int ROWS = 3000;
  private static final List<String> SETTINGS =
      List.of(
          "spark.sql.files.maxPartitionBytes",
          "spark.sql.files.openCostInBytes",
          "spark.sql.files.minPartitionNum");

  @TempDir Path folder;

  @AfterEach
  void shareTheSessionAgain() {
    SETTINGS.forEach(setting -> TestSpark.session().conf().unset(setting));
    TestSpark.shareAgain();
  }

  /** How Spark cuts: bytes of a split, what a file costs beside its bytes, and least partitions. */
  private static void cut(SparkSession spark, long bytes, long openCost, int partitions) {
    spark.conf().set("spark.sql.files.maxPartitionBytes", bytes);
    spark.conf().set("spark.sql.files.openCostInBytes", openCost);
    spark.conf().set("spark.sql.files.minPartitionNum", partitions);
  }

  private static Dataset<Row> rows(Path data, Map<String, String> readOptions) {
    SparkSession spark = TestSpark.session();
    TableOptions options =
        new TableOptions(null, readOptions, List.of("x"), List.of("x2"), null, null);
    RowSource source = RowSource.of(data.toString(), options, TableOptions.DEFAULT);
    source.prepare(spark, line -> {});
    return source.rows(spark, Part.parse("train"));
  }

  /** Every row has the number that is its value, and none is there twice or missing. */
  private static void assertNumbered(Dataset<Row> rows, String how) {
    List<Row> found = rows.selectExpr("row", "features[0]", "label").collectAsList();
    assertEquals(ROWS, found.size(), how);
    BitSet numbers = new BitSet();
    for (Row row : found) {
      assertEquals(row.getLong(0), (long) row.getFloat(1), how);
      assertEquals(row.getLong(0), (long) row.getDouble(2), how);
      numbers.set(Math.toIntExact(row.getLong(0)));
    }
    assertEquals(ROWS, numbers.cardinality(), how);
    assertEquals(ROWS, numbers.length(), how);
  }

  /** The pass that numbers rows counts them, and packing needs no other. */
  @Test
  void rowsThatAreNumberedAreNotCountedAgain() {
    String data = folder.resolve("t").toString();
    SparkSession spark = TestSpark.session();
    spark.range(0, 100, 1, 2).selectExpr("id x", "id % 2 label").write().parquet(data);
    Dataset<Row> rows =
        TableRows.of(spark.read().parquet(data), TableOptions.DEFAULT, "t", line -> {}).rows();
    assertEquals(100L, InternalRows.knownCount(rows));
    assertEquals(100L, InternalRows.knownCount(rows.select("row", "label")));
    assertNull(InternalRows.knownCount(rows.where("row < 7")));
    assertNull(InternalRows.knownCount(spark.read().parquet(data)));
    assertEquals(7, RowFormat.count(rows.where("row < 7"), "t"));
  }

  /** They are taken as they come, and the user is told once. */
  @Test
  void rowsThatChanceChoosesDrawAWarning() {
    Dataset<Row> table =
        TestSpark.session().range(100).selectExpr("id % 7 x", "id % 2 label", "id row");
    List<String> warnings = new ArrayList<>();
    TableRows.of(table, TableOptions.DEFAULT, "t", warnings::add);
    assertEquals(List.of(), warnings);
    TableRows.of(table.where("rand() < 0.5"), TableOptions.DEFAULT, "t", warnings::add);
    assertEquals(
        List.of(
            "rows of t depend on how Spark cuts them, or on chance: should some be lost and read again as others, the run ends; write them to files, and start from those"),
        warnings);
  }

  /** Of these a lost task is done again alone; of all others packing begins anew. */
  @Test
  void rowsAreSteadyAsFarAsTheirPlanTells() {
    String data = folder.resolve("t").toString();
    SparkSession spark = TestSpark.session();
    spark.range(0, 100, 1, 2).selectExpr("id x", "id % 2 label").write().parquet(data);
    Dataset<Row> file = spark.read().parquet(data);
    Dataset<Row> opaque = spark.createDataFrame(file.toJavaRDD(), file.schema());

    assertTrue(SteadyRows.are(file.join(file.where("x > 3"), "x").repartition(3)));
    assertFalse(SteadyRows.are(file.where("rand() < 0.5")));
    assertFalse(SteadyRows.are(file.limit(7)));
    assertFalse(SteadyRows.are(opaque));
    assertTrue(SteadyRows.are(packed(file)));
    assertTrue(SteadyRows.are(packed(spark.range(9).selectExpr("id x", "id % 2 label"))));
    assertFalse(SteadyRows.are(packed(file.repartition(3))), "numbered in an order of chance");
    assertTrue(SteadyRows.are(packed(file.withColumnRenamed("x", "row").selectExpr("*", "row x"))));
    assertFalse(SteadyRows.are(packed(opaque)));
  }

  private static Dataset<Row> packed(Dataset<Row> table) {
    return TableRows.of(table, TableOptions.DEFAULT, "t", line -> {}).rows();
  }

  /** What Spark computes from where a row lies in its task depends on how the file is cut. */
  @Test
  void rowsThatDependOnHowSparkCutsAreNotNumberedByTheirFiles() {
    String data = folder.resolve("t").toString();
    SparkSession spark = TestSpark.session();
    spark.range(0, 100, 1, 2).selectExpr("id x").write().parquet(data);
    Dataset<Row> table = spark.read().parquet(data);
    UserDefinedFunction random =
        functions.udf((UDF0<Double>) Math::random, DataTypes.DoubleType).asNondeterministic();

    assertNotNull(RowNumbers.places(table.where("x > 5").selectExpr("x + 1 y")));
    assertNotNull(RowNumbers.places(table.where("input_file_name() like '%part%'")));
    assertNull(RowNumbers.places(table.where("rand(7) < 0.5")));
    assertNull(RowNumbers.places(table.withColumn("n", functions.monotonically_increasing_id())));
    assertNull(RowNumbers.places(table.where(random.apply().gt(0.5))));
    assertNull(RowNumbers.places(table.where("rand(7) < 0.5 and input_file_name() like '%'")));
    assertNull(RowNumbers.places(table.where("rand(7) < 0.5").select("x").as("t")));
  }

  private static long splits(Path data, String format) {
    Dataset<Row> table = TestSpark.session().read().format(format).load(data.toString());
    return table.selectExpr("_metadata.file_path", "_metadata.file_block_start").distinct().count();
  }

  /** Files of 1, 20 and 2979 lines, in the order of their names. */
  private void writeLines(Path data, String ending, String header, String line) throws IOException {
    Files.createDirectories(data);
    int[] ends = {1, 21, ROWS};
    int row = 0;
    for (int file = 0; file < ends.length; file++) {
      StringBuilder text = new StringBuilder(header);
      for (; row < ends[file]; row++) {
        text.append(line.replace("N", Integer.toString(row)));
      }
      IdxFiles.write(
          data.resolve("part-%d%s".formatted(file, ending)), text.toString().getBytes(UTF_8));
    }
  }

  private Map<Path, Map<String, String>> tables() throws IOException {
    Map<Path, Map<String, String>> tables = new LinkedHashMap<>();
    Path csv = folder.resolve("csv");
    writeLines(csv, ".csv", "x,x2\n", "N,N\n");
    tables.put(csv, Map.of());
    Path gzipped = folder.resolve("gzipped");
    writeLines(gzipped, ".csv.gz", "x,x2\n", "N,N\n");
    tables.put(gzipped, Map.of());
    Path multiLine = folder.resolve("lines");
    writeLines(multiLine, ".csv", "text,x,x2\n", "\"a\nb\",N,N\n");
    tables.put(multiLine, Map.of("multiLine", "true"));
    Path json = folder.resolve("json");
    writeLines(json, ".json", "", "{\"x\": N, \"x2\": N}\n\n");
    tables.put(json, Map.of());
    Dataset<Row> written =
        TestSpark.session()
            .range(0, ROWS, 1, 2)
            .selectExpr("id x", "id x2", "cast(rand(1) as string) text");
    written
        .write()
        .option("parquet.block.size", 8192)
        .parquet(folder.resolve("parquet").toString());
    tables.put(folder.resolve("parquet"), Map.of());
    written
        .write()
        .option("orc.stripe.size", 8192)
        .option("orc.stripe.row.count", 500)
        .orc(folder.resolve("orc").toString());
    tables.put(folder.resolve("orc"), Map.of());
    return tables;
  }

  @Test
  @Tag("long")
  void numbersDoNotDependOnHowSparkCutsAndGathersFiles() throws IOException {
    SparkSession spark = TestSpark.session();
    Map<Path, Map<String, String>> tables = tables();
    cut(spark, 5000, 0, 1);
    assertTrue(splits(folder.resolve("csv"), "csv") > 4);
    assertTrue(splits(folder.resolve("json"), "json") > 4);
    assertTrue(splits(folder.resolve("parquet"), "parquet") > 3, "several row groups");
    assertTrue(splits(folder.resolve("orc"), "orc") > 3, "several stripes");
    for (long[] how : new long[][] {{128 << 20, 4 << 20, 1}, {5000, 0, 1}, {12000, 3000, 7}}) {
      cut(spark, how[0], how[1], (int) how[2]);
      for (Map.Entry<Path, Map<String, String>> table : tables.entrySet()) {
        assertNumbered(
            rows(table.getKey(), table.getValue()), table.getKey() + " in splits of " + how[0]);
      }
    }
  }

  @Test
  void numbersDoNotDependOnTheNumberOfCores() throws IOException {
    Path csv = folder.resolve("csv");
    writeLines(csv, ".csv", "x,x2\n", "N,N\n");
    SparkSession spark = TestSpark.restart("local[3]");
    spark.conf().set("spark.sql.files.openCostInBytes", 0);

    Dataset<Row> rows = rows(csv, Map.of());

    assertTrue(rows.javaRDD().getNumPartitions() > 2);
    assertNumbered(rows, "three cores");
  }

  @Test
  void linesThatSparkDropsHaveNoNumber() throws IOException {
    Path json = folder.resolve("t.json");
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      lines.add("{\"x\": %d, \"x2\": %d}".formatted(row, row));
      if (row % 7 == 0) {
        lines.add("{\"x\": 1, \"x2\":");
      }
    }
    Files.write(json, lines);
    cut(TestSpark.session(), 3000, 0, 1);

    assertNumbered(rows(json, Map.of("mode", "DROPMALFORMED")), "malformed lines");
  }

  @Test
  void aFileThatChangedSinceItWasCountedIsRefused() throws IOException {
    Path csv = Files.writeString(folder.resolve("t.csv"), "x,x2\n1111,0\n");
    Dataset<Row> rows = rows(csv, Map.of());
    Files.writeString(csv, "x,x2\n1,0\n2,0\n".substring(0, 12));

    Throwable refused = assertThrows(Exception.class, rows::collectAsList);

    assertEquals(
        "Cannot read %s train: it has changed since its rows were counted (file:%s)"
            .formatted(csv, csv),
        IdxSourceTest.rootMessage(refused));
  }
}
