package org.sparkprop.data.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.Refusal;
import org.sparkprop.TestSpark;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.LabelFormat;
import org.sparkprop.data.Layout;
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.ShardPlan;
import org.sparkprop.data.Shards;
import org.sparkprop.data.source.column.TableOptions;
import org.sparkprop.data.source.idx.IdxFiles;

/** What a table becomes: rows with a number, features, a label, and what else was asked for. */
class TableSourceTest {
  @TempDir Path folder;

  private final SparkSession spark = TestSpark.session();
  private final List<String> told = new ArrayList<>();

  private static TableOptions columns(String features, String labels) {
    return new TableOptions(
        null,
        Map.of(),
        features.isEmpty() ? List.of() : TableOptions.columns("features", features),
        labels.isEmpty() ? List.of() : TableOptions.columns("label", labels),
        null,
        null);
  }

  private RowSource source(Path data, TableOptions options) {
    RowSource source = RowSource.of(data.toString(), options, TableOptions.DEFAULT);
    source.prepare(spark, told::add);
    return source;
  }

  private List<Row> rows(Path data, TableOptions options) {
    return rows(source(data, options), "train");
  }

  private List<Row> rows(RowSource source, String part) {
    return source.rows(spark, Part.parse(part)).orderBy("row").collectAsList();
  }

  private String refused(Path data, TableOptions options) {
    return Refusal.of(() -> rows(data, options));
  }

  private Path write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private Path save(String name, String format, String sql) {
    spark.sql(sql).coalesce(1).write().format(format).save(folder.resolve(name).toString());
    return folder.resolve(name);
  }

  private static List<Float> features(Row row) {
    return row.getList(row.fieldIndex("features"));
  }

  @Test
  void theNumbersOfACsvFileAreTheFeaturesOfItsRows() throws IOException {
    Path csv =
        write("houses.csv", "age,Label,name,area,old\n10,1.5,red,0.25,true\n20,-2,blue,4,false\n");

    List<Row> rows = rows(csv, TableOptions.DEFAULT);

    assertEquals(
        List.of("row", "features", "label"), Arrays.asList(rows.get(0).schema().fieldNames()));
    assertEquals(0L, rows.get(0).getLong(0));
    assertEquals(List.of(10f, 0.25f, 1f), features(rows.get(0)));
    assertEquals(1.5, rows.get(0).getDouble(2));
    assertEquals(1L, rows.get(1).getLong(0));
    assertEquals(List.of(20f, 4f, 0f), features(rows.get(1)));
    assertEquals(-2, rows.get(1).getDouble(2));
    assertEquals(
        List.of(
            "table: %s train, csv, first line is the header, types inferred".formatted(csv),
            "columns: label Label, features age, area, old",
            "left out: name (text)"),
        told);
  }

  @Test
  void namedColumnsComeInTheirOrder() throws IOException {
    Path csv = write("t.csv", "a,b.b,c,d,w,held\n1,2,3,4,0.5,true\n");

    Row row =
        rows(
                csv,
                new TableOptions(
                    null, Map.of(), List.of("c", "b.b"), List.of("d", "a"), "w", "held"))
            .get(0);

    assertEquals(List.of(3f, 2f), features(row));
    assertEquals(List.of(4f, 1f), row.getList(row.fieldIndex("label")));
    assertEquals(0.5, row.<Double>getAs("weight"));
    assertEquals(true, row.<Boolean>getAs("validation"));
  }

  @Test
  void columnsWithAPartToPlayAreNoFeatures() throws IOException {
    Path csv = write("t.csv", "row,a,label,w,held,text\n7,2,1,0.5,true,x\n");

    RowSource source =
        source(csv, new TableOptions(null, Map.of(), List.of(), List.of(), "w", "held"));

    assertEquals(List.of(2f), features(rows(source, "train").get(0)));
    assertEquals(List.of("a"), source.facts().features());
    assertEquals(7L, rows(source, "train").get(0).getLong(0), "the table's own number");
    assertEquals(
        List.of(
            "columns: label label, weight w, validation held, features a; rows numbered by row",
            "left out: text (text)"),
        told.subList(1, 3));
  }

  @Test
  void aColumnThatMayTellTheRowsHeldOutNeedNotBeThere() throws IOException {
    Path csv = write("t.csv", "a,label\n2,1\n");

    Row row = rows(csv, TableOptions.DEFAULT.withValidation("held")).get(0);

    assertEquals(List.of("row", "features", "label"), Arrays.asList(row.schema().fieldNames()));
  }

  @Test
  void arraysNumbersAndVectorsAreJoinedIntoOneArray() {
    // Spark's machine learning stores a vector so: 0 is sparse, 1 is dense.
    String vector = "struct<type:tinyint,size:int,indices:array<int>,values:array<double>>";
    Path data =
        save(
            "t",
            "parquet",
            "select 1 label, array(1d, 2d) a, 3 b, true c, cast(4.5 as decimal(5,2)) d,"
                + " cast((0, 4, array(1, 3), array(5d, 6d)) as %s) sparse,".formatted(vector)
                + " cast((1, null, null, array(7d, 8d)) as %s) dense".formatted(vector));

    Row row = rows(data, columns("b,c,a,d,sparse,dense", "")).get(0);

    assertEquals(List.of(3f, 1f, 1f, 2f, 4.5f, 0f, 5f, 0f, 6f, 7f, 8f), features(row));
  }

  /** A user-defined type that is stored as Spark's vectors are. */
  static final class VectorType extends UserDefinedType<double[]> {
    @Override
    public DataType sqlType() {
      return DataType.fromDDL("type tinyint, size int, indices array<int>, values array<double>");
    }

    @Override
    public Object serialize(double[] values) {
      return new GenericInternalRow(
          new Object[] {(byte) 1, null, null, new GenericArrayData(values)});
    }

    @Override
    public double[] deserialize(Object stored) {
      throw new UnsupportedOperationException("nobody needs the class of a vector");
    }

    @Override
    public Class<double[]> userClass() {
      return double[].class;
    }
  }

  @Test
  void vectorsAreReadAsTheyAreStored() {
    StructType schema =
        new StructType().add("label", DataTypes.IntegerType).add("v", new VectorType());
    spark
        .createDataFrame(
            List.of(
                RowFactory.create(1, new double[] {0.5, 2}),
                RowFactory.create(0, new double[] {3, 4})),
            schema)
        .createOrReplaceTempView("vectors");
    RowSource source = RowSource.of("table:vectors", columns("v", "label"), TableOptions.DEFAULT);

    List<Row> rows = rows(source, "train");

    assertEquals(List.of(0.5f, 2f), features(rows.get(0)));
    assertEquals(List.of(3f, 4f), features(rows.get(1)));
  }

  @Test
  void aColumnOfBytesStaysBytes() {
    Path data = save("t", "parquet", "select 1 label, 2 other, X'0102FF' features");

    Row row = rows(data, TableOptions.DEFAULT).get(0);

    assertArrayEquals(new byte[] {1, 2, -1}, row.<byte[]>getAs("features"));
  }

  @Test
  void aColumnOfArraysCanBeTheLabel() {
    Path data = save("t", "parquet", "select array(1, 0, 1) label, 2 x");

    Row row = rows(data, TableOptions.DEFAULT).get(0);

    assertEquals(List.of(1f, 0f, 1f), row.getList(2));
  }

  @Test
  void everyFormatGivesTheSameRows() throws IOException {
    String csv = "a,b,label\n1,0.5,0\n2,-0.25,1\n3,1e3,2\n";
    List<Row> expected = rows(write("t.csv", csv), TableOptions.DEFAULT);
    Path gzipped = IdxFiles.write(folder.resolve("t.CSV.gz"), csv.getBytes(UTF_8));
    Path json =
        write(
            "t.jsonl",
            "{\"a\":1,\"b\":0.5,\"label\":0}\n{\"a\":2,\"b\":-0.25,\"label\":1}\n{\"a\":3,\"b\":1e3,\"label\":2}\n");

    assertEquals(3, expected.size());
    assertEquals(expected, rows(gzipped, TableOptions.DEFAULT));
    assertEquals(expected, rows(write("t.tsv", csv.replace(',', '\t')), TableOptions.DEFAULT));
    assertEquals(expected, rows(json, TableOptions.DEFAULT));
    for (String format : List.of("parquet", "orc", "json", "csv")) {
      Path saved = folder.resolve("saved-" + format);
      spark
          .read()
          .option("header", true)
          .option("inferSchema", true)
          .csv(folder.resolve("t.csv").toString())
          .write()
          .option("header", true)
          .format(format)
          .save(saved.toString());
      assertEquals(expected, rows(saved, TableOptions.DEFAULT), format);
    }
  }

  @Test
  void readOptionsReachSpark() throws IOException {
    Path csv = write("t.csv", "1;2,5;0\n3;4,5;1\n");

    TableOptions options =
        new TableOptions(
            null,
            Map.of("sep", ";", "HEADER", "false", "locale", "de-DE"),
            List.of("_c0"),
            List.of("_c2"),
            null,
            null);

    assertEquals(List.of(3f), features(rows(csv, options).get(1)));
    assertTrue(told.get(0).contains("csv, no header, types inferred"), told.get(0));
  }

  @Test
  void aFormatThatIsNamedWinsOverTheEnding() throws IOException {
    Path text = write("rows.txt", "a,label\n5,1\n");
    TableOptions csv = new TableOptions("csv", Map.of(), List.of(), List.of(), null, null);

    assertEquals(List.of(5f), features(rows(text, csv).get(0)));
    assertEquals(
        List.of(5f), features(rows(Files.move(text, folder.resolve("t.json")), csv).get(0)));
  }

  @Test
  void filesAndFoldersNamedTrainAndTestAreParts() throws IOException {
    Path data = folder.resolve("data");
    write("data/train-0.csv", "a,label\n1,0\n");
    write("data/train-1.csv", "a,label\n2,0\n");
    write("data/Test/part.json", "{\"label\":1,\"a\":3}\n");
    write("data/dev.csv", "label,a\n1,4\n");
    write("data/README.md", "Not a table.\n");
    write("data/_SUCCESS", "");
    RowSource source = source(data, TableOptions.DEFAULT);

    assertEquals(
        List.of(List.of(1f), List.of(2f)),
        rows(source, "train").stream().map(TableSourceTest::features).toList());
    assertEquals(
        List.of(List.of(3f)),
        rows(source, "test").stream().map(TableSourceTest::features).toList());
    assertEquals(
        List.of(List.of(4f)), rows(source, "dev").stream().map(TableSourceTest::features).toList());
    assertEquals("test", source.partToEvaluate(spark));
    assertEquals(
        "Cannot find part best of %s (it has dev, test, train)".formatted(data),
        Refusal.of(() -> rows(source, "best")));
  }

  @Test
  void laterPartsHaveTheFeaturesOfTheFirst() throws IOException {
    Path data = folder.resolve("data");
    write("data/train.csv", "a,b,label\n1,2,0\n");
    write("data/test.csv", "extra,b,label,a\n9,4,0,3\n");
    RowSource source = source(data, TableOptions.DEFAULT);

    rows(source, "train");

    assertEquals(List.of(3f, 4f), features(rows(source, "test").get(0)));
    write("data/test.csv", "extra,b,label\n9,4,0\n");
    RowSource again = source(data, TableOptions.DEFAULT);
    rows(again, "train");
    assertEquals(
        "Cannot use %s test: no column a (it has extra, b, label)".formatted(data),
        Refusal.of(() -> rows(again, "test")));
  }

  @Test
  void aFolderWithoutPartsIsOneTable() throws IOException {
    Path data = folder.resolve("data");
    write("data/year=2021/b.csv", "a,label\n3,1\n");
    write("data/year=2020/a.csv", "a,label\n1,0\n");
    write("data/year=2020/notes.txt", "Not rows.\n");
    write("data/year=2020/.hidden.json", "{}\n");
    write("data/_temporary/c.json", "{}\n");
    RowSource source = source(data, TableOptions.DEFAULT);

    assertEquals(
        List.of(List.of(1f, 2020f), List.of(3f, 2021f)),
        rows(source, "train").stream().map(TableSourceTest::features).toList());
    assertEquals("train", source.partToEvaluate(spark));
    assertEquals(
        "Cannot find part test of %s (it has train)".formatted(data),
        Refusal.of(() -> rows(source, "test")));
  }

  @Test
  void aGlobNamesSeveralFiles() throws IOException {
    write("a1.csv", "a,label\n1,0\n");
    write("a2.csv", "a,label\n2,0\n");
    write("b1.csv", "a,label\n3,0\n");

    assertEquals(2, rows(folder.resolve("a*.csv"), TableOptions.DEFAULT).size());
    assertEquals(2, rows(folder.resolve("{a2,b1}.csv"), TableOptions.DEFAULT).size());
  }

  @Test
  void aCutTakesRowsByTheirNumber() throws IOException {
    Path csv = write("t.csv", "a,label\n1,0\n2,0\n3,0\n4,0\n");
    RowSource source = source(csv, TableOptions.DEFAULT);

    assertEquals(
        List.of(List.of(2f), List.of(3f)),
        rows(source, "train[1:3]").stream().map(TableSourceTest::features).toList());
  }

  @Test
  void aTableOfTheCatalogIsNumberedByItsFiles() {
    spark.range(0, 100, 1, 3).selectExpr("id x", "id % 3 label").createOrReplaceTempView("numbers");
    spark.sql("drop table if exists kept");
    spark
        .table("numbers")
        .write()
        .option("path", folder.resolve("kept").toString())
        .saveAsTable("kept");
    try {
      RowSource source = RowSource.of("table:kept");
      source.prepare(spark, told::add);

      List<Row> rows = rows(source, "train");
      for (int i = 0; i < 100; i++) {
        assertEquals(List.of((float) i), features(rows.get(i)));
      }
      assertEquals(
          List.of(
              "table: table:kept train, a table of the catalog",
              "columns: label label, features x"),
          told.subList(0, 2));
    } finally {
      spark.sql("drop table kept");
    }
  }

  @Test
  void aTableWithoutFilesIsNumberedAsSparkGivesItWithAWarning() {
    spark.range(0, 100, 1, 3).selectExpr("id x", "id % 3 label").createOrReplaceTempView("numbers");
    RowSource source = RowSource.of("table:numbers");
    source.prepare(spark, told::add);

    List<Row> rows = rows(source, "train");

    for (int i = 0; i < 100; i++) {
      assertEquals(i, rows.get(i).getLong(0));
      assertEquals(List.of((float) i), features(rows.get(i)));
    }
    assertEquals(
        "warning: numbering table:numbers train in the order in which Spark gives the rows, on which the bits depend; a column row of whole numbers would not change",
        told.get(told.size() - 1));
  }

  @Test
  void columnsThatAreNotThereAreNamed() throws IOException {
    Path csv = write("t.csv", "height,width,label,name\n1,2,0,x\n");
    String name = "Cannot use %s train: ".formatted(csv);

    assertEquals(
        name + "no column widht (did you mean width?)", refused(csv, columns("height,widht", "")));
    assertEquals(
        name + "no column price (it has height, width, label, name)",
        refused(csv, columns("", "price")));
    assertEquals(
        name + "no column sample_weights (it has height, width, label, name)",
        refused(
            csv, new TableOptions(null, Map.of(), List.of(), List.of(), "sample_weights", null)));
    Path other = write("u.csv", "a,b,c,d,e,f,g,h,i,j\n1,2,3,4,5,6,7,8,9,0\n");
    assertEquals(
        "Cannot use %s train: no column label (it has a, b, c, d, e, f, g, … (10); name one with --label)"
            .formatted(other),
        refused(other, TableOptions.DEFAULT));
  }

  @Test
  void columnsOfAnotherTypeAreNamed() throws IOException {
    Path csv = write("t.csv", "height,width,label,species\n1,2,0,x\n");
    String name = "Cannot use %s train: ".formatted(csv);

    assertEquals(
        name
            + "column species is string (a feature must be a number, a boolean or an array of numbers)",
        refused(csv, columns("height,species", "")));
    assertEquals(
        name + "column species is string (a label must be a number; number the classes from 0)",
        refused(csv, columns("", "species")));
    assertEquals(
        name + "column species is string (a weight must be a number)",
        refused(csv, new TableOptions(null, Map.of(), List.of(), List.of(), "species", null)));
    assertEquals(
        name + "column height is int (the validation column must be true or false)",
        refused(csv, TableOptions.DEFAULT.withValidation("height")));
    Path text = write("u.csv", "name,label\nx,1\n");
    assertEquals(
        "Cannot use %s train: no column of numbers is left for the features (it has name string, label int; name some with --features)"
            .formatted(text),
        refused(text, TableOptions.DEFAULT));
    Path bytes = save("bytes", "parquet", "select X'01' image, 1 x, 0 label");
    assertEquals(
        "Cannot use %s train: column image is binary (must be the only feature)".formatted(bytes),
        refused(bytes, columns("x,image", "")));
  }

  @Test
  void whatIsNotATableIsRefused() throws IOException {
    Path data = folder.resolve("data");
    Files.createDirectories(data);
    String kinds =
        "it holds neither IDX files nor files that end with .parquet, .csv, .tsv, .json, .jsonl, .orc, .avro (name their --format)";
    assertEquals("Cannot read %s: %s".formatted(data, kinds), refused(data, TableOptions.DEFAULT));
    Path text = write("data/rows.txt", "a,b\n");
    assertEquals("Cannot read %s: %s".formatted(text, kinds), refused(text, TableOptions.DEFAULT));
    write("data/a.csv", "a,label\n1,2\n");
    write("data/b.json", "{}\n");
    assertEquals(
        "Cannot read %s: it has files of several formats, csv and json (name one with --format)"
            .formatted(data),
        refused(data, TableOptions.DEFAULT));
    Path absent = folder.resolve("absent*.csv");
    assertEquals(
        "Cannot read %s: no such file or folder (must be mnist, spiral, friedman, imbalance, a table or a folder of IDX files)"
            .formatted(absent),
        refused(absent, TableOptions.DEFAULT));
    write("delta/_delta_log/0.json", "{}\n");
    write("delta/a.csv", "a,label\n1,2\n");
    assertEquals(
        "Cannot read %s: it is a Delta table (give --format delta, and spark-submit its package)"
            .formatted(folder.resolve("delta")),
        refused(folder.resolve("delta"), TableOptions.DEFAULT));
  }

  @Test
  void whatSparkCannotReadIsOneLine() throws IOException {
    Path empty = write("empty.csv", "");
    assertEquals(
        "Cannot read %s train: it is empty".formatted(empty), refused(empty, TableOptions.DEFAULT));
    Path text = write("text.parquet", "this is not parquet at all");
    assertEquals(
        "Cannot read file:%s: file:%s is not a Parquet file".formatted(text, text),
        refused(text, TableOptions.DEFAULT));
    Path gzip = write("text.csv.gz", "a,label\n1,2\n");
    assertEquals(
        "Cannot read file:%s: not a gzip file".formatted(gzip),
        refused(gzip, TableOptions.DEFAULT));
    byte[] whole =
        Files.readAllBytes(
            IdxFiles.write(
                folder.resolve("whole.csv.gz"), "a,label\n1,2\n".repeat(9).getBytes(UTF_8)));
    Path cut = Files.write(folder.resolve("cut.csv.gz"), Arrays.copyOf(whole, whole.length - 12));
    assertEquals(
        "Cannot read file:%s: Unexpected end of input stream".formatted(cut),
        refused(cut, TableOptions.DEFAULT));
    Path csv = write("t.csv", "a,label\n1,2\n");
    assertEquals(
        "Cannot read %s train: Failed to find the data source: cvs (did you mean csv?)"
            .formatted(csv),
        refused(csv, new TableOptions("cvs", Map.of(), List.of(), List.of(), null, null)));
    RowSource absent = RowSource.of("table:no_such_table");
    absent.prepare(spark, told::add);
    assertEquals(
        "Cannot read table:no_such_table train: The table or view `no_such_table` cannot be found",
        Refusal.of(() -> rows(absent, "train")));
  }

  @Test
  void aRowThatCannotBeUsedIsFoundByFileAndColumn() throws IOException {
    Path data = folder.resolve("data");
    write("data/a.csv", "a,b,label\n1,2,0\n1,2,0\n");
    write("data/b.csv", "a,b,label\n1,2,0\n1,NaN,1\n");
    RowSource source = source(data, TableOptions.DEFAULT);
    Part part = Part.parse("train");
    Dataset<Row> rows = source.rows(spark, part);
    RowFormat format = RowFormat.of(rows, source + " " + part, LabelFormat.classes(2));

    String message =
        Refusal.of(
            () -> {
              try {
                Shards.pack(rows, format, ShardPlan.all(1, 0), Layout.of(1, 1, 100, 1, null));
              } catch (InvalidInputException refused) {
                throw source.locate(part, refused);
              }
            });

    assertEquals(
        "Cannot use %s train: row 3 has NaN as feature 1 (expected a finite number): column b in line 3 of file:%s"
            .formatted(data, data.resolve("b.csv")),
        message.replace("file:///", "file:/"));
  }
}
