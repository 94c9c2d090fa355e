package org.sparkprop.nn.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A class with a {@code main}, run where nothing is loaded yet. */
public record FreshJvm(Class<?> main, List<String> options) {
  /** For a JVM that does little, most of whose time would go into compiling. */
  public static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static final int PATIENCE_SECONDS = 120;

  public static FreshJvm of(Class<?> main, String... options) {
    return new FreshJvm(main, List.of(options));
  }

  /** The same with one more option, which wins over the same one before. */
  public FreshJvm with(String option) {
    List<String> more = new ArrayList<>(options);
    more.add(option);
    return new FreshJvm(main, more);
  }

  /** What it prints, on stdout and stderr. */
  public String run(String... args) throws Exception {
    return output(start(args));
  }

  /** What it prints with these variables. */
  String run(Map<String, String> variables, String... args) throws Exception {
    ProcessBuilder builder = builder(args);
    builder.environment().putAll(variables);
    return output(builder.start());
  }

  Process start(String... args) throws IOException {
    return builder(args).start();
  }

  /** What a process prints until it ends. */
  static String output(Process process) throws Exception {
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it hangs");
    assertEquals(0, process.exitValue(), printed);
    return printed;
  }

  private ProcessBuilder builder(String... args) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(QUICK);
    words.addAll(options);
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    words.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("OPENBLAS_"));
    return builder;
  }
}
