package org.sparkprop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.sparkprop.cli.CommandRun;

/**
 * What a run does where its cluster fails it: executors that die, workers that die, none that fits,
 * and files that executors cannot see. As ClusterIT, it is left out of {@code mvn verify}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class) // in the middle, all workers die
@Isolated
@Tag("long")
class ClusterLossIT {
  private static final int PATIENCE_SECONDS = 240;
  private static final int MILLIS_OF_A_ROUND = 2000;

  @TempDir static Path scratch;

  private StandaloneCluster cluster;
  private byte[] undisturbed;

  private record Run(int status, String out, List<String> errors) {}

  @BeforeAll
  void startTheCluster() throws IOException {
    cluster = StandaloneCluster.start(scratch, "worker-1", "worker-2");
    CommandRun local = CommandRun.of(train("local").toArray(String[]::new));
    assertEquals(0, local.status(), local.err());
    TestSpark.session().stop();
    undisturbed = weights("local");
    Files.createDirectories(scratch.resolve("hidden"));
  }

  @AfterAll
  void endTheCluster() throws IOException {
    cluster.close();
  }

  /** Some seconds of rounds on the cluster. */
  private static List<String> train(String model, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "train",
                "--data=spiral(1000)",
                "--layers=256 relu, 256 relu, 3 softmax", // so that executors are mostly at work
                "--batch-size=1500",
                "--slice-size=250",
                "--shards=4",
                "--epochs=30",
                "--test-part=none",
                "--model=" + scratch.resolve(model)));
    words.addAll(List.of(more));
    return words;
  }

  private static byte[] weights(String model) throws IOException {
    return Files.readAllBytes(scratch.resolve(model).resolve("weights.safetensors"));
  }

  /** A run to its end; {@code inTheMiddle} happens once it has an epoch behind it. */
  private Run run(String name, List<String> settings, List<String> command, Runnable inTheMiddle)
      throws Exception {
    List<String> all = new ArrayList<>(List.of("spark.executor.memory=512m"));
    all.addAll(settings);
    Process process = cluster.submit(name, cluster.master(), all, command);
    StringBuilder out = new StringBuilder();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        out.append(line).append('\n');
        if (line.startsWith("epoch  1/")) {
          inTheMiddle.run();
        }
      }
      assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it hangs");
    } finally {
      process.destroyForcibly();
    }
    List<String> errors =
        cluster.errors(name).lines().filter(line -> !line.startsWith("WARNING: ")).toList();
    return new Run(process.exitValue(), out.toString(), errors);
  }

  private static void assertSays(List<String> errors, String pattern) {
    assertTrue(
        errors.stream().anyMatch(line -> line.matches(pattern)),
        pattern + "\n" + String.join("\n", errors));
  }

  /** Spark's own warnings, which are no sentences, stay in the log. */
  private static void assertSaysOnly(List<String> errors, String beginnings) {
    for (String line : errors) {
      assertTrue(line.matches("(warning: (%s).*)".formatted(beginnings)), line);
    }
  }

  /** An executor that is stopped has a task of the next round soon, which then dies with it. */
  private static void killAtWork(ProcessHandle executor) {
    try {
      Process stop = new ProcessBuilder("kill", "-STOP", Long.toString(executor.pid())).start();
      assertEquals(0, stop.waitFor());
      Thread.sleep(MILLIS_OF_A_ROUND); // nobody tells which task has reached it
    } catch (IOException | InterruptedException failed) {
      throw new IllegalStateException(failed);
    }
    assertTrue(executor.destroyForcibly());
  }

  /** Spark itself would end the run with the first executor. */
  @Test
  @Order(1)
  void aRoundThatLosesItsExecutorIsTriedAgain() throws Exception {
    Run run =
        run(
            "killed",
            List.of("spark.task.maxFailures=1"),
            train("killed"),
            () -> cluster.executors().forEach(ClusterLossIT::killAtWork)); // one may have no rows
    assertEquals(0, run.status(), run.errors().toString());
    assertArrayEquals(undisturbed, weights("killed"));
    assertSays(
        run.errors(),
        "warning: executor [01] is lost: it was killed \\(by its host, if that ran out of memory\\); what it kept is computed again where it is needed");
    // Whether Spark ends the round's job too, which is then tried again, depends on who tells it of
    // the loss first: the worker, or the connection.
    assertSaysOnly(
        run.errors(),
        "executor \\d is lost: |packed rows were lost with an executor |epoch \\d+/30, |no task has run |Spark has been starting ");
  }

  @Test
  @Order(2)
  void tasksThatFitNoExecutorAreSaidSoon() throws Exception {
    Process process =
        cluster.submit(
            "wide",
            cluster.master(),
            List.of("spark.executor.memory=512m", "spark.task.cpus=2"),
            train("wide"));
    String line =
        "warning: no task has run for \\d+ s: asked for executors of 512 MB and all cores of a worker, tasks of 2 cores; there (is 1 executor|are 2 executors) of 1 core; the master has 2 workers of 1 core and 1,024 MB( \\(free: .*\\))?; no task fits: set spark.task.cpus to 1 or less, or give executors more cores; giving up in \\d+ s \\(--give-up-after\\)";
    try {
      Eventually.holds(
          () -> cluster.errors("wide").lines().anyMatch(said -> said.matches(line)), line);
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
  }

  @Test
  @Order(3)
  void aRunWhoseWorkersDieIsGivenUpAndGoesOnElsewhere() throws Exception {
    Run run =
        run(
            "orphan",
            List.of(),
            train("orphan", "--give-up-after=25"),
            () -> {
              cluster.kill("worker-1");
              cluster.kill("worker-2");
            });
    assertEquals(1, run.status(), run.out());
    String why =
        "asked for executors of 512 MB and all cores of a worker; (all 2 executors are lost|all 3 executors are lost); the master has no live worker; start a worker";
    assertSays(
        run.errors(),
        "warning: no task has run for \\d+ s: %s; giving up in \\d+ s \\(--give-up-after\\)"
            .formatted(why));
    assertSays(
        run.errors(),
        "error: Gave up after \\d+ s in which no task could run: %s.*".formatted(why));

    Path hidden = scratch.resolve("hidden");
    List<String> by =
        isRoot()
            ? List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount -t tmpfs none '%s' && exec \"$0\" \"$@\"".formatted(hidden))
            : List.of();
    cluster.startWorkers(by, "worker-3");
    Run resumed = run("resumed", List.of(), train("orphan", "--resume"), () -> {});
    assertEquals(0, resumed.status(), resumed.errors().toString());
    assertTrue(resumed.out().contains("resume: "), resumed.out());
    assertTrue(!resumed.out().contains("epoch  1/30"), "it does not begin anew:\n" + resumed.out());
    assertArrayEquals(undisturbed, weights("orphan"));
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /** The one worker that is left has another, empty folder of this name. */
  @Test
  @Order(4)
  void aFileThatOnlyTheDriverHasIsNamedAsSuch() throws Exception {
    assumeTrue(isRoot(), "only root may give a process file systems of its own");
    Path file = scratch.resolve("hidden/rows.csv");
    StringBuilder rows = new StringBuilder("x,y,label\n");
    for (int row = 0; row < 20; row++) {
      rows.append("%d,%d,%d%n".formatted(row, row % 7, row % 2));
    }
    Files.writeString(file, rows.toString());
    Run run =
        run(
            "unseen",
            List.of(),
            List.of(
                "train",
                "--data=" + file,
                "--layers=2 softmax",
                "--model=" + scratch.resolve("hidden/model")),
            () -> {});
    assertEquals(1, run.status(), run.out());
    assertEquals(
        "error: Cannot read the rows: executors cannot see file:%s: put it on a file system that all hosts see"
            .formatted(file),
        run.errors().get(run.errors().size() - 1));
  }
}
