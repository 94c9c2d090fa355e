package org.sparkprop.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.Topology;
import org.sparkprop.train.options.LocalSteps;
import org.sparkprop.train.options.TrainingOptions;

class BenchmarkResultTest {
  private static final List<LayerSpec> LAYERS =
      LayerSpec.parseList("100 relu, 50 relu, 10 softmax");

  private static TrainingSpeed speed(double rowsPerSecond, double compute, double collect) {
    TrainingSpeed.Parts round = new TrainingSpeed.Parts(compute + collect, 0, compute, collect, 0);
    return new TrainingSpeed(rowsPerSecond, new LocalSteps(8), 4, 0, round);
  }

  private static BenchmarkResult result(TrainingSpeed averaging, long batchSize) {
    return new BenchmarkResult(
        new Network(Topology.of(1000, LAYERS), Loss.SOFTMAX_CROSS_ENTROPY),
        TrainingOptions.of(LAYERS).batchSize(batchSize).build(),
        List.of(new ExecutorSpeed("0", "a", "x", 80), new ExecutorSpeed("1", "b", "x", 120)),
        4,
        433_000,
        5,
        averaging,
        4,
        speed(300_000, 90, 10));
  }

  /** 4 · 1000 · 100 + 6 · 100 · 50 + 6 · 50 · 10 = 433,000 operations a row. */
  @Test
  void sharesAreOfTheArithmeticThatARowNeeds() {
    BenchmarkResult result = result(speed(100_000, 9, 1), 2048);

    assertEquals(400, result.peakGflops());
    assertEquals(400e9 / 433_000, result.peakRowsPerSecond(), 1e-6);
    assertEquals(433_000.0 * 433_000 / 400e9, result.kernelShare(), 1e-12);
  }

  @Test
  void theAdviceFollowsFromWhereTheTimeGoes() {
    String busy = String.join(" ", result(speed(290_000, 9, 1), 2048).advice());
    assertTrue(busy.contains("90 % of a round computing: more cores would pay"), busy);
    assertTrue(!busy.contains("--workers"), "local steps gain little: " + busy);

    String idle = String.join(" ", result(speed(50_000, 1, 9), 256).advice());
    assertTrue(idle.contains("10 % of a round computing: what limits it is the 9.0 ms"), idle);
    assertTrue(idle.contains("256 rows has 2 slices, fewer than the 4 cores"), idle);
    assertTrue(idle.contains("--local-steps 8 --workers 4 is 6.0 times as fast"), idle);
  }
}
