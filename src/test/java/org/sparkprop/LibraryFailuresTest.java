package org.sparkprop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.source.Part;
import org.sparkprop.data.source.RowSource;
import org.sparkprop.spark.FolderLock;
import org.sparkprop.train.DivergedException;
import org.sparkprop.train.RoundRecord;
import org.sparkprop.train.TrainingListener;
import org.sparkprop.train.Verdict;
import org.sparkprop.train.checkpoint.CheckpointFolder;

/** What an application gets when something fails: only what the methods say that they throw. */
class LibraryFailuresTest {
  @TempDir Path scratch;

  private static Dataset<Row> spiral(SparkSession spark) {
    return RowSource.of("spiral(40)").rows(spark, Part.parse("train"));
  }

  private static NeuralNetwork network() {
    return NeuralNetwork.layers("4 tanh, 3 softmax").epochs(4).batchSize(40).seed(3);
  }

  /** After so many rounds, does something on the thread that fits. */
  private static TrainingListener afterRounds(int rounds, Runnable action) {
    return new TrainingListener() {
      private int left = rounds;

      @Override
      public Verdict roundDone(RoundRecord round) {
        if (--left == 0) {
          action.run();
        }
        return Verdict.CONTINUE;
      }
    };
  }

  private static void assertNothingRuns(SparkSession spark) {
    Eventually.holds(
        () -> spark.sparkContext().statusTracker().getActiveJobIds().length == 0, "no job runs");
    assertTrue(spark.sparkContext().getPersistentRDDs().isEmpty(), "no rows are kept");
  }

  @Test
  void anInterruptEndsTheFitItsJobsAndKeepsTheRun() {
    SparkSession spark = TestSpark.session();
    String folder = scratch.resolve("run").toString();
    NeuralNetwork network = network().checkpoint(folder);
    try {
      CancellationException ended =
          assertThrows(
              CancellationException.class,
              () ->
                  network()
                      .checkpoint(folder)
                      .listener(afterRounds(5, () -> Thread.currentThread().interrupt()))
                      .fit(spiral(spark)));
      assertEquals("Training was interrupted", ended.getMessage());
      assertTrue(Thread.currentThread().isInterrupted(), "the flag stays");
    } finally {
      Thread.interrupted();
    }
    assertNothingRuns(spark);
    assertTrue(Files.isDirectory(scratch.resolve("run")));

    assertArrayEquals(
        network().fit(spiral(spark)).parameters(), network.fit(spiral(spark)).parameters(), 0f);
    assertFalse(Files.exists(scratch.resolve("run")), "it was used up");
  }

  /** The one that goes on beside it keeps its bits, and is not cancelled. */
  @Test
  void anInterruptEndsItsOwnFitAlone() throws Exception {
    SparkSession spark = TestSpark.session();
    float[] alone = network().fit(spiral(spark)).parameters();
    CountDownLatch bothTrain = new CountDownLatch(2);
    CountDownLatch oneHasEnded = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<float[]> other =
          threads.submit(
              () ->
                  network()
                      .listener(
                          afterRounds(
                              2,
                              () -> {
                                bothTrain.countDown();
                                await(oneHasEnded);
                              }))
                      .fit(spiral(spark))
                      .parameters());
      Future<float[]> interrupted =
          threads.submit(
              () ->
                  network()
                      .listener(
                          afterRounds(
                              1,
                              () -> {
                                bothTrain.countDown();
                                await(bothTrain);
                                Thread.currentThread().interrupt();
                              }))
                      .fit(spiral(spark))
                      .parameters());

      ExecutionException ended = assertThrows(ExecutionException.class, interrupted::get);
      oneHasEnded.countDown();

      assertInstanceOf(CancellationException.class, ended.getCause());
      assertArrayEquals(alone, other.get(), 0f);
    } finally {
      threads.shutdownNow();
    }
    assertNothingRuns(spark);
  }

  private static NeuralNetwork numbered(int number) {
    NeuralNetwork network = network().seed(number);
    return number % 2 == 0 ? network : network.localSteps(4);
  }

  @Test
  void fourFitsAtOnceAndATransformHaveTheBitsThatTheyHaveAlone() throws Exception {
    SparkSession spark = TestSpark.session();
    List<float[]> alone = new ArrayList<>();
    for (int number = 0; number < 4; number++) {
      alone.add(numbered(number).fit(spiral(spark)).parameters());
    }
    NeuralNetworkModel model = network().fit(spiral(spark));
    List<Row> predicted = model.transform(spiral(spark)).collectAsList();
    CountDownLatch allTrain = new CountDownLatch(4);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<float[]>> fits = new ArrayList<>();
      for (int number = 0; number < 4; number++) {
        NeuralNetwork network =
            numbered(number)
                .listener(
                    afterRounds(
                        1,
                        () -> {
                          allTrain.countDown();
                          await(allTrain);
                        }));
        fits.add(threads.submit(() -> network.fit(spiral(spark)).parameters()));
      }
      await(allTrain);
      assertEquals(predicted, model.transform(spiral(spark)).collectAsList());
      for (int number = 0; number < 4; number++) {
        assertArrayEquals(alone.get(number), fits.get(number).get(), 0f);
      }
    } finally {
      threads.shutdownNow();
    }
    assertNothingRuns(spark);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException unexpected) {
      throw new IllegalStateException(unexpected);
    }
  }

  @Test
  void jobsThatSparkGivesUpAreAnIllegalStateWithTheCause() {
    SparkSession spark = TestSpark.session();
    SparkContext context = spark.sparkContext();
    context.setJobGroup("of this test", "", false);
    try {
      IllegalStateException ended =
          assertThrows(
              IllegalStateException.class,
              () ->
                  network()
                      .listener(
                          afterRounds(2, () -> context.cancelJobGroupAndFutureJobs("of this test")))
                      .fit(spiral(spark)));
      assertTrue(
          String.valueOf(ended.getMessage()).startsWith("Training failed: [SPARK_JOB_CANCELLED]"),
          ended.getMessage());
      assertInstanceOf(SparkException.class, ended.getCause());
    } finally {
      context.clearJobGroup();
    }
    assertNothingRuns(spark);
  }

  /** Spark's own errors about rows, which are exceptions that nobody declares. */
  @Test
  void rowsThatSparkCannotComputeAreRefused() {
    SparkSession spark = TestSpark.session();
    Dataset<Row> rows =
        spark
            .range(40)
            .selectExpr(
                "cast(if(id = 17, 'many', '3') as int) as x", "cast(id % 3 as int) as label");

    InvalidInputException refused =
        assertThrows(InvalidInputException.class, () -> network().fit(rows));

    assertTrue(
        String.valueOf(refused.getMessage()).contains("'many'")
            && String.valueOf(refused.getMessage()).lines().count() == 1,
        refused.getMessage());
    NeuralNetworkModel model = network().fit(rows.where("id != 17"));
    InvalidInputException unseen =
        assertThrows(InvalidInputException.class, () -> model.evaluate(rows));
    assertTrue(String.valueOf(unseen.getMessage()).contains("'many'"), unseen.getMessage());
  }

  @Test
  void aFolderOfCheckpointsServesOneFitAtATime() {
    SparkSession spark = TestSpark.session();
    String folder = scratch.resolve("run").toString();
    try (FolderLock other =
        new CheckpointFolder(folder, spark.sparkContext().hadoopConfiguration()).claim()) {
      String refused = Refusal.of(() -> network().checkpoint(folder).fit(spiral(spark)));

      assertTrue(
          refused.startsWith("Cannot write %s: process ".formatted(folder)),
          refused + other.getClass());
    }
    network().checkpoint(folder).fit(spiral(spark));
  }

  @Test
  void aSessionThatIsStoppedMeanwhileIsSaidAndTheRunGoesOnInAnother() throws Exception {
    String folder = scratch.resolve("run").toString();
    NeuralNetwork network = network().epochs(40);
    float[] whole = network.fit(spiral(TestSpark.session())).parameters();
    SparkSession stopped = TestSpark.session();
    CountDownLatch reached = new CountDownLatch(1);
    Thread somebody =
        new Thread(
            () -> {
              await(reached);
              stopped.stop();
            });
    somebody.start();

    IllegalStateException failed =
        assertThrows(
            IllegalStateException.class,
            () ->
                network
                    .checkpoint(folder)
                    .listener(
                        afterRounds(
                            3,
                            () -> {
                              reached.countDown();
                              try {
                                somebody.join();
                              } catch (InterruptedException impossible) {
                                throw new IllegalStateException(impossible);
                              }
                            }))
                    .fit(spiral(stopped)));

    assertEquals("Training failed: its Spark session was stopped meanwhile", failed.getMessage());
    assertArrayEquals(
        whole,
        network.checkpoint(folder).fit(spiral(TestSpark.session())).parameters(),
        0f,
        "it goes on from what was kept");
  }

  @Test
  void aListenersOwnExceptionComesThroughAsItIs() {
    ArithmeticException own = new ArithmeticException("mine");

    assertEquals(
        own,
        assertThrows(
            ArithmeticException.class,
            () ->
                network()
                    .listener(
                        afterRounds(
                            1,
                            () -> {
                              throw own;
                            }))
                    .fit(spiral(TestSpark.session()))));
  }

  private static NeuralNetwork diverging() {
    return NeuralNetwork.layers("3")
        .task(org.sparkprop.nn.LearningTask.CLASSIFICATION)
        .optimizer("sgd")
        .learningRate(50)
        .hyperparameter("momentum", 0)
        .epochs(500)
        .seed(1);
  }

  @Test
  void aFitThatDivergesGivesItsLastGoodModelAndLeavesNoCheckpoint() {
    SparkSession spark = TestSpark.session();
    Dataset<Row> rows = RowSource.of("spiral(5)").rows(spark, Part.parse("train"));
    NeuralNetwork network =
        diverging().checkpoint(scratch.resolve("run").toString()).checkpointInterval(0);

    DivergedException diverged = assertThrows(DivergedException.class, () -> network.fit(rows));

    String message = String.valueOf(diverged.getMessage());
    assertTrue(
        message.matches(
            "Training diverged in round \\d+: .*; lower learningRate \\(now 50.0\\) or give clipNorm"),
        message);
    assertFalse(Files.exists(scratch.resolve("run")), "it would diverge again");
    NeuralNetworkModel kept =
        NeuralNetworkModel.load(spark, scratch.resolve("run.diverged").toString());
    NeuralNetworkModel model = ((DivergedFitException) diverged).model();
    assertNotNull(model);
    assertEquals("it diverged", model.ending());
    assertArrayEquals(model.parameters(), kept.parameters(), 0f);
    String path = scratch.resolve("model").toString();
    model.save(path);
    assertArrayEquals(model.parameters(), NeuralNetworkModel.load(spark, path).parameters(), 0f);
  }

  @Test
  void aFitThatDivergesKeepsItsCheckpointsWhereItsModelCannotBeWritten() throws IOException {
    Dataset<Row> rows = RowSource.of("spiral(5)").rows(TestSpark.session(), Part.parse("train"));
    Files.writeString(scratch.resolve("run.diverged"), "in the way");

    assertThrows(
        DivergedFitException.class,
        () ->
            diverging()
                .checkpoint(scratch.resolve("run").toString())
                .checkpointInterval(0)
                .fit(rows));

    assertEquals(2, Objects.requireNonNull(scratch.resolve("run").toFile().list()).length);
    assertEquals("in the way", Files.readString(scratch.resolve("run.diverged")));
  }

  /** Its fault may lie in the checkpoint, which may be all there is of days. */
  @Test
  void aFitThatGoesOnAndDivergesAtOnceDoesNotDeleteWhatItWentOnFrom() {
    Dataset<Row> rows = RowSource.of("spiral(5)").rows(TestSpark.session(), Part.parse("train"));
    String folder = scratch.resolve("run").toString();
    IllegalStateException cut = new IllegalStateException("cut off");
    TrainingListener cutting =
        afterRounds(
            2,
            () -> {
              throw cut;
            });
    assertEquals(
        cut,
        assertThrows(
            IllegalStateException.class,
            () -> diverging().checkpoint(folder).listener(cutting).fit(rows)));
    String[] kept = scratch.resolve("run").toFile().list();

    assertThrows(DivergedFitException.class, () -> diverging().checkpoint(folder).fit(rows));

    assertArrayEquals(kept, scratch.resolve("run").toFile().list());
  }

  @Test
  void aSessionOfSparkConnectIsRefused() {
    LibraryCall.refuseConnect(TestSpark.session());
    assertEquals(
        "Cannot use this session: a Spark Connect session has no partitions to train on; use one of the driver itself (SparkSession.builder().master(…), in an application that spark-submit starts)",
        Refusal.of(() -> LibraryCall.refuseConnect("org.apache.spark.sql.connect.SparkSession")));
  }

  @Test
  void aFolderThatIsNotThereIsRefusedInTheWordsOfTheLibrary() {
    assertEquals(
        "Cannot read model ./a:b: no such folder (give another path, or save a model there first)",
        Refusal.of(() -> NeuralNetworkModel.load(TestSpark.session(), "a:b")));
  }

  @Test
  void settingsAreNamedAsTheirSetters() {
    assertEquals(
        "Invalid dropout: 0.5 (there is no hidden layer; use inputDropout for the features)",
        Refusal.of(() -> NeuralNetwork.layers("3 softmax").dropout(0.5).options()));
    String path = scratch.resolve("model").toString();
    NeuralNetworkModel model = network().fit(spiral(TestSpark.session()));
    model.save(path);
    assertEquals(
        "Cannot write %s: it exists (give another path, or save(path, true) to replace it)"
            .formatted(path),
        Refusal.of(() -> model.save(path)));
  }

  /** What a message of the rooms that the library shares with the commands may name. */
  @Test
  void everyOptionInAMessageBecomesASetterOrASettingOfTheSession() throws IOException {
    Set<String> setters =
        Arrays.stream(NeuralNetwork.class.getMethods())
            .map(Method::getName)
            .collect(Collectors.toSet());
    // They are of the commands alone: what they name is read by no method of the library.
    setters.addAll(
        List.of(
            "model", "format", "readOption", "data", "testPart", "silent", "resume", "overwrite"));
    setters.addAll(List.of("reduction", "packages"));
    setters.add("conf"); // with a setting, which stands alone then
    // A number of an update rule, which hyperparameter(word, value) sets.
    setters.addAll(List.of("nesterov", "tolerance", "sampleDoublings"));
    Set<String> unknown = new TreeSet<>();
    Pattern option = Pattern.compile("--[a-z][a-z-]*");
    try (Stream<Path> files = Files.walk(Path.of("src/main/java/org/sparkprop"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        // The commands, and what reads the files that they name.
        if (file.toString()
            .matches(
                ".*/(cli|bench|LibraryWords|Table(Source|Finder|Format|Location)\\.java|Csv|Json|Idx|Path).*")) {
          continue;
        }
        Matcher literals =
            Pattern.compile("\"(?:[^\"\\\\\n]|\\\\.)*\"").matcher(Files.readString(file));
        while (literals.find()) {
          Matcher named = option.matcher(literals.group());
          while (named.find()) {
            String word = LibraryWords.of(named.group());
            if (!setters.contains(word) && !word.startsWith("spark.") && !word.equals("path")) {
              unknown.add(file.getFileName() + ": " + literals.group());
            }
          }
        }
      }
    }
    assertEquals(Set.of(), unknown);
  }
}
