package org.sparkprop.nn.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What is skipped where there is no OpenBLAS fails where somebody says that there is. */
class OpenBlasTest {
  /** Of those that the jar has an OpenBLAS for. */
  @Target(ElementType.METHOD)
  @Retention(RetentionPolicy.RUNTIME)
  @Test
  @EnabledOnOs(
      value = OS.LINUX,
      architectures = {"amd64", "aarch64"})
  private @interface TestOnLinux {}

  private static void assumeAvx512() throws IOException {
    String cpuinfo = Files.readString(Path.of("/proc/cpuinfo"));
    assumeTrue(Avx512.isMissedBy("Haswell", cpuinfo), "a host with AVX-512");
  }

  @Test
  @EnabledIfSystemProperty(named = "sparkprop.requireNativeBlas", matches = "true")
  void thisMachineMultipliesNatively() throws Exception {
    String printed = FreshJvm.of(BlasTest.Choices.class).run("auto");
    assertTrue(printed.startsWith("OpenBLAS ("), printed);
  }

  @TestOnLinux
  void itNeedsNoInstallationAndLeavesNoFiles() throws IOException {
    Path library;
    try (NativeFolder folder = NativeFolder.make();
        OpenBlas openBlas = OpenBlas.unpack(folder)) {
      library = Path.of(openBlas.library());
      assertTrue(Files.size(library) > 1_000_000);
    }

    assertTrue(Files.notExists(library.resolveSibling("")));
  }

  /** What a fresh JVM does: OpenBLAS with another kernel first, then with the right one. */
  static final class Reload {
    private Reload() {}

    public static void main(String[] args) throws IOException {
      try (NativeFolder folder = NativeFolder.make();
          OpenBlas openBlas = OpenBlas.unpack(folder)) {
        Libc.load(folder.path());
        System.out.println(openBlas.load(Map.of("OPENBLAS_CORETYPE", "HASWELL")));
        System.out.println(openBlas.load(Map.of("OPENBLAS_CORETYPE", Avx512.CORE_TYPE)));
        System.out.println(Environment.get("OPENBLAS_CORETYPE"));
        System.setProperty("dev.ludovic.netlib.blas.nativeLibPath", openBlas.library());
        System.out.println(BLAS.getInstance() instanceof NativeBLAS);
        System.out.println(openBlas.isOpenElsewhere());
      }
    }
  }

  /** OpenBLAS itself says which core it sets up, whenever it is loaded. */
  @TestOnLinux
  void netlibHasTheKernelThatWasLoadedLast() throws Exception {
    assumeAvx512();

    String printed = FreshJvm.of(Reload.class).run(Map.of("OPENBLAS_VERBOSE", "2"));

    List<String> lines =
        printed.lines().filter(line -> !line.contains("dev.ludovic.netlib")).toList();
    assertEquals(
        List.of("Core: Haswell", "Core: SkylakeX"),
        lines.stream().filter(line -> line.startsWith("Core: ")).toList());
    assertEquals(
        List.of("Haswell", "SkylakeX", "null", "true", "true"),
        lines.stream().filter(line -> line.matches("\\w+")).toList());
  }

  @TestOnLinux
  void aKernelThatTheUserNamesWins() throws Exception {
    assumeAvx512();

    assertEquals(
        "OpenBLAS (Haswell)\n",
        FreshJvm.of(BlasTest.Choices.class)
            .run(Map.of("OPENBLAS_CORETYPE", "HASWELL"), "openblas"));
  }
}
