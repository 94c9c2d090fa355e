package org.sparkprop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The promise, on a cluster of real processes: a master and two workers of Spark's own, each with
 * an executor of one core, on this machine's loopback. It takes a minute or two, so {@code mvn
 * verify} leaves it out; to run it, and nothing else:
 *
 * <pre>
 *   mvn verify -P long -Dit.test=ClusterIT -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Isolated
@Tag("long")
class ClusterIT {
  private static final int PATIENCE_SECONDS = 240;

  @TempDir static Path scratch;

  private StandaloneCluster cluster;

  @BeforeAll
  void startTheCluster() throws IOException {
    cluster = StandaloneCluster.start(scratch, "worker-1", "worker-2");
  }

  @AfterAll
  void endTheCluster() throws IOException {
    cluster.close();
  }

  private Process train(String master, String model, String... more) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                "train",
                "--data",
                "spiral(1000)",
                "--layers",
                "32 relu, 16 tanh, 3 softmax",
                "--batch-size",
                "200",
                "--shards",
                "7",
                "--epochs",
                "8",
                "--validation",
                "0.1",
                "--model",
                scratch.resolve(model).toString()));
    words.addAll(List.of(more));
    return cluster.submit(model, master, List.of("spark.executor.memory=512m"), words);
  }

  /** What a run prints, to its end; {@code inTheMiddle} happens once it has an epoch behind it. */
  private String output(Process run, String model, Runnable inTheMiddle) throws Exception {
    StringBuilder out = new StringBuilder();
    try (BufferedReader lines = run.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        out.append(line).append('\n');
        if (line.startsWith("epoch 1/")) {
          inTheMiddle.run();
        }
      }
      assertTrue(run.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it hangs");
    } finally {
      run.destroyForcibly();
    }
    assertEquals(0, run.exitValue(), out + cluster.errors(model));
    assertFalse(cluster.errors(model).contains("different BLAS"), cluster.errors(model));
    return out.toString();
  }

  private byte[] weights(String model) throws IOException {
    return Files.readAllBytes(scratch.resolve(model).resolve("weights.safetensors"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--local-steps=1", "--local-steps=4 --workers=2"})
  void aClusterGivesTheBytesOfOneMachineEvenIfAnExecutorIsKilled(String way) throws Exception {
    String[] options = way.split(" ", -1);
    String name = Integer.toString(options.length);
    String local = "local-" + name;
    output(train("local[2]", local, options), local, () -> {});

    String plain = "cluster-" + name;
    String printed =
        output(
            train(cluster.master(), plain, options),
            plain,
            () -> {
              assertEquals(2, cluster.executors().size(), "two executors");
              cluster
                  .executors()
                  .forEach(
                      executor ->
                          assertTrue(
                              executor
                                  .info()
                                  .commandLine()
                                  .orElse("")
                                  .contains("-XX:GCLockerRetryAllocationCount=32")));
            });
    assertTrue(printed.contains(cluster.master() + ", 2 cores"), printed);
    assertArrayEquals(weights(local), weights(plain));

    String killed = "killed-" + name;
    long replaced = replacedExecutors();
    output(
        train(cluster.master(), killed, options),
        killed,
        () -> {
          ProcessHandle executor = cluster.executors().get(0);
          assertTrue(executor.destroyForcibly()); // SIGKILL
        });
    assertArrayEquals(weights(local), weights(killed));
    assertEquals(replaced + 1, replacedExecutors(), "it was missed in the middle");
  }

  @Test
  void aTableGivesTheBytesOfOneMachineWithAllThatIsTakenFromItsRows() throws Exception {
    Path data = IncomeTable.in(scratch.resolve("table"));
    for (String master : List.of("local[2]", cluster.master())) {
      String model = "table-" + master.substring(0, 5);
      List<String> job =
          List.of(
              "train",
              "--data=" + data,
              "--test-part=none",
              "--layers=16 relu, 2 softmax",
              "--epochs=3",
              "--batch-size=64",
              "--validation=0.2",
              "--monitor=pr-auc",
              "--class-weights=balanced",
              "--feature-units=standard",
              "--dropout=0.2",
              "--input-noise=0.1",
              "--model=" + scratch.resolve(model));
      List<String> settings =
          List.of(
              "spark.executor.memory=512m",
              "spark.sql.files.maxPartitionBytes=4096",
              "spark.sql.files.openCostInBytes=0");
      output(cluster.submit(model, master, settings, job), model, () -> {});
    }

    assertArrayEquals(weights("table-local"), weights("table-spark"));
  }

  /** Executors 0 and 1 of an application are its first. */
  private long replacedExecutors() {
    return Pattern.compile("Launching executor app-\\S+/2 on")
        .matcher(cluster.errors("master"))
        .results()
        .count();
  }
}
