package org.sparkprop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.TestSpark;

/** The commands on tables: what is said of their columns, and what a model remembers of it. */
class TableCommandsTest {
  @TempDir Path scratch;

  private CommandRun run(String... args) {
    CommandRun run = CommandRun.of(args);
    assertEquals("", run.err());
    assertEquals(0, run.status());
    return run;
  }

  private CommandRun train(Path data, String... more) {
    List<String> args = new ArrayList<>(List.of("train", "--data", data.toString()));
    args.addAll(List.of("--model", model().toString(), "--overwrite"));
    args.addAll(Arrays.asList(more));
    return run(args.toArray(String[]::new));
  }

  private Path model() {
    return scratch.resolve("model");
  }

  private JsonNode json(String file) throws IOException {
    return new ObjectMapper().readTree(scratch.resolve(file).toFile());
  }

  private double lastLoss() throws IOException {
    List<String> history = Files.readAllLines(model().resolve("history.jsonl"));
    return new ObjectMapper().readTree(history.get(history.size() - 1)).get("loss").asDouble();
  }

  /** Rows of y = 3 + 2 a − b, a line for each, from a pattern with a, b and y in it. */
  private Path lines(String file, String header, String pattern, int from, int to)
      throws IOException {
    List<String> lines = new ArrayList<>(List.of(header));
    for (int i = from; i < to; i++) {
      double a = i % 7 - 3;
      double b = i % 5 - 2;
      String line = pattern.replace("Y", Double.toString(3 + 2 * a - b));
      lines.add(line.replace("A", Double.toString(a)).replace("B", Double.toString(b)));
    }
    Files.createDirectories(scratch.resolve(file).getParent());
    return Files.write(scratch.resolve(file), lines);
  }

  @Test
  void aRegressionOnACsvFileIsEvaluatedWithoutNamingItsColumnsAgain() throws IOException {
    Path train = lines("train.csv", "name;a;b;y", "house;A;B;Y", 0, 200);
    Path test = lines("test.csv", "y;b;c;a", "Y;B;9;A", 200, 250);

    CommandRun trained =
        train(
            train,
            "--label=y",
            "--read-option=sep=;",
            "--test-data",
            test.toString(),
            "--layers=1",
            "--optimizer=lbfgs",
            "--epochs=20");

    assertTrue(
        trained
            .out()
            .contains(
                "table: %s train, csv, first line is the header, types inferred\ncolumns: label y, features a, b\nleft out: name (text)\n"
                    .formatted(train)),
        trained.out());
    assertTrue(trained.out().contains("50 rows of " + test + " train: "), trained.out());
    JsonNode model = json("model/model.json");
    assertEquals("[\"a\",\"b\"]", model.get("features").toString());
    assertEquals("y", model.get("options").get("label").asText());
    assertEquals(";", model.get("options").get("read-option.sep").asText());
    assertEquals(test.toString(), model.get("options").get("test-data").asText());
    assertTrue(lastLoss() < 1e-6, "the line is found: " + lastLoss());

    run(
        "evaluate",
        "--model",
        model().toString(),
        "--data",
        test.toString(),
        "--report",
        scratch.resolve("report").toString());

    JsonNode report = json("report/report.json");
    assertEquals(50, report.get("rows").asInt());
    assertEquals(json("model/report.json").get("loss"), report.get("loss"));
  }

  @Test
  void weightsOfAParquetTableCount() throws IOException {
    Path data = scratch.resolve("rows.parquet");
    TestSpark.session()
        .range(400)
        .selectExpr("id % 2 as label", "1.0 as x", "if(id % 2 = 0, 3, 1) as importance")
        .write()
        .parquet(data.toString());
    String[] options = {"--features=x", "--layers=2 softmax", "--optimizer=lbfgs", "--epochs=10"};

    train(data, options);
    assertEquals(Math.log(2), lastLoss(), 0.01, "both classes weigh the same");
    String[] weighted = Arrays.copyOf(options, options.length + 1);
    weighted[options.length] = "--weight=importance";
    train(data, weighted);

    // Three quarters of the weight are of class 0: the entropy of (3/4, 1/4).
    double entropy = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25);
    assertEquals(entropy, lastLoss(), 0.01);
    run("evaluate", "--model", model().toString(), "--data", data.toString(), "--weight", "none");
  }

  @Test
  void severalColumnsAreSeveralTargets() throws IOException {
    Path data = lines("t.csv", "a,b,y,z", "A,B,Y,A", 0, 100);

    train(data, "--label=y,z", "--layers=2", "--optimizer=lbfgs", "--epochs=20");

    assertEquals("[\"a\",\"b\"]", json("model/model.json").get("features").toString());
    assertTrue(lastLoss() < 1e-6, "both are found: " + lastLoss());
  }

  @Test
  void aColumnTellsTheRowsThatAreHeldOut() throws IOException {
    Path data = scratch.resolve("rows.json");
    TestSpark.session()
        .range(0, 100, 1, 1)
        .selectExpr("id % 2 as label", "id % 2 as x", "id % 10 = 0 as held")
        .write()
        .json(data.toString());

    CommandRun run = train(data, "--layers=2 softmax", "--epochs=1", "--validation=held");

    assertTrue(
        run.out().contains("90 rows of 1 feature and 10 for validation"), "not x: " + run.out());
  }

  @Test
  void otherRowsToValidateOnHaveTheSameColumns() throws IOException {
    Path data = lines("train.csv", "a,b,y", "A,B,Y", 0, 100);
    Path others = lines("others.csv", "y,b,a", "Y,B,A", 0, 30);

    CommandRun run =
        train(data, "--label=y", "--layers=1", "--epochs=1", "--validation", others.toString());

    assertTrue(run.out().contains("100 rows of 2 features and 30 for validation"), run.out());
  }

  @Test
  void aFormatThatWasNamedIsRemembered() throws IOException {
    Path data = lines("train.txt", "a,b,y", "A,B,Y", 0, 100);

    train(data, "--format=csv", "--label=y", "--features=b", "--layers=1", "--epochs=1");
    run("evaluate", "--model", model().toString(), "--data", data.toString());

    assertEquals("csv", json("model/model.json").get("options").get("format").asText());
    assertEquals("[\"b\"]", json("model/model.json").get("features").toString());
  }

  /** The table has its own row numbers, so that nothing but the packing reads its columns. */
  @Test
  void aFileThatIsDamagedInsideIsNamed() throws IOException {
    Path data = scratch.resolve("saved");
    TestSpark.session()
        .range(0, 1000, 1, 1)
        .selectExpr("id as row", "rand(1) as x", "0 as label")
        .write()
        .parquet(data.toString());
    Path file = scratch.resolve("damaged.parquet");
    try (Stream<Path> files = Files.list(data)) {
      Path saved = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(saved);
      Arrays.fill(bytes, 4, bytes.length / 2, (byte) 0x55);
      Files.write(file, bytes);
    }

    CommandRun run =
        CommandRun.of(
            "train",
            "--data",
            file.toString(),
            "--layers=2 softmax",
            "--model",
            model().toString());

    assertTrue(run.err().startsWith("error: Cannot read file://" + file + ": "), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    assertEquals(1, run.status());
  }

  /** Files in many splits of unequal sizes, gathered in other orders, give the same weights. */
  @Test
  void theBitsDoNotDependOnHowSparkCutsTheFiles() throws IOException {
    lines("data/b.csv", "a,b,y", "A,B,Y", 0, 300);
    lines("data/a.csv", "a,b,y", "A,B,Y", 300, 400);
    Path data = scratch.resolve("data");
    String[] options = {"--label=y", "--layers=8 relu, 1", "--epochs=2", "--batch-size=50"};

    train(data, options);
    byte[] whole = Files.readAllBytes(model().resolve("weights.safetensors"));
    SparkSession spark = TestSpark.session();
    spark.conf().set("spark.sql.files.maxPartitionBytes", 700);
    spark.conf().set("spark.sql.files.openCostInBytes", 0);
    try {
      train(data, options);
    } finally {
      spark.conf().unset("spark.sql.files.maxPartitionBytes");
      spark.conf().unset("spark.sql.files.openCostInBytes");
    }

    assertArrayEquals(whole, Files.readAllBytes(model().resolve("weights.safetensors")));
  }

  private CommandRun tried(String data, String... more) {
    List<String> args = new ArrayList<>(List.of("train", "--data", data));
    args.addAll(List.of("--model", model().toString(), "--overwrite", "--layers=2 softmax"));
    args.add("--epochs=1");
    args.addAll(Arrays.asList(more));
    return CommandRun.of(args.toArray(String[]::new));
  }

  @Test
  void aTestPartWithoutALabelIsLeftOutAsItsRefusalSays() throws IOException {
    Path folder = Files.createDirectories(scratch.resolve("k"));
    Files.writeString(folder.resolve("train.csv"), "x,label\n1,0\n2,1\n");
    Files.writeString(folder.resolve("test.csv"), "x\n1\n");
    Files.writeString(folder.resolve("sample_submission.csv"), "id,label\n1,0\n");

    String refused = tried(folder.toString()).err();

    String way = "--test-part none";
    assertTrue(refused.endsWith(": give " + way + "\n"), refused);
    CommandRun without = tried(folder.toString(), way.split(" "));
    assertEquals("", without.err());
    assertEquals(0, without.status());
  }

  @Test
  void columnsThatDifferInCapitalsAloneNameTheSetting() {
    for (String format : List.of("parquet", "orc", "json")) {
      SparkSession spark = TestSpark.session();
      String data = scratch.resolve("capitals-" + format).toString();
      spark.conf().set("spark.sql.caseSensitive", "true");
      try {
        spark
            .sql("select id % 7 a, id % 5 A, int(id % 2) label from range(40)")
            .write()
            .format(format)
            .save(data);
      } finally {
        spark.conf().unset("spark.sql.caseSensitive");
      }

      String refused = tried(data, "--test-part=none").err();
      assertTrue(refused.startsWith("error: "), refused);
      assertTrue(
          refused.contains("--conf spark.sql.caseSensitive=true before the command"), refused);
      assertEquals(1, refused.lines().count(), refused);

      spark.conf().set("spark.sql.caseSensitive", "true");
      try {
        CommandRun trained = tried(data, "--test-part=none");
        assertEquals("", trained.err());
        assertTrue(trained.out().matches("(?s).*features (a, A|A, a)\n.*"), trained.out());
        run("evaluate", "--model", model().toString(), "--data", data);
      } finally {
        spark.conf().unset("spark.sql.caseSensitive");
      }
    }
  }

  @Test
  void parquetWrittenFromACsvGivesTheSameBits() throws IOException {
    Path csv = lines("t.csv", "a,b,y", "A,B,Y", 0, 300);
    String parquet = scratch.resolve("t.parquet").toString();
    TestSpark.session()
        .read()
        .option("header", true)
        .option("inferSchema", true)
        .csv(csv.toString())
        .coalesce(1)
        .write()
        .parquet(parquet);
    String[] options = {"--label=y", "--layers=8 relu, 1", "--epochs=2", "--validation=0.2"};

    train(csv, options);
    byte[] ofCsv = Files.readAllBytes(model().resolve("weights.safetensors"));
    train(Path.of(parquet), options);

    assertArrayEquals(ofCsv, Files.readAllBytes(model().resolve("weights.safetensors")));
  }

  @Test
  void libsvmSaysWhereItsReaderIs() throws IOException {
    Path data = Files.writeString(scratch.resolve("a.libsvm"), "-1 1:0.5 3:1.2\n+1 2:0.7\n");

    String refused = tried(data.toString(), "--format=libsvm", "--test-part=none").err();

    assertTrue(
        refused.contains(
            "(it is in Spark's MLlib: give --packages org.apache.spark:spark-mllib_2.13:"),
        refused);
    assertEquals(1, refused.lines().count(), refused);
  }

  /** Rows of a megabyte each, where memory has no room for one: they go to disk. */
  @Test
  @Tag("long")
  void rowsThatAreTooWideForMemoryAreToldAndTrainFromDisk() {
    String vector = "struct<type:tinyint,size:int,indices:array<int>,values:array<double>>";
    String data = scratch.resolve("wide").toString();
    TestSpark.session()
        .sql(
            "select int(id % 2) label, cast((0,262144,array(int(id % 2),5 + int(id % 97)),array(1d,1d)) as VEC) features from range(40)"
                .replace("VEC", vector))
        .coalesce(1)
        .write()
        .parquet(data);
    TestSpark.restartWithoutStorage("local[2]");
    try {
      CommandRun trained = tried(data, "--test-part=none");
      assertEquals(
          "warning: 41.9 MB of the rows have no room in memory and are read from disk in each epoch; give more --driver-memory (on a cluster --executor-memory)\n",
          trained.err());
      assertEquals(0, trained.status());
      assertTrue(
          trained.out().contains("warning: 40 rows of 262,144 numbers, zeros included, are 42 MB"),
          trained.out());
    } finally {
      TestSpark.shareAgain();
    }
  }
}
