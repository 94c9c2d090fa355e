package org.sparkprop.nn.blas;

import java.util.List;
import java.util.Set;

/**
 * Whether OpenBLAS has to be told of AVX-512. OpenBLAS 0.3.31 takes its Haswell kernels on AMD Zen
 * 5, where {@code sgemm} then runs at 127 GFLOP/s a core and with those for Skylake-X at 250.
 */
final class Avx512 {
  /** What {@code OPENBLAS_CORETYPE} calls the kernels that need no more than {@link #NEEDED}. */
  static final String CORE_TYPE = "SKYLAKEX";

  /** OpenBLAS's kernels with AVX-512, by the names that it gives them. */
  private static final Set<String> KERNELS = Set.of("SkylakeX", "Cooperlake", "SapphireRapids");

  private static final List<String> NEEDED = List.of("avx512f", "avx512bw", "avx512dq", "avx512vl");

  private Avx512() {}

  /**
   * Whether a host can run AVX-512 kernels, but OpenBLAS has chosen another.
   *
   * @param kernel what it has chosen
   * @param cpuinfo {@code /proc/cpuinfo} of the host
   */
  static boolean isMissedBy(String kernel, String cpuinfo) {
    List<String> flagLines = cpuinfo.lines().filter(line -> line.startsWith("flags")).toList();
    return !KERNELS.contains(kernel)
        && !flagLines.isEmpty()
        && flagLines.stream().allMatch(line -> List.of(line.split("\\s+", -1)).containsAll(NEEDED));
  }
}
