package org.sparkprop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkprop.nn.blas.FreshJvm;

/** Commands in a process of their own, which somebody ends. */
class SignalTest {
  private static final int PATIENCE_SECONDS = 120;

  /** Of a small model, on cores that others may be using too. */
  private static final int MAX_SECONDS = 10;

  @TempDir Path scratch;

  private String at(String name) {
    return scratch.resolve(name).toString();
  }

  private record Ended(int status, String out, String err) {}

  /** A process of a class with a {@code main}, with all that Spark needs of a JVM. */
  private Process start(Class<?> main, String... args) throws IOException {
    List<String> words = new ArrayList<>(List.of("env", "--default-signal=INT,TERM"));
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(word -> word.startsWith("--") || word.startsWith("-XX:+Ignore"))
        .forEach(words::add);
    words.addAll(FreshJvm.QUICK);
    words.add(
        "-Dlog4j2.configurationFile=file:" + Path.of("conf/log4j2.properties").toAbsolutePath());
    words.add("-Dsparkprop.log=" + scratch.resolve("log"));
    words.add("-Djava.io.tmpdir=" + scratch); // what is killed leaves its files
    words.add("-Dspark.master=local[2]");
    words.add("-Dspark.ui.enabled=false");
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    words.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectError(scratch.resolve("err").toFile());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    return builder.start();
  }

  /** Sends a signal at the first line that is wanted. */
  private Ended endAt(Predicate<String> wanted, String signal, Process process) throws Exception {
    return endAt(wanted, signal, process, MAX_SECONDS);
  }

  private Ended endAt(Predicate<String> wanted, String signal, Process process, double maxSeconds)
      throws Exception {
    StringBuilder printed = new StringBuilder();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      for (; line != null && !wanted.test(line); line = out.readLine()) {
        printed.append(line).append('\n');
      }
      assertNotNull(line, () -> printed + errors());
      printed.append(line).append('\n');
      long start = System.nanoTime();
      kill(signal, process);
      for (line = out.readLine(); line != null; line = out.readLine()) {
        printed.append(line).append('\n');
      }
      assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it hangs");
      double seconds = (System.nanoTime() - start) / 1e9;
      assertTrue(seconds < maxSeconds, "it took %s s to end".formatted(seconds));
    }
    return new Ended(process.exitValue(), printed.toString(), errors());
  }

  private static void kill(String signal, Process process) throws Exception {
    assertEquals(0, new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor());
  }

  /** The error lines, without what the JVM says of itself. */
  private String errors() {
    try (Stream<String> lines = Files.lines(scratch.resolve("err"))) {
      return String.join(
          "\n", lines.filter(line -> !line.startsWith("WARNING: Using incub")).toList());
    } catch (IOException unreadable) {
      return unreadable.toString();
    }
  }

  private String[] train(String model, String... more) {
    String[] words = {
      "train",
      "--data=spiral",
      "--layers=8 relu, 3 softmax",
      "--epochs=12",
      "--batch-size=10",
      "--model=" + at(model)
    };
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  @Tag("long")
  void aTerminatedRunIsKeptAndGoesOnToTheSameBytes() throws Exception {
    Process process = start(Main.class, train("cut", "--checkpoint-interval=3600"));

    Ended ended = endAt(line -> line.startsWith("epoch  3/12"), "TERM", process);

    assertEquals("terminated", ended.err());
    assertEquals(143, ended.status());
    assertTrue(
        ended
            .out()
            .endsWith(
                "\nhistory: %1$s.history.jsonl has the epochs that were done\ncheckpoint: %1$s.checkpoint; give the same command with --resume\n"
                    .formatted(at("cut"))),
        ended.out());
    CommandRun resumed = CommandRun.of(train("cut", "--resume"));
    assertEquals(0, resumed.status(), resumed.err());
    assertTrue(resumed.out().contains("\nresume: " + at("cut.checkpoint/round-")), resumed.out());
    assertEquals(0, CommandRun.of(train("whole")).status());
    assertArrayEquals(
        Files.readAllBytes(scratch.resolve("whole/weights.safetensors")),
        Files.readAllBytes(scratch.resolve("cut/weights.safetensors")));
  }

  @Test
  @Tag("long")
  void anInterruptWhileRowsAreReadOrModelsEvaluatedLeavesNothingAndSaysNothingMore()
      throws Exception {
    Process process = start(Main.class, "bench", "--seconds=30");

    Ended ended = endAt(line -> line.startsWith("measuring "), "INT", process);

    assertEquals("interrupted; once more ends it at once", ended.err());
    assertEquals(130, ended.status());
  }

  /**
   * While rows are packed, in the first round, as an epoch is validated, as the model is tested.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sparkprop | TERM | 143 | terminated | ''",
        "history: | INT | 130 | interrupted; once more ends it at once | ''",
        "epoch 1/3 | TERM | 143 | terminated | %1$s.checkpoint; give the same command with --resume",
        "model: / | INT | 130 | interrupted; once more ends it at once | ./submit.sh evaluate --model %1$s --data 'spiral(100000)' --part test --report %1$s"
      })
  @Tag("long")
  void anEndAtAnyMomentIsOneLineAndTheWayOn(
      String at, String signal, int status, String said, String way) throws Exception {
    Process process =
        start(
            Main.class,
            "train",
            "--data=spiral(100000)",
            "--layers=64 relu, 3 softmax",
            "--epochs=3",
            "--batch-size=20000",
            "--validation=0.5",
            "--model=" + at("m"));

    Ended ended = endAt(line -> line.startsWith(at), signal, process, 40);

    assertEquals(said, ended.err());
    assertEquals(status, ended.status());
    assertTrue(ended.out().contains(way.formatted(at("m"))), ended.out());
    assertEquals(
        at.startsWith("model"), Files.exists(scratch.resolve("m/model.json")), ended.out());
    try (Stream<Path> files = Files.list(scratch)) {
      assertEquals(List.of(), files.filter(file -> file.toString().contains(".draft-")).toList());
    }
  }

  /** A process that is never done with what it has to keep. */
  static final class Endless {
    private Endless() {}

    public static void main(String[] args) throws InterruptedException {
      Shutdown.install();
      Shutdown.worthKeeping(true);
      System.out.println("begun");
      Thread.currentThread().join();
    }
  }

  @Test
  void aSecondInterruptEndsAtOnce() throws Exception {
    Process process = start(Endless.class);
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("begun", out.readLine());
      kill("INT", process);
      while (errors().isEmpty()) {
        Thread.onSpinWait();
      }
      assertTrue(process.isAlive(), "it waits");

      kill("INT", process);

      assertTrue(process.waitFor(MAX_SECONDS, TimeUnit.SECONDS), "it hangs");
      assertEquals(130, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
  }
}
