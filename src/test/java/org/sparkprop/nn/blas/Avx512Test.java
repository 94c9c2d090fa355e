package org.sparkprop.nn.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which hosts are told of AVX-512, by what their {@code /proc/cpuinfo} says. */
class Avx512Test {
  private static final String AVX2 = "fpu vme sse sse2 ssse3 fma sse4_1 sse4_2 avx f16c avx2 bmi2";

  private static String processor(String model, String flags) {
    return "processor\t: 0\nmodel name\t: %s\nflags\t\t: %s\nbugs\t\t: spectre_v1\n\n"
        .formatted(model, flags);
  }

  private static final String ZEN5 =
      processor(
          "AMD EPYC 9655 96-Core Processor",
          AVX2
              + " avx512f avx512dq rdseed adx avx512ifma clwb avx512cd sha_ni avx512bw avx512vl avx512_bf16");
  private static final String HASWELL = processor("Intel(R) Xeon(R) CPU E5-2680 v3", AVX2);
  private static final String KNIGHTS_LANDING =
      processor("Intel(R) Xeon Phi(TM) CPU 7210", AVX2 + " avx512f avx512pf avx512er avx512cd");
  private static final String ARM =
      "processor\t: 0\nBogoMIPS\t: 243.75\nFeatures\t: fp asimd evtstrm aes sve2\nCPU part\t: 0xd40\n\n";

  @ParameterizedTest
  @CsvSource({
    "Haswell, true",
    "Zen, true",
    "SkylakeX, false",
    "Cooperlake, false",
    "SapphireRapids, false"
  })
  void zen5IsToldWhereOpenBlasDoesNotSeeIt(String kernel, boolean missed) {
    assertEquals(missed, Avx512.isMissedBy(kernel, ZEN5));
    assertEquals(missed, Avx512.isMissedBy(kernel, ZEN5 + ZEN5));
  }

  @Test
  void hostsWithoutAvx512AreNeverTold() {
    assertEquals(false, Avx512.isMissedBy("Haswell", HASWELL));
    assertEquals(false, Avx512.isMissedBy("Haswell", KNIGHTS_LANDING));
    assertEquals(false, Avx512.isMissedBy("neoversen1", ARM));
    assertEquals(false, Avx512.isMissedBy("Haswell", ZEN5 + HASWELL));
    assertEquals(false, Avx512.isMissedBy("Haswell", ""));
  }
}
