package org.sparkprop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.sparkprop.ProjectCopy.Run;

/**
 * The script on machines unlike its author's: another user, who may have no name, homes and folders
 * that cannot be written, disks that are full or forbid to execute. Only root can be another user,
 * or mount a disk, which a process alone then sees.
 */
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class OtherMachinesIT {
  /** Of a user whom /etc/passwd does not name. */
  private static final int NAMELESS = 54_321;

  private static final String[] TRAIN = {
    "--master",
    "local[1]",
    "train",
    "--data=spiral",
    "--layers=8 relu, 3 softmax",
    "--epochs=2",
    "--test-part=none"
  };

  @TempDir Path scratch;

  private ProjectCopy copy() {
    return new ProjectCopy(scratch);
  }

  @BeforeEach
  void copyTheProject() throws IOException {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/unshare"))
            && Files.isExecutable(Path.of("/usr/bin/setpriv"))
            && Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")),
        "only root may be another user or mount a disk, and only with util-linux");
    copy().make();
    mode(scratch, "rwxr-xr-x"); // JUnit's is for one user alone
  }

  @AfterEach
  void deleteLinks() throws IOException {
    copy().deleteLinks();
  }

  private static void mode(Path file, String mode) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private Path folderOf(int uid, String name) throws IOException {
    Path folder = Files.createDirectories(scratch.resolve(name));
    Files.setAttribute(folder, "unix:uid", uid);
    return folder;
  }

  /** The same command, run by another user. */
  private static ProcessBuilder by(int uid, ProcessBuilder builder) {
    List<String> words = new ArrayList<>();
    String id = Integer.toString(uid);
    words.addAll(List.of("setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups"));
    words.addAll(builder.command());
    return builder.command(words);
  }

  /** The same command, where a disk of memory lies over a folder. */
  private static ProcessBuilder mounted(Path folder, String options, ProcessBuilder builder)
      throws IOException {
    Files.createDirectories(folder);
    List<String> words = new ArrayList<>(List.of("unshare", "-m", "sh", "-c"));
    // What fills it leaves no room at all.
    words.add(
        "mount -t tmpfs -o \"$1\" none \"$0\" && case $1 in size=*) cat /dev/zero >\"$0/full\" 2>/dev/null;; esac; shift; exec \"$@\"");
    words.addAll(List.of(folder.toString(), options));
    words.addAll(builder.command());
    return builder.command(words);
  }

  private void assertOneLine(String error, Run run) {
    assertEquals("error: " + error, run.err().strip());
    assertEquals(1, run.status());
  }

  private static String[] words(String... more) {
    List<String> words = new ArrayList<>(Arrays.asList(TRAIN));
    words.addAll(Arrays.asList(more));
    return words.toArray(String[]::new);
  }

  /** Who may not write into the clone; Spark's jars are in the home of who has built it. */
  @Test
  void anotherUserWithoutANameRunsWhatTheFirstHasBuilt() throws Exception {
    assertEquals(0, copy().run(copy().command("--help")).status());
    Path home = folderOf(NAMELESS, "second");
    ProcessBuilder second = copy().command(words("--model=" + home.resolve("m")));
    second.directory(home.toFile());
    second.environment().put("HOME", home.toString());
    second.environment().remove("SPARKPROP_CACHE");
    second.environment().remove("HADOOP_USER_NAME");
    second.environment().put("SPARK_SUBMIT_OPTS", "-Djava.io.tmpdir=" + home);

    Run run = copy().run(by(NAMELESS, second));

    assertEquals("", run.err());
    assertEquals(0, run.status());
    assertTrue(
        run.out()
            .contains(
                "\nuser: %s, as the system has no name for this one (HADOOP_USER_NAME gives another)\n"
                    .formatted(NAMELESS)),
        run.out());
    assertTrue(Files.exists(home.resolve("m/model.json")));
    try (Stream<Path> cached = Files.list(home.resolve(".cache/sparkprop"))) {
      assertEquals(List.of("logs"), cached.map(file -> file.getFileName().toString()).toList());
    }
  }

  @Test
  void foldersThatCannotBeWrittenAreOneLine() throws Exception {
    Path cache = scratch.resolve("cache folder");
    Files.createDirectories(cache.resolve("logs"));
    assertOneLine(
        "Cannot write %s/logs: Permission denied (set SPARKPROP_CACHE to a folder of yours)"
            .formatted(cache),
        copy().run(by(NAMELESS, copy().command("--help"))));

    ProcessBuilder homeless = copy().command("--help");
    homeless.environment().remove("SPARKPROP_CACHE");
    homeless.environment().remove("HOME");
    assertOneLine(
        "Cannot write /.cache/sparkprop/logs: Permission denied (set SPARKPROP_CACHE to a folder of yours)",
        copy().run(by(NAMELESS, homeless)));

    Path home = scratch.resolve("home");
    ProcessBuilder readOnly = copy().command("--help");
    readOnly.environment().remove("SPARKPROP_CACHE");
    readOnly.environment().put("HOME", home.toString());
    assertOneLine(
        "Cannot write %s/.cache/sparkprop/logs: Read-only file system (set SPARKPROP_CACHE to a folder of yours)"
            .formatted(home),
        copy().run(mounted(home, "ro", readOnly)));

    ProcessBuilder elsewhere = copy().command("--help");
    elsewhere.environment().put("HOME", home.toString());
    Run helped = copy().run(mounted(home, "ro", elsewhere));
    assertEquals("", helped.err(), "the way out");
    assertEquals(0, helped.status());
  }

  @Test
  void fullDisksAreOneLine() throws Exception {
    Path cache = scratch.resolve("cache folder");
    assertOneLine(
        "Cannot write %s/logs: No space left on device (set SPARKPROP_CACHE to a folder of yours)"
            .formatted(cache),
        copy().run(mounted(cache, "size=64k", copy().command("--help"))));

    Path temporary = scratch.resolve("tmp");
    ProcessBuilder builder = copy().command("--help");
    builder.environment().put("SPARK_SUBMIT_OPTS", "-Djava.io.tmpdir=" + temporary);
    assertOneLine(
        "Cannot write temporary files into %s: No space left on device (give --conf spark.driver.extraJavaOptions=-Djava.io.tmpdir=FOLDER before the command)"
            .formatted(temporary),
        copy().run(mounted(temporary, "size=64k", builder)));
  }

  @Test
  void aFolderThatForbidsToExecuteIsNamedWithTheWayOut() throws Exception {
    Path temporary = scratch.resolve("tmp");
    ProcessBuilder builder = copy().command(words("--model=m"));
    builder.environment().put("SPARK_SUBMIT_OPTS", "-Djava.io.tmpdir=" + temporary);

    Run run = copy().run(mounted(temporary, "noexec", builder));

    assertTrue(
        run.errors()
            .matches(
                "warning: Cannot use native BLAS: \\Q%1$s\\E is mounted noexec \\(JNA cannot load its native code: .*\\); Java's is several times slower, and has other bits \\(give --conf spark.driver.extraJavaOptions=-Djava.io.tmpdir=FOLDER with a folder whose files may be executed\\)"
                    .formatted(temporary)),
        run.err());
    assertEquals(0, run.status());
    assertTrue(run.out().contains(", BLAS: netlib Java (vector, "), run.out());

    String wayOut = "spark.driver.extraJavaOptions=-Djava.io.tmpdir=" + scratch;
    List<String> more = new ArrayList<>(List.of("--conf", wayOut));
    more.addAll(Arrays.asList(words("--model=n")));
    ProcessBuilder out = copy().command(more.toArray(String[]::new));
    out.environment().put("SPARK_SUBMIT_OPTS", "");
    Run fast = copy().run(mounted(temporary, "noexec", out));
    assertEquals("", fast.err());
    assertTrue(fast.out().contains(", BLAS: OpenBLAS ("), fast.out());
  }
}
