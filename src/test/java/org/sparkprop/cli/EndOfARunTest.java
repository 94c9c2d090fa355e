package org.sparkprop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.TestSpark;

/** What a run leaves, whatever ends it. */
class EndOfARunTest {
  @TempDir Path scratch;

  private String at(String name) {
    return scratch.resolve(name).toString();
  }

  /** Cancels the first job whose description begins so, and all of this thread after it. */
  private static final class Canceller extends SparkListener implements AutoCloseable {
    private final String group = "cancelled by a test " + UUID.randomUUID();

    private final SparkContext spark;
    private final String description;
    private final Path seen;
    private final AtomicBoolean wasThere = new AtomicBoolean();

    /**
     * @param seen a file that is looked for before the job is cancelled
     */
    Canceller(SparkContext spark, String description, Path seen) {
      this.spark = spark;
      this.description = description;
      this.seen = seen;
      spark.setJobGroup(group, group, false); // of this thread, which runs the command
      spark.addSparkListener(this);
    }

    @Override
    public void close() {
      spark.removeSparkListener(this);
      spark.clearJobGroup();
    }

    @Override
    public void onJobStart(SparkListenerJobStart job) {
      if (job.properties().getProperty("spark.job.description", "").startsWith(description)) {
        wasThere.set(Files.exists(seen));
        spark.cancelJob(job.jobId());
        spark.cancelJobGroupAndFutureJobs(group);
      }
    }
  }

  @Test
  void anEvaluationThatFailsLeavesTheModelAndSaysHowToEvaluateIt() throws IOException {
    SparkContext spark = TestSpark.session().sparkContext();
    Path weights = scratch.resolve("a model/weights.safetensors");
    CommandRun run;
    try (Canceller canceller = new Canceller(spark, "evaluating", weights)) {
      run =
          CommandRun.of(
              "train",
              "--data=spiral(2000)",
              "--layers=512 relu, 512 relu, 3 softmax",
              "--epochs=1",
              "--batch-size=6000",
              "--checkpoint-interval=none",
              "--model=" + at("a model"));
      assertTrue(canceller.wasThere.get(), "the model is written before the evaluation begins");
    }

    assertEquals(1, run.status(), run.out());
    assertTrue(run.err().startsWith("error: SparkException: "), run.err());
    assertTrue(Files.exists(weights));
    assertFalse(Files.exists(scratch.resolve("a model/report.json")));
    assertTrue(run.out().contains("\nmodel: %s\n".formatted(at("a model"))), run.out());
    Matcher command =
        Pattern.compile("\nreport: none; .*: \\./submit\\.sh (.*)\n").matcher(run.out());
    assertTrue(command.find(), run.out());
    assertEquals(
        "evaluate --model '%1$s' --data 'spiral(2000)' --part test --report '%1$s'"
            .formatted(at("a model")),
        command.group(1));

    CommandRun evaluated = CommandRun.of(wordsOfShell(command.group(1)));

    assertEquals(0, evaluated.status(), evaluated.err());
    assertTrue(Files.exists(scratch.resolve("a model/report.json")));
  }

  @Test
  void aSparkConnectServerIsRefusedBeforeAnythingStarts() {
    System.setProperty("spark.remote", "sc://localhost");
    try {
      CommandRun run = small();

      assertEquals(
          "error: Cannot use --remote sc://localhost: a Spark Connect session has no partitions to train on; use --master\n",
          run.err());
      assertEquals("", run.out());
      assertEquals(1, run.status());
    } finally {
      System.clearProperty("spark.remote");
    }
  }

  private CommandRun small(String... more) {
    String[] words = {
      "train",
      "--data=spiral(20)",
      "--layers=3 softmax",
      "--epochs=2",
      "--batch-size=30",
      "--model=" + at("m")
    };
    return CommandRun.of(words(words, more));
  }

  /** As a scheduler does it, which repeats one command until that ends well. */
  @Test
  void aCompleteRunThatIsRepeatedHasNothingToDo() throws IOException {
    String measured = "--local-steps=auto"; // what was measured is no other option
    assertEquals(0, small("--resume", measured).status());
    Path weights = scratch.resolve("m/weights.safetensors");
    FileTime written = Files.getLastModifiedTime(weights);
    String line =
        "\nresume: %s is complete, that of epoch 2; all epochs completed\n".formatted(at("m"));

    for (CommandRun again :
        List.of(small("--resume", measured), small("--resume", measured, "--overwrite"))) {
      assertEquals("", again.err());
      assertEquals(0, again.status());
      assertTrue(again.out().endsWith(line), again.out());
    }

    assertEquals(
        "error: Cannot resume %s: its run is complete, and that run has --seed 1, this one 5 (give another --model, or --overwrite to train anew)\n"
            .formatted(at("m")),
        small("--resume", measured, "--seed=5").err());
    Files.delete(scratch.resolve("m/report.json"));
    CommandRun evaluated = small("--resume", measured);
    assertEquals(0, evaluated.status(), evaluated.err());
    assertTrue(evaluated.out().contains(line + "\n60 rows of spiral(20) test: "), evaluated.out());
    assertTrue(Files.exists(scratch.resolve("m/report.json")));
    assertEquals(written, Files.getLastModifiedTime(weights), "it was not trained again");

    CommandRun other = small("--resume", "--overwrite", "--seed=5");
    assertEquals(0, other.status(), other.err());
    assertNotEquals(written, Files.getLastModifiedTime(weights), "another run was asked for");
  }

  /** The folder becomes a file as the last epoch is trained. */
  @Test
  void aModelThatCannotBeWrittenIsKeptAsTheEndOfItsRun() throws IOException {
    SparkContext spark = TestSpark.session().sparkContext();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart job) {
            if (Files.notExists(scratch.resolve("m"))) {
              try {
                Files.writeString(scratch.resolve("m"), "in the way");
              } catch (IOException impossible) {
                throw new IllegalStateException(impossible);
              }
            }
          }
        };
    spark.addSparkListener(listener);
    CommandRun run;
    try {
      run = small("--checkpoint-interval=3600");
    } finally {
      spark.removeSparkListener(listener);
    }

    assertEquals(1, run.status());
    assertTrue(run.err().startsWith("error: Cannot write %s: ".formatted(at("m"))), run.err());
    assertTrue(
        run.out()
            .contains(
                "\ncheckpoint: %s.checkpoint; give the same command with --resume\n"
                    .formatted(at("m"))),
        run.out());
    Files.delete(scratch.resolve("m"));
    CommandRun resumed = small("--resume");
    assertEquals(0, resumed.status(), resumed.err());
    assertFalse(resumed.out().contains("\nepoch 2/2"), "no epoch is left");
    assertTrue(Files.exists(scratch.resolve("m/report.json")));
  }

  /**
   * No file system has this password, and none minds; a run that is cut off goes on, if it is given
   * again.
   */
  @Test
  void secretsAreInNothingThatIsWrittenOrPrinted() throws IOException {
    StringBuilder rows = new StringBuilder("x,label\n");
    for (int row = 0; row < 300; row++) {
      rows.append(row % 7).append(',').append(row % 2).append('\n');
    }
    Path data = Files.writeString(scratch.resolve("rows.csv"), rows);
    String[] train = {
      "train",
      "--data=" + data,
      "--read-option",
      "fs.mine.password=hunter2-xyzzy",
      "--layers=2 softmax",
      "--epochs=20",
      "--batch-size=100",
      "--model=" + at("m")
    };
    SparkContext spark = TestSpark.session().sparkContext();
    CommandRun cut;
    try (Canceller canceller = new Canceller(spark, "epoch 2/20", data)) {
      cut = CommandRun.of(words(train, "--verbose", "--checkpoint-interval=0"));
      assertTrue(canceller.wasThere.get());
    }

    assertEquals(1, cut.status(), cut.out());
    assertTrue(cut.out().contains("give the same command with --resume"), cut.out());
    assertNothingTells("hunter2", cut);
    CommandRun resumed = CommandRun.of(words(train, "--resume"));
    assertEquals(0, resumed.status(), resumed.err());
    assertNothingTells("hunter2", resumed);
    assertTrue(
        Files.readString(scratch.resolve("m/model.json"))
            .contains("\"read-option.fs.mine.password\" : \"***\""));
    String[] evaluate = {"evaluate", "--data=" + data, "--model=" + at("m")};
    assertEquals(
        "error: Cannot read without the read option fs.mine.password: it is a secret, which no model keeps (give it again, with --read-option)\n",
        CommandRun.of(evaluate).err());
    CommandRun again =
        CommandRun.of(
            words(
                evaluate,
                "--read-option",
                "fs.mine.password=hunter2-xyzzy",
                "--report=" + at("r")));
    assertEquals(0, again.status(), again.err());
    assertNothingTells("hunter2", again);
  }

  private void assertNothingTells(String secret, CommandRun run) throws IOException {
    assertFalse(run.out().contains(secret), run.out());
    assertFalse(run.err().contains(secret), run.err());
    try (Stream<Path> files = Files.walk(scratch)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertFalse(content.contains(secret), file.toString());
      }
    }
  }

  private static String[] words(String[] first, String... more) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
  }

  /** What a shell makes of the line. */
  private static String[] wordsOfShell(String line) throws IOException {
    Process shell =
        new ProcessBuilder("bash", "-c", "printf '%s\\n' " + line)
            .redirectErrorStream(true)
            .start();
    return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\n");
  }
}
