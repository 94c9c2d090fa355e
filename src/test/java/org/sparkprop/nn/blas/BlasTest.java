package org.sparkprop.nn.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import dev.ludovic.netlib.blas.BLAS;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class BlasTest {
  @TempDir Path scratch;

  /** The three calls of a layer, at odd sizes and offsets, against the sum in double. */
  @Test
  void productsAreThoseOfTheDefinition() {
    Random random = new Random(1);
    for (int[] size :
        new int[][] {{1, 1, 1}, {10, 3, 7}, {17, 33, 5}, {128, 256, 31}, {3, 2, 784}}) {
      for (String trans : new String[] {"TN", "NT", "NN"}) {
        int m = size[0];
        int n = size[1];
        int k = size[2];
        boolean transA = trans.startsWith("T");
        boolean transB = trans.endsWith("T");
        float[] a = floats(random, 3 + m * k);
        float[] b = floats(random, 1 + k * n);
        float[] c = floats(random, 2 + m * n);
        float[] before = c.clone();

        Blas.sgemm(
            trans.substring(0, 1),
            trans.substring(1),
            m,
            n,
            k,
            1f,
            a,
            3,
            transA ? k : m,
            b,
            1,
            transB ? n : k,
            1f,
            c,
            2,
            m);

        for (int j = 0; j < n; j++) {
          for (int i = 0; i < m; i++) {
            double sum = before[2 + i + j * m];
            for (int l = 0; l < k; l++) {
              sum +=
                  (double) a[3 + (transA ? l + i * k : i + l * m)]
                      * b[1 + (transB ? j + l * n : l + j * k)];
            }
            // k roundings of terms of the size of 1, at half a unit in the last place each
            assertEquals(sum, c[2 + i + j * m], 1e-6 * (1 + k), trans);
          }
        }
      }
    }
  }

  private static float[] floats(Random random, int length) {
    float[] floats = new float[length];
    for (int i = 0; i < length; i++) {
      floats[i] = 2 * random.nextFloat() - 1;
    }
    return floats;
  }

  /** What a fresh JVM does: each argument is a choice, or {@code multiply}. */
  static final class Choices {
    private Choices() {}

    public static void main(String[] args) {
      for (String arg : args) {
        try {
          if (arg.equals("problem")) {
            System.out.println(Blas.problem() + "\n" + Blas.remedy());
          } else if (arg.equals("others")) {
            System.setProperty("dev.ludovic.netlib.blas.allowNative", "false");
            System.out.println("others have " + BLAS.getInstance().getClass().getSimpleName());
            System.clearProperty("dev.ludovic.netlib.blas.allowNative");
          } else if (arg.equals("multiply")) {
            float[] c = {1};
            float[] two = {2};
            Blas.sgemm("N", "N", 1, 1, 1, 1f, two, 0, 1, two, 0, 1, 1f, c, 0, 1);
            System.out.println("1 + 2 * 2 = " + c[0]);
          } else {
            Blas.use(BlasChoice.of(arg));
            System.out.println(Blas.name());
          }
        } catch (BlasException refused) {
          System.out.println(refused.getMessage());
        }
      }
      try {
        if (Environment.get("OPENBLAS_NUM_THREADS") != null) {
          System.out.println("processes that it starts inherit our variables");
        }
      } catch (IllegalStateException withoutJna) {
        System.out.println(withoutJna.getMessage());
      }
    }
  }

  private FreshJvm jvm(String... options) throws IOException {
    Files.createDirectories(scratch.resolve("tmp"));
    return FreshJvm.of(Choices.class, options)
        .with("-Djava.io.tmpdir=" + scratch.resolve("tmp"))
        .with("-Djna.tmpdir=" + scratch.resolve("jna"));
  }

  private void assertPrints(List<String> lines, FreshJvm jvm, String... args) throws Exception {
    assertEquals(String.join("\n", lines) + "\n", jvm.run(args), "and nothing on stderr");
    try (Stream<Path> left = Files.list(scratch.resolve("tmp"))) {
      assertEquals(List.of(), left.filter(file -> !isOfTheJvm(file)).toList());
    }
  }

  private static boolean isOfTheJvm(Path file) {
    return file.getFileName().toString().startsWith("hsperfdata");
  }

  @Test
  void javaIsTheBestThatTheJvmAllows() throws Exception {
    assertPrints(
        List.of(
            "netlib Java (scalar)", "netlib Java (scalar)", "1 + 2 * 2 = 5.0", "JNA is not loaded"),
        jvm(),
        "java",
        "auto",
        "multiply");
    String vector = jvm("--add-modules=jdk.incubator.vector").run("java", "multiply");
    assertTrue(
        Pattern.compile("netlib Java \\(vector, (128|256|512) bits\\)\n1 \\+ 2 \\* 2 = 5.0\n")
            .matcher(vector)
            .find(),
        vector);
  }

  @Test
  void netlibsOwnPropertiesWinOverAuto() throws Exception {
    assertPrints(
        List.of("1 + 2 * 2 = 5.0", "netlib Java (scalar)", "JNA is not loaded"),
        jvm("-Ddev.ludovic.netlib.blas.allowNative=false"),
        "multiply",
        "auto");
    String refused =
        "Cannot use BLAS auto: /no/blas.so: cannot open shared object file: No such file or directory (netlib's properties, such as -Ddev.ludovic.netlib.blas.nativeLibPath, must name a BLAS)";
    assertPrints(
        List.of(refused, refused),
        jvm("-Ddev.ludovic.netlib.blas.nativeLibPath=/no/blas.so"),
        "multiply",
        "auto");
  }

  @Test
  void whatIsForcedAndAbsentIsRefusedAndStaysSo() throws Exception {
    String refused =
        "Cannot use BLAS system: libnowhere.so.3: cannot open shared object file: No such file or directory (install one, or give --blas auto)";
    assertPrints(
        List.of(refused, refused, "netlib Java (scalar)", "1 + 2 * 2 = 5.0"),
        jvm("-Ddev.ludovic.netlib.blas.nativeLib=libnowhere.so.3"),
        "system",
        "multiply",
        "java",
        "multiply");
  }

  @Test
  void aSecondChoiceMustBeTheFirst() {
    Blas.use(BlasChoice.AUTO);
    BlasChoice other = Blas.name().startsWith("netlib") ? BlasChoice.SYSTEM : BlasChoice.JAVA;

    BlasException refused = assertThrows(BlasException.class, () -> Blas.use(other));

    assertEquals(
        "Cannot use BLAS %s: this JVM uses %s already".formatted(other.word(), Blas.name()),
        refused.getMessage());
  }

  @Nested
  @EnabledOnOs(
      value = OS.LINUX,
      architectures = {"amd64", "aarch64"})
  class WithOpenBlasInTheJar {
    @Test
    void autoIsOpenBlasAndLeavesNoFiles() throws Exception {
      Blas.use(BlasChoice.OPENBLAS);
      assertTrue(Blas.name().matches("OpenBLAS \\(\\w+\\)"), Blas.name());

      assertPrints(
          List.of(Blas.name(), Blas.name(), "1 + 2 * 2 = 5.0"),
          jvm(),
          "auto",
          "openblas",
          "multiply");
    }

    @Test
    void aLibraryThatTheUserNamesSaysItsKernelIfItIsOpenBlas() throws Exception {
      try (NativeFolder folder = NativeFolder.make();
          OpenBlas installed = OpenBlas.unpack(folder)) {
        String name = "system %s (%s)";
        String kernel = Blas.name().replaceAll("[()]", "");
        assertPrints(
            List.of(name.formatted(installed.library(), kernel), "1 + 2 * 2 = 5.0"),
            jvm("-Ddev.ludovic.netlib.blas.nativeLibPath=" + installed.library()),
            "auto",
            "multiply");
      }
    }

    @Test
    void withoutRoomItIsRefusedOrJava() throws Exception {
      String nowhere = scratch.resolve("nowhere").toString();
      String refused =
          "Cannot use BLAS openblas: no folder can be made in %s (start Java with -Djava.io.tmpdir=FOLDER, a folder whose files may be executed, or give --blas auto for the best that there is)"
              .formatted(nowhere);
      assertPrints(
          List.of(refused, refused, refused, refused, "JNA is not loaded"),
          jvm().with("-Djava.io.tmpdir=" + nowhere),
          "openblas",
          "multiply",
          "openblas",
          "multiply");
      String problem =
          "Cannot use native BLAS: no folder can be made in %s; Java's is many times slower without its module jdk.incubator.vector, and has other bits"
              .formatted(nowhere);
      assertPrints(
          List.of(
              "netlib Java (scalar)",
              problem,
              "-Djava.io.tmpdir=FOLDER",
              "netlib Java (scalar)",
              problem,
              "-Djava.io.tmpdir=FOLDER",
              "JNA is not loaded"),
          jvm().with("-Djava.io.tmpdir=" + nowhere),
          "auto",
          "problem",
          "auto",
          "problem");
      String lazily = jvm().with("-Djava.io.tmpdir=" + nowhere).run("multiply");
      assertTrue(lazily.contains("WARNING: " + problem), lazily);
      assertTrue(lazily.endsWith("1 + 2 * 2 = 5.0\nJNA is not loaded\n"), lazily);
    }

    /** MLlib does so, and netlib then keeps what it has, which may be Java's BLAS. */
    @Test
    @Tag("long")
    void whoeverUsedNetlibFirstDoesNotChooseForUs() throws Exception {
      Blas.use(BlasChoice.OPENBLAS);
      for (String choice : List.of("auto", "openblas")) {
        String printed = jvm().run("others", choice, "multiply", "problem", "others");
        assertTrue(
            printed.endsWith(
                "others have Java11BLAS\n%s\n1 + 2 * 2 = 5.0\nnull\nnull\nothers have Java11BLAS\n"
                    .formatted(Blas.name())),
            printed);
      }
      String java = jvm().run("openblas", "others");
      assertTrue(java.endsWith("others have Java11BLAS\n"), "nor do we for them: " + java);
    }

    @Test
    void whatAKilledJvmHasLeftIsRemovedByTheNextAndThatOfALivingOneIsNot() throws Exception {
      Path tmp = Files.createDirectories(scratch.resolve("tmp"));
      Path dead = Files.createDirectories(tmp.resolve("sparkprop-openblas1"));
      Files.writeString(dead.resolve("libopenblas.so.0"), "half");
      Files.createFile(dead.resolve("lock"));
      Path netlib = Files.createFile(tmp.resolve("libnetlibblasjni12.so"));
      Files.setLastModifiedTime(netlib, FileTime.from(Instant.now().minusSeconds(60)));
      Path living = Files.createDirectories(tmp.resolve("sparkprop-openblas2"));
      Path netlibOfNow = Files.createFile(tmp.resolve("libnetlibblasjni34.so"));
      try (FileChannel channel =
          FileChannel.open(
              living.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        channel.lock();

        assertTrue(jvm().run("openblas").startsWith("OpenBLAS ("));

        try (Stream<Path> left = Files.list(tmp)) {
          assertEquals(
              List.of(netlibOfNow, living),
              left.filter(file -> !isOfTheJvm(file)).sorted().toList());
        }
      }
    }

    @Test
    @Tag("long")
    void jvmsOnOneHostDoNotMeet() throws Exception {
      List<Process> started = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        started.add(jvm().start("openblas", "multiply"));
      }
      for (Process process : started) {
        assertEquals(Blas.name() + "\n1 + 2 * 2 = 5.0\n", FreshJvm.output(process));
      }
      assertPrints(List.of(Blas.name()), jvm(), "openblas");
    }

    private static byte[] nativeCodeOfJna() throws IOException {
      String place = "/com/sun/jna/%s/libjnidispatch.so".formatted(Platform.RESOURCE_PREFIX);
      try (InputStream code = Objects.requireNonNull(Native.class.getResourceAsStream(place))) {
        return code.readAllBytes();
      }
    }

    /** As of a distribution's own: the same code, but for the number of its version. */
    @Test
    void nativeCodeOfAnotherJnaIsNamed() throws Exception {
      String code = new String(nativeCodeOfJna(), StandardCharsets.ISO_8859_1);
      Matcher version = Pattern.compile("\\x00(\\d)\\.\\d+\\.\\d+\\x00").matcher(code);
      assertTrue(version.find(), "where the number is");
      Path place = Files.createDirectories(scratch.resolve("boot"));
      Files.writeString(
          place.resolve("libjnidispatch.so"),
          code.substring(0, version.start(1)) + "1" + code.substring(version.end(1)),
          StandardCharsets.ISO_8859_1);
      String problem =
          "jna.boot.library.path=%s leads to native code of another version of JNA: take that option of Java away"
              .formatted(place);
      assertPrints(
          List.of(
              "Cannot use BLAS openblas: %s (give --blas auto for the best that there is)"
                  .formatted(problem),
              "netlib Java (scalar)",
              "Cannot use native BLAS: %s; Java's is many times slower without its module jdk.incubator.vector, and has other bits"
                  .formatted(problem),
              "null",
              "JNA is not loaded"),
          jvm("-Djna.boot.library.path=" + place),
          "openblas",
          "auto",
          "problem");
    }

    /** Versions since 3.2 are as good as ours; this one lacks what we call. */
    @Test
    void classesOfAnotherJnaAreNamed() throws Exception {
      Path place = Files.createDirectories(scratch.resolve("foreign"));
      Path source = place.resolve("NativeLibrary.java");
      Files.writeString(source, "package com.sun.jna; public class NativeLibrary {}");
      JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
      assertEquals(
          0,
          compiler.run(null, null, null, "-proc:none", "-d", place.toString(), source.toString()));
      String printed = jvm("-Xbootclasspath/a:" + place).run("openblas", "auto", "problem");
      String problem =
          "another JNA comes first on the class path \\('?com.sun.jna.NativeLibrary .*\\): take it away there";
      assertTrue(
          Pattern.compile(
                  """
                  Cannot use BLAS openblas: %1$s \\(give --blas auto for the best that there is\\)
                  netlib Java \\(scalar\\)
                  Cannot use native BLAS: %1$s; Java's is many times slower without its module jdk.incubator.vector, and has other bits
                  null
                  """
                      .formatted(problem))
              .matcher(printed)
              .lookingAt(),
          printed);
    }
  }
}
