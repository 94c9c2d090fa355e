package org.sparkprop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a user has after the first build, in a folder of its own whose name has spaces, and the
 * script in it, which is run from another folder.
 */
record ProjectCopy(Path scratch) {
  static final int PATIENCE_SECONDS = 120;

  private static final Path PROJECT = Path.of(System.getProperty("project.folder", "."));

  /** As a user may give options; most of the time of these runs would go into compiling. */
  private static final String QUICK = "-XX:TieredStopAtLevel=1";

  /** What a command has printed. */
  record Run(int status, String out, String err) {
    /** The error lines, without what the JVM says of itself. */
    String errors() {
      return String.join(
          "\n", err.lines().filter(line -> !line.startsWith("WARNING: Using incub")).toList());
    }
  }

  Path home() {
    return scratch.resolve("a folder [with] spaces");
  }

  void make() throws IOException {
    for (String file :
        List.of(
            "pom.xml",
            "submit.sh",
            "conf/mnist.conf",
            "conf/mnist-files.json",
            "conf/log4j2.properties",
            "target/spark.classpath",
            "target/sparkprop.jar")) {
      Path copy = home().resolve(file);
      Files.createDirectories(home().resolve(file).resolveSibling(""));
      Files.copy(PROJECT.resolve(file), copy, StandardCopyOption.COPY_ATTRIBUTES);
    }
    Files.createDirectories(home().resolve("src/main"));
    // To the nanosecond: a jar of the same millisecond may be older than the folder.
    Files.setLastModifiedTime(home().resolve("target/sparkprop.jar"), FileTime.from(Instant.now()));
  }

  /** JUnit deletes links too, but with a warning for each of Spark's jars. */
  void deleteLinks() throws IOException {
    try (Stream<Path> files = Files.walk(scratch)) {
      for (Path link : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  /** The script with these arguments, and a cache folder of its own. */
  ProcessBuilder command(String... args) {
    List<String> words = new ArrayList<>(List.of(home().resolve("submit.sh").toString()));
    words.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(words).directory(scratch.toFile());
    builder.environment().put("SPARKPROP_CACHE", scratch.resolve("cache folder").toString());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_SUBMIT_OPTS", options());
    builder.environment().remove("SPARK_HOME");
    return builder;
  }

  /** What is killed leaves its files where they go with the test. */
  String options() {
    return QUICK + " -Djava.io.tmpdir=" + scratch;
  }

  Run run(ProcessBuilder builder) throws Exception {
    Path out = scratch.resolve("out");
    Path err = scratch.resolve("err");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it hangs");
    return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
  }
}
