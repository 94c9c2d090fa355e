package org.sparkprop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A standalone cluster of Spark's own daemons on this machine's loopback, and commands that are
 * submitted to it: real processes, out of the jars that Maven has.
 */
final class StandaloneCluster implements AutoCloseable {
  static final Path PROJECT = Path.of(System.getProperty("project.folder", "."));

  private static final Pattern ADDRESS = Pattern.compile("spark://127\\.0\\.0\\.1:[1-9]\\d*");

  /** For processes that live for seconds. */
  static final String QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private static final String HOST = "127.0.0.1";
  private static final String EXECUTOR = "CoarseGrainedExecutorBackend";

  private final Path scratch;
  private final Map<String, Process> daemons = new LinkedHashMap<>();
  private final String master;

  private StandaloneCluster(Path scratch) throws IOException {
    this.scratch = scratch;
    // Spark's own launcher, which starts executors, wants a folder with all jars.
    Path jars = Files.createDirectories(scratch.resolve("spark/jars"));
    for (String jar : Files.readString(PROJECT.resolve("target/spark.classpath")).split(":", -1)) {
      Path file = Path.of(jar.strip());
      Files.createSymbolicLink(jars.resolve(file.getFileName().toString()), file);
    }
    startDaemon("master", HOST, List.of(), "org.apache.spark.deploy.master.Master", "--port", "0");
    Eventually.holds(() -> ADDRESS.matcher(errors("master")).find(), "the master has an address");
    Matcher address = ADDRESS.matcher(errors("master"));
    assertTrue(address.find());
    master = address.group();
  }

  /** A master and workers of one core and 1 GB each. */
  static StandaloneCluster start(Path scratch, String... workers) throws IOException {
    StandaloneCluster cluster = new StandaloneCluster(scratch);
    cluster.startWorkers(List.of(), workers);
    return cluster;
  }

  /** Starts further workers, by a command that runs theirs. */
  void startWorkers(List<String> by, String... workers) throws IOException {
    startWorkersAt(HOST, by, workers);
  }

  /** The same on another address of the loopback, which Spark takes for another host. */
  void startWorkersAt(String host, List<String> by, String... workers) throws IOException {
    for (String worker : workers) {
      startDaemon(
          worker,
          host,
          by,
          "org.apache.spark.deploy.worker.Worker",
          "--cores",
          "1",
          "--memory",
          "1g",
          "--work-dir",
          scratch.resolve(worker).toString(),
          master);
    }
    for (String worker : workers) {
      Eventually.holds(
          () -> errors(worker).contains("Successfully registered"), worker + " is there");
    }
  }

  String master() {
    return master;
  }

  /** Kills a worker and the executors that it has started. */
  void kill(String worker) {
    Process process = Objects.requireNonNull(daemons.get(worker));
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public void close() throws IOException {
    List.copyOf(daemons.keySet()).forEach(this::kill);
    try (Stream<Path> links = Files.list(scratch.resolve("spark/jars"))) {
      for (Path link : links.toList()) { // JUnit deletes links too, but warns of each
        Files.delete(link);
      }
    }
  }

  private void startDaemon(String name, String host, List<String> by, String type, String... args)
      throws IOException {
    List<String> words = new ArrayList<>(List.of("--host", host, "--webui-port", "0"));
    words.addAll(List.of(args));
    ProcessBuilder builder = java(name, type, words);
    builder.command().addAll(0, by);
    daemons.put(name, builder.start());
  }

  /** What a process has written to its standard error so far; Spark's daemons log there. */
  String errors(String name) {
    try {
      return Files.readString(scratch.resolve(name + ".errors"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private ProcessBuilder java(String name, String type, List<String> args) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of(QUICK_START.split(" ", -1)));
    words.addAll(List.of("-Xmx512m", "-cp", scratch.resolve("spark/jars") + "/*"));
    words.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    words.add("-Dsparkprop.log=" + scratch.resolve(name + ".log"));
    if (type.endsWith("SparkSubmit")) {
      words.add("-Dlog4j2.configurationFile=" + PROJECT.resolve("conf/log4j2.properties").toUri());
    }
    words.add(type);
    words.addAll(args);
    ProcessBuilder builder = new ProcessBuilder(words).directory(scratch.toFile());
    builder.redirectError(scratch.resolve(name + ".errors").toFile());
    builder.environment().put("SPARK_HOME", scratch.resolve("spark").toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", HOST);
    return builder;
  }

  /**
   * Starts a command of ours, whose errors are in the file of this name.
   *
   * @param settings of Spark
   */
  Process submit(String name, String master, List<String> settings, List<String> command)
      throws IOException {
    List<String> words = new ArrayList<>(List.of("--master", master));
    for (String setting : settings) {
      words.addAll(List.of("--conf", setting));
    }
    words.addAll(
        List.of(
            "--conf",
            "spark.ui.enabled=false",
            "--class",
            "org.sparkprop.cli.Main",
            PROJECT.resolve("target/sparkprop.jar").toString()));
    words.addAll(command);
    return java(name, "org.apache.spark.deploy.SparkSubmit", words).start();
  }

  /** The executors that run now. */
  List<ProcessHandle> executors() {
    return daemons.values().stream()
        .flatMap(Process::descendants)
        .filter(process -> has(process, EXECUTOR))
        .filter(ProcessHandle::isAlive)
        .toList();
  }

  /** The executor with this name, of the only application that runs. */
  ProcessHandle executor(String name) {
    return executors().stream()
        .filter(process -> has(process, "--executor-id " + name + " "))
        .findFirst()
        .orElseThrow();
  }

  private static boolean has(ProcessHandle process, String words) {
    return process.info().commandLine().orElse("").contains(words);
  }
}
