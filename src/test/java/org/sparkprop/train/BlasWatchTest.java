package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sparkprop.model.BlasOfJvm;

class BlasWatchTest {
  private final LoggedWarnings logged = new LoggedWarnings(BlasWatch.class);
  private final List<String> warnings = logged.lines();

  @AfterEach
  void listenNoMore() {
    logged.close();
  }

  private static BlasOfJvm jvm(int executor, String blas) {
    return new BlasOfJvm(BlasOfJvm.executor("" + executor, "host" + executor), blas, "");
  }

  @Test
  void executorsThatAreAlikeAreNoReasonToWarn() {
    BlasWatch watch = new BlasWatch();
    for (int result = 0; result < 9; result++) {
      watch.run().add(jvm(result % 3, "OpenBLAS (Haswell)"));
    }

    assertEquals(List.of(), warnings);
    assertEquals("OpenBLAS (Haswell)", watch.run().name());
    assertFalse(watch.run().isMixed());
    assertEquals(
        List.of("executor 0 on host0", "executor 1 on host1", "executor 2 on host2"),
        watch.run().jvms().stream().map(BlasOfJvm::jvm).toList());
  }

  @Test
  void theFirstExecutorWithAnotherBlasDrawsTheWarningHoweverLateItJoins() {
    BlasWatch watch = new BlasWatch();
    watch.run().add(jvm(0, "OpenBLAS (Haswell)"));
    watch.run().add(jvm(1, "OpenBLAS (Haswell)"));
    assertEquals(List.of(), warnings);
    watch.run().add(jvm(2, "OpenBLAS (SkylakeX)"));
    watch.run().add(jvm(3, "netlib Java (scalar)"));

    assertEquals(
        List.of(
            "the run has different BLAS (executor 0 on host0: OpenBLAS (Haswell); executor 2 on host2: OpenBLAS (SkylakeX)): its bits depend on where a shard lies"),
        warnings);
    assertTrue(watch.run().isMixed());
    assertEquals(
        "OpenBLAS (Haswell); OpenBLAS (SkylakeX); netlib Java (scalar)", watch.run().name());
  }

  @Test
  void aRunThatGoesOnWithAnotherBlasSaysBoth() {
    BlasWatch watch = new BlasWatch();
    watch.resumedFrom("m.checkpoint/round-7", "OpenBLAS (Haswell)");
    watch.run().add(jvm(0, "OpenBLAS (SkylakeX)"));
    watch.run().add(jvm(1, "OpenBLAS (SkylakeX)"));

    assertEquals(
        List.of(
            "m.checkpoint/round-7 was made with BLAS OpenBLAS (Haswell), the run goes on with BLAS OpenBLAS (SkylakeX): the bits may differ from those of a run that was not cut off"),
        warnings);
    assertEquals("OpenBLAS (Haswell); OpenBLAS (SkylakeX)", watch.run().name());
  }

  /** What was mixed before stays so on record, and each name is there once. */
  @Test
  void aRunThatWasMixedBeforeItWasCutOffStaysSo() {
    BlasWatch watch = new BlasWatch();
    watch.resumedFrom("m.checkpoint/round-7", "OpenBLAS (Haswell); OpenBLAS (SkylakeX)");
    watch.run().add(jvm(0, "OpenBLAS (Haswell)"));

    assertEquals(1, warnings.size());
    assertEquals("OpenBLAS (Haswell); OpenBLAS (SkylakeX)", watch.run().name());
  }

  @Test
  void aSlowBlasOfAnExecutorIsSaidOnce() {
    BlasWatch watch = new BlasWatch();
    BlasOfJvm slow = new BlasOfJvm("executor 5 on host5", "netlib Java (scalar)", "no room; do it");
    watch.run().add(slow);
    watch.run().add(slow);

    assertEquals(List.of("executor 5 on host5: no room; do it"), warnings);
  }
}
