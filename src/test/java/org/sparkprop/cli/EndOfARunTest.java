package org.sparkprop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  /** Cancels each job whose description begins so, as somebody does on Spark's pages. */
  private static final class Canceller extends SparkListener {
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
    }

    @Override
    public void onJobStart(SparkListenerJobStart job) {
      if (job.properties().getProperty("spark.job.description", "").startsWith(description)) {
        wasThere.set(Files.exists(seen));
        spark.cancelJob(job.jobId());
      }
    }
  }

  @Test
  void anEvaluationThatFailsLeavesTheModelAndSaysHowToEvaluateIt() throws IOException {
    SparkContext spark = TestSpark.session().sparkContext();
    Path weights = scratch.resolve("a model/weights.safetensors");
    Canceller canceller = new Canceller(spark, "evaluating", weights);
    spark.addSparkListener(canceller);
    CommandRun run =
        CommandRun.of(
            "train",
            "--data=spiral(2000)",
            "--layers=512 relu, 512 relu, 3 softmax",
            "--epochs=1",
            "--batch-size=6000",
            "--checkpoint-interval=none",
            "--model=" + at("a model"));

    assertEquals(1, run.status(), run.out());
    assertTrue(run.err().startsWith("error: SparkException: "), run.err());
    assertTrue(canceller.wasThere.get(), "the model is written before the evaluation begins");
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

  /** What a shell makes of the line. */
  private static String[] wordsOfShell(String line) throws IOException {
    Process shell =
        new ProcessBuilder("bash", "-c", "printf '%s\\n' " + line)
            .redirectErrorStream(true)
            .start();
    return new String(
            shell.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
        .split("\n");
  }
}
