package org.sparkprop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
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
class ClusterIT {
  private static final Path PROJECT = Path.of(System.getProperty("project.folder"));
  private static final int PATIENCE_SECONDS = 240;
  private static final Pattern ADDRESS = Pattern.compile("spark://127\\.0\\.0\\.1:[1-9]\\d*");
  private static final String EXECUTOR = "CoarseGrainedExecutorBackend";

  @TempDir static Path scratch;

  private final List<Process> daemons = new ArrayList<>();
  private String master = "";

  /** Spark's own launcher, which starts executors, wants a folder with all jars. */
  @BeforeAll
  void startTheCluster() throws IOException {
    Path jars = Files.createDirectories(scratch.resolve("spark/jars"));
    for (String jar : Files.readString(PROJECT.resolve("target/spark.classpath")).split(":", -1)) {
      Path file = Path.of(jar.strip());
      Files.createSymbolicLink(jars.resolve(file.getFileName().toString()), file);
    }
    start("master", "org.apache.spark.deploy.master.Master", "--port", "0");
    Eventually.holds(() -> ADDRESS.matcher(errors("master")).find(), "the master has an address");
    Matcher address = ADDRESS.matcher(errors("master"));
    assertTrue(address.find());
    master = address.group();
    for (String worker : List.of("worker-1", "worker-2")) {
      start(
          worker,
          "org.apache.spark.deploy.worker.Worker",
          "--cores",
          "1",
          "--memory",
          "1g",
          "--work-dir",
          scratch.resolve(worker).toString(),
          master);
    }
    for (String worker : List.of("worker-1", "worker-2")) {
      Eventually.holds(
          () -> errors(worker).contains("Successfully registered"), worker + " is there");
    }
  }

  @AfterAll
  void endTheCluster() throws IOException {
    for (Process daemon : daemons) {
      daemon.descendants().forEach(ProcessHandle::destroyForcibly);
      daemon.destroyForcibly();
    }
    try (Stream<Path> links = Files.list(scratch.resolve("spark/jars"))) {
      for (Path link : links.toList()) { // JUnit deletes links too, but warns of each
        Files.delete(link);
      }
    }
  }

  private void start(String name, String type, String... args) throws IOException {
    List<String> words = new ArrayList<>(List.of("--host", "127.0.0.1", "--webui-port", "0"));
    words.addAll(List.of(args));
    daemons.add(java(name, type, words).start());
  }

  /** What a process has written to its standard error so far; Spark's daemons log there. */
  private String errors(String name) {
    try {
      return Files.readString(scratch.resolve(name + ".errors"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private ProcessBuilder java(String name, String type, List<String> args) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-Xmx512m", "-cp", scratch.resolve("spark/jars") + "/*"));
    words.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    words.add(type);
    words.addAll(args);
    ProcessBuilder builder = new ProcessBuilder(words).directory(scratch.toFile());
    builder.redirectError(scratch.resolve(name + ".errors").toFile());
    builder.environment().put("SPARK_HOME", scratch.resolve("spark").toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    return builder;
  }

  private Process train(String master, String model, String... more) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                "--master",
                master,
                "--conf",
                "spark.executor.memory=512m",
                "--conf",
                "spark.ui.enabled=false",
                "--class",
                "org.sparkprop.cli.Main",
                PROJECT.resolve("target/sparkprop.jar").toString(),
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
    return java(model, "org.apache.spark.deploy.SparkSubmit", words).start();
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
    assertEquals(0, run.exitValue(), out + errors(model));
    assertFalse(errors(model).contains("different BLAS"), errors(model));
    return out.toString();
  }

  private byte[] weights(String model) throws IOException {
    return Files.readAllBytes(scratch.resolve(model).resolve("weights.safetensors"));
  }

  private List<ProcessHandle> executors() {
    return daemons.stream()
        .flatMap(Process::descendants)
        .filter(process -> process.info().commandLine().orElse("").contains(EXECUTOR))
        .filter(ProcessHandle::isAlive)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--local-steps=1", "--local-steps=4 --workers=2"})
  void aClusterGivesTheBytesOfOneMachineEvenIfAnExecutorIsKilled(String way) throws Exception {
    String[] options = way.split(" ", -1);
    String name = Integer.toString(options.length);
    String local = "local-" + name;
    output(train("local[2]", local, options), local, () -> {});

    String cluster = "cluster-" + name;
    String printed =
        output(
            train(master, cluster, options),
            cluster,
            () -> assertEquals(2, executors().size(), "two executors"));
    assertTrue(printed.contains(master + ", 2 cores"), printed);
    assertArrayEquals(weights(local), weights(cluster));

    String killed = "killed-" + name;
    long replaced = replacedExecutors();
    output(
        train(master, killed, options),
        killed,
        () -> {
          ProcessHandle executor = executors().get(0);
          assertTrue(executor.destroyForcibly()); // SIGKILL
        });
    assertArrayEquals(weights(local), weights(killed));
    assertEquals(replaced + 1, replacedExecutors(), "it was missed in the middle");
  }

  /** Executors 0 and 1 of an application are its first. */
  private long replacedExecutors() {
    return Pattern.compile("Launching executor app-\\S+/2 on")
        .matcher(errors("master"))
        .results()
        .count();
  }
}
