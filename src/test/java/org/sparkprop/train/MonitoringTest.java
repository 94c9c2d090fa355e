package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.metrics.sink.CsvSink;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.Refusal;
import org.sparkprop.SparkpropPlugin;
import org.sparkprop.TestSpark;
import org.sparkprop.data.LabelFormat;
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.source.Part;
import org.sparkprop.data.source.RowSource;
import org.sparkprop.eval.EvaluationJob;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.UpdateRule;
import org.sparkprop.train.options.LocalSteps;
import org.sparkprop.train.options.TrainingOptions;
import org.sparkprop.train.options.TrainingOptionsBuilder;

/** What Spark itself shows of a run. */
class MonitoringTest {
  private static final String DESCRIPTION = "spark.job.description";

  @AfterEach
  void shareAgain() {
    TestSpark.shareAgain();
  }

  /** Of 90 rows about 72 are trained on: three rounds an epoch. */
  private static TrainingOptionsBuilder options() {
    return TrainingOptions.of(LayerSpec.parseList("4 tanh, 3 softmax"))
        .epochs(2)
        .batchSize(30)
        .sliceSize(10)
        .shards(1)
        .validation(0.2);
  }

  private static Training.Result train(
      SparkSession spark, TrainingOptions options, TrainingListener listener) {
    return new Training(spark, options, listener).run(rows(spark, "train"), "spiral train");
  }

  /** Rows that Spark needs a job to look at. */
  private static Dataset<Row> rows(SparkSession spark, String part) {
    Dataset<Row> rows = RowSource.of("spiral(30)").rows(spark, Part.parse(part));
    return spark.createDataFrame(rows.javaRDD(), rows.schema());
  }

  /** Collects the descriptions of jobs, as Spark's own pages do. */
  private static final class Descriptions extends SparkListener {
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    /** A session of its own for the test, with such a listener. */
    static Descriptions of(SparkSession spark) {
      Descriptions descriptions = new Descriptions();
      spark.sparkContext().addSparkListener(descriptions);
      return descriptions;
    }

    @Override
    public void onJobStart(SparkListenerJobStart job) {
      String description = job.properties().getProperty(DESCRIPTION, "none");
      if (seen.isEmpty() || !seen.get(seen.size() - 1).equals(description)) {
        seen.add(description);
      }
    }

    /** All of them: when Spark has stopped, it has told its listeners everything. */
    List<String> afterStop(SparkSession spark) {
      spark.stop();
      return seen;
    }
  }

  @Test
  void jobsSayWhatTheyAreForWithTheLossSoFar() {
    SparkSession spark = TestSpark.restart("local[2]");
    Descriptions descriptions = Descriptions.of(spark);
    List<RoundRecord> rounds = new ArrayList<>();
    train(
        spark,
        options().build(),
        new TrainingListener() {
          @Override
          public Verdict roundDone(RoundRecord round) {
            rounds.add(round);
            return Verdict.CONTINUE;
          }
        });

    List<String> expected =
        new ArrayList<>(
            List.of("reading spiral train", "counting spiral train", "packing spiral train"));
    for (int round = 1; round <= 6; round++) {
      int epoch = round <= 3 ? 1 : 2;
      String loss = round == 1 ? "" : ", loss %.4g".formatted(rounds.get(round - 2).loss());
      expected.add("epoch %d/2, round %d%s".formatted(epoch, round, loss));
      if (round % 3 == 0) {
        expected.add(
            "epoch %d/2, validation, loss %.4g".formatted(epoch, rounds.get(round - 1).loss()));
      }
    }
    assertEquals(expected, descriptions.afterStop(spark));
  }

  @Test
  void evaluationAndTheMeasurementOfLocalStepsSaySo() {
    SparkSession spark = TestSpark.restart("local[2]");
    Descriptions descriptions = Descriptions.of(spark);
    TrainingOptions auto =
        TrainingOptions.of(LayerSpec.parseList("3 softmax"))
            .epochs(1)
            .localSteps(LocalSteps.AUTO)
            .build();
    Training.Result trained = train(spark, auto, new TrainingListener() {});
    Dataset<Row> test = rows(spark, "test");
    RowFormat format = RowFormat.of(test, "spiral test", LabelFormat.classes(3));
    try (EvaluationJob job = EvaluationJob.open(spark, test, format)) {
      job.run(trained.model(), "m");
    }

    List<String> seen = descriptions.afterStop(spark);
    assertTrue(seen.contains("measuring local steps"), seen.toString());
    assertEquals(
        List.of(
            "epoch 1/1, round 1",
            "reading spiral test",
            "counting spiral test",
            "packing spiral test",
            "evaluating spiral test"),
        seen.subList(seen.size() - 5, seen.size()));
  }

  @Test
  void theDescriptionOfTheCallerComesBack() {
    SparkSession spark = TestSpark.session();
    train(spark, options().build(), new TrainingListener() {});
    assertNull(spark.sparkContext().getLocalProperty(DESCRIPTION));

    spark.sparkContext().setJobGroup("nightly", "the caller's own", false);
    try {
      train(spark, options().build(), new TrainingListener() {});
      assertEquals("the caller's own", spark.sparkContext().getLocalProperty(DESCRIPTION));
      assertEquals("nightly", spark.sparkContext().getLocalProperty("spark.jobGroup.id"));
      TrainingOptions wild =
          options().optimizer(OptimizerSettings.of(UpdateRule.of("sgd"), 1e38, Map.of())).build();
      Refusal.of(() -> train(spark, wild, new TrainingListener() {}));
      assertEquals("the caller's own", spark.sparkContext().getLocalProperty(DESCRIPTION));
    } finally {
      spark.sparkContext().clearJobGroup();
    }
  }

  /** A sink that Spark brings; it writes the last values when the application stops. */
  @Test
  void theNumbersOfARunAreMetricsOfSpark(@TempDir Path folder) throws IOException {
    String sink = "spark.metrics.conf.*.sink.csv.";
    SparkSession spark =
        TestSpark.restart(
            "local[2]",
            Map.of(
                "spark.plugins",
                SparkpropPlugin.class.getName(),
                sink + "class",
                CsvSink.class.getName(),
                sink + "period",
                "1",
                sink + "unit",
                "hours",
                sink + "directory",
                folder.toString()));
    Training.Result trained = train(spark, options().build(), new TrainingListener() {});
    spark.stop();

    EpochRecord last = trained.history().get(1);
    assertEquals("2", metric(folder, "epoch", "value"));
    assertEquals("6", metric(folder, "round", "value"));
    assertEquals("" + last.loss(), metric(folder, "loss", "value"));
    assertEquals("" + last.validationLoss(), metric(folder, "validationLoss", "value"));
    assertEquals("" + last.validationAccuracy(), metric(folder, "validationAccuracy", "value"));
    assertEquals("0.001", metric(folder, "learningRate", "value"));
    assertEquals("" + last.rowsPerSecond(), metric(folder, "rowsPerSecond", "value"));
    assertEquals("6", metric(folder, "roundTime", "count"));
    long rows = trained.rows();
    long lastBatch = rows - 60;
    assertEquals("" + 2 * rows, metric(folder, "rowsTrained", "count"));
    assertEquals("" + 2 * (3 + 3 + (lastBatch + 9) / 10), metric(folder, "slices", "count"));
    assertTrue(Double.parseDouble(metric(folder, "secondsComputing", "value")) > 0);
  }

  /** The last value of a column of a metric's table. */
  private static String metric(Path folder, String name, String column) throws IOException {
    Path table;
    try (Stream<Path> files = Files.list(folder)) {
      table =
          files
              .filter(file -> file.toString().endsWith(".SparkpropPlugin." + name + ".csv"))
              .findFirst()
              .orElseThrow(() -> new AssertionError(name + " is no metric"));
    }
    List<String> lines = Files.readAllLines(table);
    int at = Arrays.asList(lines.get(0).split(",", -1)).indexOf(column);
    return lines.get(lines.size() - 1).split(",", -1)[at];
  }
}
