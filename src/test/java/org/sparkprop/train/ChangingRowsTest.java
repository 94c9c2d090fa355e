package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.FetchFailed;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.io.CompressionCodec;
import org.apache.spark.io.LZ4CompressionCodec;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Eventually;
import org.sparkprop.Refusal;
import org.sparkprop.TestSpark;
import org.sparkprop.data.LabelFormat;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.Preprocessing.FeatureType;
import org.sparkprop.data.ReductionTree;
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.Shard;
import org.sparkprop.data.Shards;
import org.sparkprop.data.source.TableRows;
import org.sparkprop.data.source.column.TableOptions;
import org.sparkprop.eval.EvaluationJob;
import org.sparkprop.nn.Activation;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Topology;
import org.sparkprop.nn.Workspace;
import org.sparkprop.train.checkpoint.Checkpointer;
import org.sparkprop.train.options.LocalSteps;
import org.sparkprop.train.options.TrainingOptions;
import org.sparkprop.train.options.TrainingOptionsBuilder;

/** Rows that are others, or in another order, when Spark asks for them again. */
class ChangingRowsTest {
  private static final int ROWS = 400;

  /** How rows that are read again differ from those that were packed. */
  enum Change {
    LABEL,
    FEATURE,
    WEIGHT,
    ONE_LESS,
    ONE_MORE,
    ORDER
  }

  /** Read by the tasks of this JVM: 0 until the rows change. */
  private static final AtomicInteger VERSION = new AtomicInteger();

  @TempDir private static Path disk;

  private static SparkSession spark;

  @BeforeAll
  static void keepShufflesWhereTheyCanBeLost() {
    spark =
        TestSpark.restart(
            "local[2]",
            Map.of(
                "spark.local.dir",
                disk.toString(),
                "spark.io.compression.codec",
                LosingCodec.class.getName()));
  }

  @AfterAll
  static void shareTheSessionAgain() {
    TestSpark.shareAgain();
  }

  @BeforeEach
  void theRowsAreAsTheyWere() {
    VERSION.set(0);
  }

  /** Row n has x = n, a label that x tells nothing of, and no number. */
  private static Dataset<Row> table() {
    return spark.range(0, ROWS, 1, 3).selectExpr("double(id) x", "int(hash(id) & 1) label");
  }

  private static Dataset<Row> changed(Dataset<Row> rows, MapPartitionsFunction<Row, Row> change) {
    return spark.createDataFrame(rows.toJavaRDD().mapPartitions(change::call), rows.schema());
  }

  private static Iterator<Row> shuffled(Iterator<Row> rows) {
    List<Row> all = new ArrayList<>();
    rows.forEachRemaining(all::add);
    Collections.shuffle(all);
    return all.iterator();
  }

  private static Dataset<Row> numbered(Dataset<Row> table) {
    return TableRows.of(table, TableOptions.DEFAULT, "the rows", warning -> {}).rows();
  }

  private static TrainingOptionsBuilder options() {
    return TrainingOptions.of(LayerSpec.parseList("2 softmax")).shards(7).batchSize(100);
  }

  private static List<Float> features(Shards shards) {
    List<Float> found = new ArrayList<>();
    for (Shard shard : shards.rdd().collect()) {
      Workspace slice =
          new Workspace(Topology.of(1, List.of(new LayerSpec(2, Activation.LINEAR))), shard.rows());
      shard.decode(
          shard.storedOrder(), 0, shard.rows(), Preprocessing.raw(FeatureType.FLOAT), slice);
      for (int row = 0; row < shard.rows(); row++) {
        found.add(slice.features()[row]);
      }
    }
    return found;
  }

  /** The labels are random: nothing but a row on both sides could tell them. */
  @Test
  void noRowIsOnBothSidesWhateverOrderSparkGives() {
    Dataset<Row> rows = numbered(changed(table(), ChangingRowsTest::shuffled));
    TrainingOptions options = options().validation(0.3).build();
    RowFormat format =
        new RowFormat("the rows", FeatureType.FLOAT, 1, LabelFormat.classes(2), false);
    try (PackedRows packed = PackedRows.pack(TestSpark.context(), options, rows, format, null)) {
      List<Float> training = features(packed.training());
      Shards heldOut = Objects.requireNonNull(packed.heldOut());
      Set<Float> both = new HashSet<>(training);
      both.addAll(features(heldOut));

      assertEquals(ROWS, both.size(), "each row is on one side");
      assertEquals(ROWS, packed.training().rows() + heldOut.rows());
      assertTrue(heldOut.rows() > 80, "some are held out");
    }
  }

  /** Reads shuffles as Spark does, and loses them when some blocks of a stage have been read. */
  public static final class LosingCodec implements CompressionCodec {
    private static final AtomicInteger UNTIL_LOST = new AtomicInteger();
    private final CompressionCodec codec;

    public LosingCodec(SparkConf settings) {
      this.codec = new LZ4CompressionCodec(settings);
    }

    @Override
    public OutputStream compressedOutputStream(OutputStream out) {
      return codec.compressedOutputStream(out);
    }

    @Override
    public InputStream compressedInputStream(InputStream in) {
      if (UNTIL_LOST.getAndUpdate(left -> Math.max(0, left - 1)) == 1) {
        deleteShuffles();
      }
      return codec.compressedInputStream(in);
    }
  }

  /** Whether a task has found that what it was to read was lost. */
  private static final class Fetches extends SparkListener {
    private volatile boolean failed;

    @Override
    public void onTaskEnd(SparkListenerTaskEnd task) {
      failed |= task.reason() instanceof FetchFailed;
    }
  }

  /** Blocks that are packed stay what they are while the others are packed of rows read again. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noRowIsLostOrOnBothSidesWhenItIsReadAgainWhilePacking(boolean numbered) {
    Dataset<Row> shuffled = changed(table(), ChangingRowsTest::shuffled);
    Dataset<Row> rows = numbered ? numbered(shuffled) : numbered(changingNumbers());
    TrainingOptions options = options().shards(ROWS).validation(0.3).build();
    RowFormat format =
        new RowFormat("the rows", FeatureType.FLOAT, 1, LabelFormat.classes(2), false);
    Fetches fetches = new Fetches();
    spark.sparkContext().addSparkListener(fetches);
    LosingCodec.UNTIL_LOST.set(8);
    try (PackedRows packed = PackedRows.pack(TestSpark.context(), options, rows, format, null)) {
      List<Float> all = new ArrayList<>(features(packed.training()));
      all.addAll(features(Objects.requireNonNull(packed.heldOut())));

      assertEquals(ROWS, all.size());
      assertEquals(ROWS, new HashSet<>(all).size(), "each row is on one side");
      assertEquals(0, LosingCodec.UNTIL_LOST.get());
      Eventually.holds(() -> fetches.failed, "some blocks were packed of what was read again");
    } finally {
      spark.sparkContext().removeSparkListener(fetches);
    }
  }

  /** Rows with numbers of their own, which are given to others each time. */
  private static Dataset<Row> changingNumbers() {
    return changed(
        table().withColumn("row", functions.expr("bigint(x)")),
        rows -> {
          List<Row> all = new ArrayList<>();
          rows.forEachRemaining(all::add);
          List<Long> numbers = new ArrayList<>(all.stream().map(row -> row.getLong(2)).toList());
          Collections.shuffle(numbers);
          Iterator<Long> next = numbers.iterator();
          return all.stream()
              .map(row -> RowFactory.create(row.getDouble(0), row.getInt(1), next.next()))
              .iterator();
        });
  }

  /** Fewer rows each time that they are read. */
  private static Dataset<Row> fewerEachTime() {
    return changed(
        table(),
        all -> {
          List<Row> some = new ArrayList<>();
          int count = VERSION.incrementAndGet();
          all.forEachRemaining(
              row -> {
                if (row.getDouble(0) % 20 >= count) {
                  some.add(row);
                }
              });
          return some.iterator();
        });
  }

  @Test
  void rowsThatAreFewerOrMoreThanWereCountedAreRefused() {
    Training training = new Training(spark, options().build(), new TrainingListener() {});

    String refused = Refusal.of(() -> training.run(numbered(fewerEachTime()), "the rows"));

    assertTrue(
        refused.startsWith(
            "Cannot read the rows: it has changed since its rows were counted (it had "),
        refused);
  }

  @Test
  void soAreRowsToValidateOnAndToEvaluate() {
    Training training = new Training(spark, options().build(), new TrainingListener() {});
    Training.Run run = training.on(numbered(table()), "the rows");
    Dataset<Row> others = numbered(fewerEachTime());

    String refused = Refusal.of(() -> run.fit(others));

    String because = " has changed since its rows were counted (it had ";
    assertTrue(refused.startsWith("Cannot read the validation rows: it" + because), refused);
    assertEquals(Map.of(), TestSpark.context().getPersistentRDDs());
    RowFormat format = RowFormat.of(numbered(table()), "the test", LabelFormat.classes(2));
    VERSION.set(0);
    Dataset<Row> tested = numbered(fewerEachTime());
    refused = Refusal.of(() -> EvaluationJob.open(spark, tested, format));
    assertTrue(refused.startsWith("Cannot read the test: it" + because), refused);
    assertEquals(Map.of(), TestSpark.context().getPersistentRDDs());
  }

  private static Dataset<Row> changing(Change change) {
    StructType schema =
        new StructType()
            .add("row", DataTypes.LongType)
            .add("x", DataTypes.DoubleType)
            .add("weight", DataTypes.DoubleType)
            .add("label", DataTypes.IntegerType);
    return spark.createDataFrame(
        spark
            .range(0, ROWS, 1, 3)
            .toJavaRDD()
            .flatMap(
                id -> {
                  boolean later = VERSION.get() > 0;
                  int off = later && id == 17 ? 1 : 0;
                  double x = change == Change.FEATURE ? id + off : id;
                  double weight = change == Change.WEIGHT ? 1 + off : 1;
                  int label = (int) (change == Change.LABEL ? (id + off) % 2 : id % 2);
                  long number = change == Change.ORDER && later ? id ^ 1 : id;
                  Row row = RowFactory.create(number, x, weight, label);
                  List<Row> rows = new ArrayList<>(List.of(row));
                  if (later && id == 17 && change == Change.ONE_LESS) {
                    rows.clear();
                  }
                  if (later && id == 17 && change == Change.ONE_MORE) {
                    rows.add(RowFactory.create((long) ROWS, x, weight, label));
                  }
                  return rows.iterator();
                }),
        schema);
  }

  /** As on a cluster that loses the executors with the packed rows, and their disks. */
  private static void lose() {
    TestSpark.context().getPersistentRDDs().values().forEach(rdd -> rdd.unpersist(true));
    deleteShuffles();
  }

  /** Spark may be cleaning up there too. */
  private static void deleteShuffles() {
    try {
      Files.walkFileTree(
          disk,
          new SimpleFileVisitor<Path>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              if (file.toFile().getName().startsWith("shuffle_")) {
                Files.deleteIfExists(file);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static TrainingListener losing(boolean changed) {
    return new TrainingListener() {
      @Override
      public Verdict roundDone(RoundRecord round) {
        if (round.rows() == 100) {
          lose();
          VERSION.set(changed ? 1 : 0);
        }
        return Verdict.CONTINUE;
      }
    };
  }

  private static Training.Result train(Change change, boolean changed, long localSteps) {
    Dataset<Row> table = changing(change);
    TableOptions columns =
        new TableOptions(null, Map.of(), List.of("x"), List.of(), "weight", null);
    Dataset<Row> rows = TableRows.of(table, columns, "the rows", warning -> {}).rows();
    TrainingOptions options =
        options()
            .epochs(2)
            .validation(0.2)
            .localSteps(new LocalSteps(localSteps))
            .workers(1)
            .batchSize(100 / localSteps)
            .build();
    return new Training(spark, options, losing(changed)).run(rows, "the rows");
  }

  @ParameterizedTest
  @EnumSource(Change.class)
  void rowsThatAreLostAndComeBackAsOthersEndTheRun(Change change) {
    assertEquals(
        "Cannot read the rows: it has changed since its rows were packed (some were lost and had to be read again; write them to files that stay as they are, and start from those)",
        Refusal.of(() -> train(change, true, 1)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 4})
  void rowsThatAreLostAndComeBackAsTheyWereAreTrainedOn(long localSteps) {
    assertEquals(2, train(Change.LABEL, false, localSteps).history().size());
    assertTrue(
        Refusal.of(() -> train(Change.LABEL, true, localSteps))
            .contains("since its rows were packed"));
  }

  /** A round from which something has vanished is never a smaller batch. */
  @Test
  void aRoundThatComesBackWithFewerRowsEndsTheRun() {
    TrainingOptions options = options().epochs(1).build();
    int[] rowsOfShard = {50, 50};
    Algorithm algorithm = new GradientAveraging(new BatchSchedule(rowsOfShard, 40, 10, 1));
    RoundRunner losing =
        (state, round) ->
            new RoundRunner.Returned(
                List.of(
                    new ReductionTree.Node<>(
                        0, 0, new Sums(new float[][] {new float[4]}, 1, 30, 30))),
                0,
                0,
                0);
    Trainer trainer =
        new Trainer(
            options.network(1),
            options,
            algorithm,
            losing,
            null,
            new TrainingListener() {},
            Checkpointer.none(),
            new float[4],
            null);

    IllegalStateException refused = assertThrows(IllegalStateException.class, () -> trainer.fit());

    assertEquals(
        "Round 1 came back with the sums of 30 rows (expected 40): rows were lost or read twice",
        refused.getMessage());
  }

  @Test
  void nothingStaysCachedWhenRowsCannotBePacked() {
    Training training = new Training(spark, options().build(), new TrainingListener() {});
    Dataset<Row> failing =
        changed(
            table(),
            rows -> {
              throw new IllegalStateException("as this test wants it");
            });
    Dataset<Row> bad = table().selectExpr("x", "label + 5 label");

    SparkException thrown =
        assertThrows(
            SparkException.class,
            () ->
                training.run(
                    numbered(table())
                        .union(failing.selectExpr("0L row", "array(float(x)) features", "label")),
                    "the rows"));
    assertTrue(String.valueOf(thrown.getMessage()).contains("as this test wants it"));
    assertEquals(Map.of(), TestSpark.context().getPersistentRDDs());

    TrainingOptions others = options().build();
    Training validated = new Training(spark, others, new TrainingListener() {});
    Refusal.of(() -> validated.on(numbered(table()), "the rows").fit(numbered(bad)));
    assertEquals(Map.of(), TestSpark.context().getPersistentRDDs());
    Refusal.of(() -> training.run(numbered(bad), "the rows"));
    assertEquals(Map.of(), TestSpark.context().getPersistentRDDs());
  }

  /** Resuming asks for the same order, a later report only for the same rows. */
  @Test
  void theFingerprintTellsRowsFromOthers() {
    Dataset<Row> rows = numbered(table());
    Dataset<Row> other = rows.selectExpr("row", "features", "if(row = 17, 1 - label, label) label");
    Dataset<Row> moved = rows.selectExpr("row ^ 1 row", "features", "label");
    assertEquals(fingerprints(rows, 7, 1), fingerprints(rows.repartition(5), 7, 1));
    assertNotEquals(fingerprints(rows, 7, 1).get(0), fingerprints(moved, 7, 1).get(0));
    assertEquals(fingerprints(rows, 7, 1).get(1), fingerprints(moved, 3, 2).get(1));
    assertNotEquals(fingerprints(rows, 7, 1).get(0), fingerprints(other, 7, 1).get(0));
    assertNotEquals(fingerprints(rows, 7, 1).get(1), fingerprints(other, 7, 1).get(1));
  }

  private static List<String> fingerprints(Dataset<Row> rows, int shards, long seed) {
    TrainingOptions options = options().shards(shards).seed(seed).build();
    RowFormat format =
        new RowFormat("the rows", FeatureType.FLOAT, 1, LabelFormat.classes(2), false);
    try (PackedRows packed = PackedRows.pack(TestSpark.context(), options, rows, format, null)) {
      return List.of(packed.training().fingerprint(), packed.training().rowsFingerprint());
    }
  }
}
