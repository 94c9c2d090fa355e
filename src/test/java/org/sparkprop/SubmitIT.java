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
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.ProjectCopy.Run;

/** The script, as a user runs it: in a folder whose name has spaces, from another folder. */
@Execution(ExecutionMode.CONCURRENT)
class SubmitIT {
  private static final int PATIENCE_SECONDS = ProjectCopy.PATIENCE_SECONDS;

  @TempDir Path scratch;

  private Path home() {
    return copy().home();
  }

  private ProjectCopy copy() {
    return new ProjectCopy(scratch);
  }

  @BeforeEach
  void copyTheProject() throws IOException {
    copy().make();
  }

  @AfterEach
  void deleteLinks() throws IOException {
    copy().deleteLinks();
  }

  private ProcessBuilder command(String... args) {
    return copy().command(args);
  }

  private String options() {
    return copy().options();
  }

  private Run submit(String... args) throws Exception {
    return run(command(args));
  }

  private Run run(ProcessBuilder builder) throws Exception {
    return copy().run(builder);
  }

  /** The error lines, without what the JVM says of itself. */
  private static String errors(Run run) {
    return run.errors();
  }

  private static final String[] TRAIN = {
    "train", "--data", "spiral", "--layers", "8 relu, 3 softmax", "--epochs", "2"
  };

  private static String[] words(String[] first, String... more) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void trainingAndEvaluationAreTwoProcessesWithOneResult() throws Exception {
    Run trained =
        submit(
            words(new String[] {"--master", "local[1]"}, words(TRAIN, "--model", "my models/a")));
    assertEquals("", trained.err(), "not even the JVM warns");
    assertEquals(0, trained.status());
    assertTrue(
        trained.out().startsWith("sparkprop 0.1.0, Spark 4.2.0, local[1], 1 core, BLAS: "),
        trained.out());
    Run evaluated =
        submit("evaluate", "--model", "my models/a", "--data", "spiral", "--report", "r");
    assertEquals("", errors(evaluated));
    assertEquals(accuracy(trained), accuracy(evaluated));
    assertTrue(Files.exists(scratch.resolve("r/report.json")), "relative to where the user is");

    Run again = submit(words(TRAIN, "--model", "my models/b"));
    assertEquals(0, again.status());
    assertArrayEquals(
        Files.readAllBytes(scratch.resolve("my models/a/weights.safetensors")),
        Files.readAllBytes(scratch.resolve("my models/b/weights.safetensors")),
        "one core or all give the same bytes");
    try (Stream<Path> logs = Files.list(scratch.resolve("cache folder/logs"))) {
      assertEquals(3, logs.filter(log -> log.toFile().length() > 0).count(), "a log for each run");
    }
  }

  private static String accuracy(Run run) {
    return run.out().lines().filter(line -> line.contains(": accuracy ")).findFirst().orElseThrow();
  }

  @Test
  void theExitStatusAndTheLineComeThrough() throws Exception {
    Run usage = submit(words(TRAIN, "--model", "m", "--batch-size", "0"));
    assertEquals("error: Invalid batch size: 0 (must be > 0)", errors(usage));
    assertEquals(2, usage.status());

    Run failed = submit("evaluate", "--model", "nowhere", "--data", "spiral");
    assertEquals(
        "error: Cannot read model nowhere: no such folder (give --model, or train one first)",
        errors(failed));
    assertEquals(1, failed.status());

    Run help = submit("--help");
    assertEquals(0, help.status());
    assertTrue(help.out().contains("Usage: ./submit.sh [spark-submit options]"), help.out());

    Run incomplete = submit("--master");
    assertEquals(
        "error: Missing value of --master (options before the command go to spark-submit)",
        errors(incomplete));
    assertEquals(2, incomplete.status());
  }

  private static final String NO_BLAS = "-Ddev.ludovic.netlib.blas.nativeLib=libnowhere.so.3";
  private static final String NOT_THERE =
      "libnowhere.so.3: cannot open shared object file: No such file or directory";

  @Test
  @Tag("long")
  void theBlasThatIsAskedForIsUsedOrRefused() throws Exception {
    Run java = submit(words(TRAIN, "--model", "m", "--test-part", "none", "--blas", "java"));
    assertEquals("", errors(java));
    assertTrue(
        firstLine(java).matches(".*, BLAS: netlib Java \\(vector, \\d+ bits\\)"), java.out());

    ProcessBuilder without = command(words(TRAIN, "--model", "n", "--blas", "system"));
    without.environment().put("SPARK_SUBMIT_OPTS", options() + " " + NO_BLAS);
    Run refused = run(without);
    assertEquals(
        "error: Cannot use BLAS system: " + NOT_THERE + " (install one, or give --blas auto)",
        errors(refused));
    assertEquals("", refused.out());
    assertEquals(1, refused.status());
  }

  private static String firstLine(Run run) {
    return run.out().lines().findFirst().orElse("");
  }

  /** On a busy machine executors take longer than the watchdog does. */
  private static String withoutWaiting(String errors) {
    return errors.replaceAll("(?m)^warning: no task has run for .*$\\R?", "");
  }

  @Test
  @Tag("long")
  void everyExecutorSaysItsBlasOnce() throws Exception {
    String[] cluster = {
      "--master", "local-cluster[2,1,512]", "--conf", "spark.executor.memory=512m"
    };
    Run trained =
        submit(words(cluster, words(TRAIN, "--model", "m", "--test-part", "none", "--blas=java")));
    assertEquals("", withoutWaiting(errors(trained)));
    String line = "executor %d on 127.0.0.1, 1 core, BLAS: netlib Java (vector)";
    assertEquals(
        List.of(line.formatted(0), line.formatted(1)),
        trained
            .out()
            .lines()
            .filter(each -> each.startsWith("executor "))
            .map(each -> each.replaceFirst(", \\d+ bits\\)", ")"))
            .sorted()
            .toList());

    String[] onExecutors = {"--conf", "spark.executor.extraJavaOptions=" + NO_BLAS};
    Run refused = submit(words(cluster, words(onExecutors, words(TRAIN, "--model", "n"))));
    assertTrue(
        withoutWaiting(errors(refused))
            .matches(
                "error: executor \\d on 127.0.0.1: Cannot use BLAS auto: "
                    + NOT_THERE
                    + " \\(.*\\)"),
        refused.err());
    assertEquals("", refused.out());
    assertEquals(1, refused.status());
  }

  @Test
  void endingTheScriptEndsEverythingThatItStarted() throws Exception {
    Process process =
        command(words(TRAIN, "--model", "m", "--epochs", "1000000"))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      while (line != null && !line.startsWith("epoch ")) {
        line = out.readLine();
      }
      assertTrue(line != null, "it trains");
      List<ProcessHandle> started = process.descendants().toList();

      process.destroy(); // SIGTERM; Spark ends in the same way on Ctrl-C

      assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it hangs");
      assertEquals(143, process.exitValue());
      assertEquals(
          List.of(),
          started.stream().filter(ProcessHandle::isAlive).map(ProcessHandle::info).toList());
    }
    assertFalse(Files.exists(scratch.resolve("m")), "no half a model");
    assertTrue(Files.exists(scratch.resolve("m.checkpoint")), "it can go on");
  }

  @Test
  @Tag("long")
  void aRunThatWasKilledGoesOnToTheSameBytes() throws Exception {
    String[] train = words(TRAIN, "--validation", "0.2", "--optimizer", "adam", "--epochs", "60");
    Run whole = submit(words(train, "--model", "whole"));
    assertEquals("", errors(whole));
    assertEquals(0, whole.status());
    String[] cut = words(train, "--model", "cut", "--checkpoint-interval", "0");
    Process process = command(cut).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      while (line != null && !line.startsWith("epoch  5/60")) {
        line = out.readLine();
      }
      assertTrue(line != null, "it trains");
      process.destroyForcibly(); // SIGKILL
      assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it hangs");
    }

    Run refused = submit(cut);
    assertEquals(
        "error: Cannot write cut.checkpoint: it has the checkpoint of a run that was cut off (give --resume to go on with that run, or --overwrite to drop it)",
        errors(refused));
    assertEquals(1, refused.status());

    Run resumed = submit(words(cut, "--resume"));
    assertEquals("", errors(resumed));
    assertTrue(resumed.out().contains("\nresume: cut.checkpoint/round-"), resumed.out());
    assertFalse(resumed.out().contains("\nepoch  4/60"), "it does not begin anew");
    assertArrayEquals(
        Files.readAllBytes(scratch.resolve("whole/weights.safetensors")),
        Files.readAllBytes(scratch.resolve("cut/weights.safetensors")));
    assertEquals(60, Files.readAllLines(scratch.resolve("cut/history.jsonl")).size());
    try (Stream<Path> files = Files.list(scratch)) {
      assertEquals(
          List.of("cut"),
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.startsWith("cut"))
              .toList());
    }
  }

  /** Spark's own launcher would print a stack trace, as it knows of no command of ours yet. */
  @Test
  void aMasterThatSparkFromMavenCannotHaveIsOneLine() throws Exception {
    String distribution = ": set SPARK_HOME to the folder of a Spark distribution";
    assertRefused(
        1,
        "Cannot use --master yarn with Spark from Maven, which has no YARN"
            + distribution
            + ", and HADOOP_CONF_DIR",
        "--master",
        "yarn");
    assertRefused(
        1,
        "Cannot use --master k8s://https://127.0.0.1:1 with Spark from Maven, which has no Kubernetes"
            + distribution,
        "--conf",
        "spark.master=k8s://https://127.0.0.1:1");
    assertRefused(
        2,
        "Unknown --master: lokal (must be local[*], spark://HOST:PORT, yarn or k8s://HOST:PORT)",
        "--master=lokal");
  }

  private void assertRefused(int status, String line, String... options) throws Exception {
    Run run = submit(words(options, TRAIN));
    assertEquals("error: " + line, run.err().strip());
    assertEquals(status, run.status());
  }

  /** What a Spark distribution is given; there is none to be had in a test. */
  @Test
  void sparkOfTheUsersIsUsedWhereThereIsOne() throws Exception {
    Path bin = Files.createDirectories(scratch.resolve("spark home/bin"));
    Path submit = bin.resolve("spark-submit");
    Files.writeString(
        submit, "#!/bin/sh\nprintf '%s\\n' \"$@\"\necho \"$SPARK_SUBMIT_OPTS\" >&2\nexit 7\n");
    assertTrue(submit.toFile().setExecutable(true));
    List<String> given =
        List.of(
            "--master",
            "yarn",
            "--conf",
            "a=b c",
            "--class",
            "org.sparkprop.cli.Main",
            home().resolve("target/sparkprop.jar").toString(),
            "train",
            "--layers",
            "8 relu");
    ProcessBuilder byHome =
        command("--master", "yarn", "--conf", "a=b c", "train", "--layers", "8 relu");
    byHome.environment().put("SPARK_HOME", scratch.resolve("spark home").toString());
    ProcessBuilder byPath =
        command("--master", "yarn", "--conf", "a=b c", "train", "--layers", "8 relu");
    byPath.environment().merge("PATH", bin.toString(), (path, first) -> first + ":" + path);

    for (ProcessBuilder builder : List.of(byHome, byPath)) {
      builder.environment().remove("HADOOP_CONF_DIR");
      builder.environment().remove("YARN_CONF_DIR");
      Run lost = run(builder);
      assertEquals(
          "error: Cannot use --master yarn: set HADOOP_CONF_DIR to the folder with the cluster's configuration files",
          lost.err().strip());
      assertEquals(1, lost.status());
      builder.environment().put("HADOOP_CONF_DIR", scratch.toString());
      Run run = run(builder);
      assertEquals(given, run.out().lines().toList());
      assertEquals(
          Runtime.version().feature() < 22,
          run.err().contains("-XX:GCLockerRetryAllocationCount=32 "),
          run.err());
      assertTrue(run.err().contains("\"-Dlog4j2.configurationFile=file:" + home()), run.err());
      assertEquals(7, run.status());
    }

    ProcessBuilder wrongHome = command("train");
    wrongHome.environment().put("SPARK_HOME", scratch.toString());
    assertEquals(
        "error: Cannot run %s/bin/spark-submit: SPARK_HOME must be the folder of a Spark distribution"
            .formatted(scratch),
        run(wrongHome).err().strip());
  }

  @Test
  void itSaysWhenJavaIsMissingOrTooOld() throws Exception {
    ProcessBuilder missing = command("--help");
    missing.environment().put("JAVA_HOME", scratch.toString());
    assertEquals(
        "error: Cannot run %s/bin/java: JAVA_HOME must be the folder of a JDK, 17 or newer"
            .formatted(scratch),
        run(missing).err().strip());

    Path old = Files.createDirectories(scratch.resolve("old/bin")).resolve("java");
    Files.writeString(old, "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
    assertTrue(old.toFile().setExecutable(true));
    ProcessBuilder tooOld = command("--help");
    tooOld.environment().put("JAVA_HOME", scratch.resolve("old").toString());
    Run run = run(tooOld);
    assertEquals(
        "error: Java 11 is too old: %s (must be 17 or newer; set JAVA_HOME)".formatted(old),
        run.err().strip());
    assertEquals(1, run.status());
  }

  @Test
  void itSaysWhenMavenIsMissing() throws Exception {
    Path tools = Files.createDirectories(scratch.resolve("tools"));
    for (String tool :
        List.of("bash", "env", "dirname", "readlink", "sed", "head", "find", "cat")) {
      Path found =
          Stream.of(System.getenv("PATH").split(":", -1))
              .map(folder -> Path.of(folder, tool))
              .filter(Files::isExecutable)
              .findFirst()
              .orElseThrow();
      Files.createSymbolicLink(tools.resolve(tool), found);
    }
    Files.delete(home().resolve("target/sparkprop.jar"));
    ProcessBuilder builder = command("--help");
    Map<String, String> environment = builder.environment();
    environment.put("PATH", tools.toString());
    environment.put("JAVA_HOME", System.getProperty("java.home"));

    assertEquals(
        "error: Cannot find mvn: install Maven, 3.8 or newer, to build %s"
            .formatted(home().resolve("target/sparkprop.jar")),
        run(builder).err().strip());
  }

  /** A Maven that takes the jar that there is, once it may: what is tested is the script. */
  private Path aMavenThatWaits() throws IOException {
    Path bin = Files.createDirectories(scratch.resolve("maven"));
    Files.copy(home().resolve("target/sparkprop.jar"), scratch.resolve("whole.jar"));
    Files.copy(home().resolve("target/spark.classpath"), scratch.resolve("whole.classpath"));
    Files.delete(home().resolve("target/sparkprop.jar"));
    Path mvn = bin.resolve("mvn");
    Files.writeString(
        mvn,
        """
        #!/bin/bash
        for word in "$@"; do [[ $word != -Dbuild.folder=* ]] || folder=${word#*=}; done
        echo build >>"%1$s/builds"
        echo half >"$folder/sparkprop.jar"
        until [[ -e "%1$s/go" ]]; do sleep 0.1; done
        cp "%1$s/whole.jar" "$folder/sparkprop.jar"
        cp "%1$s/whole.classpath" "$folder/spark.classpath"
        """
            .formatted(scratch));
    assertTrue(mvn.toFile().setExecutable(true));
    return bin;
  }

  private Process startHelp(Path maven, String name, String path) throws IOException {
    ProcessBuilder builder = command("--help");
    builder.environment().put("PATH", maven + ":" + path);
    return builder
        .redirectOutput(scratch.resolve(name + ".out").toFile())
        .redirectError(scratch.resolve(name + ".err").toFile())
        .start();
  }

  /** A file is there before its first line is. */
  private boolean hasBegunToBuild() {
    return Files.exists(scratch.resolve("builds")) && printed("builds").equals("build\n");
  }

  private String printed(String name) {
    try {
      return Files.readString(scratch.resolve(name));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void assertHelped(Process process, String name) throws Exception {
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it hangs");
    assertEquals(0, process.exitValue(), printed(name + ".err"));
    assertTrue(printed(name + ".out").contains("Usage: ./submit.sh"), printed(name + ".out"));
  }

  /** With the system's own lock, and where there is none, as on macOS. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void twoAtOnceBuildOnce(boolean withFlock) throws Exception {
    Path maven = aMavenThatWaits();
    String path = withFlock ? System.getenv("PATH") : pathWithout("flock");
    Process first = startHelp(maven, "first", path);
    Eventually.holds(() -> Files.exists(scratch.resolve("builds")), "the first one builds");
    Process second = startHelp(maven, "second", path);
    String waiting =
        "waiting for another submit.sh, which builds in %s\n".formatted(home().resolve("target"));
    Eventually.holds(() -> printed("second.err").equals(waiting), "the second one waits");

    Files.createFile(scratch.resolve("go"));

    assertHelped(first, "first");
    assertHelped(second, "second");
    assertEquals("build\n", printed("builds"));
    assertNothingIsLeftOfABuild();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBuildThatWasKilledIsForgotten(boolean withFlock) throws Exception {
    Path maven = aMavenThatWaits();
    String path = withFlock ? System.getenv("PATH") : pathWithout("flock");
    Process killed = startHelp(maven, "killed", path);
    Eventually.holds(this::hasBegunToBuild, "it builds");
    List<ProcessHandle> started = killed.descendants().toList();
    killed.destroyForcibly(); // SIGKILL
    started.forEach(ProcessHandle::destroyForcibly);
    assertTrue(killed.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
    Files.createFile(scratch.resolve("go"));

    assertHelped(startHelp(maven, "next", path), "next");

    assertEquals("build\nbuild\n", printed("builds"));
    assertNothingIsLeftOfABuild();
  }

  private void assertNothingIsLeftOfABuild() throws IOException {
    try (Stream<Path> files = Files.list(home().resolve("target"))) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      assertEquals(
          List.of("spark", "spark.classpath", "sparkprop.jar"),
          names.stream().filter(name -> !name.equals("lock")).toList());
    }
  }

  /** A folder of links to all that is on the path, but for one. */
  private String pathWithout(String tool) throws IOException {
    Path tools = Files.createDirectories(scratch.resolve("tools"));
    for (String folder : System.getenv("PATH").split(":", -1)) {
      if (Files.isDirectory(Path.of(folder))) {
        try (Stream<Path> files = Files.list(Path.of(folder))) {
          for (Path file : files.toList()) {
            Path link = tools.resolve(file.getFileName());
            if (!link.endsWith(tool) && !Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
              Files.createSymbolicLink(link, file);
            }
          }
        }
      }
    }
    return tools.toString();
  }

  @Test
  void aJreIsNoJdk() throws Exception {
    Files.delete(home().resolve("target/sparkprop.jar"));
    Path jre = Files.createDirectories(scratch.resolve("jre/bin"));
    Files.createSymbolicLink(
        jre.resolve("java"), Path.of(System.getProperty("java.home"), "bin", "java"));
    ProcessBuilder builder = command("--help");
    builder.environment().put("JAVA_HOME", scratch.resolve("jre").toString());

    assertEquals(
        "error: Cannot find %s/javac: JAVA_HOME must be the folder of a JDK, not of a JRE, to build %s"
            .formatted(jre, home().resolve("target/sparkprop.jar")),
        run(builder).err().strip());
  }
}
