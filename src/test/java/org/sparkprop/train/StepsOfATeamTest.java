package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Topology;
import org.sparkprop.optim.LearningRateSchedule;
import org.sparkprop.optim.Optimizer;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.Parallel;
import org.sparkprop.optim.Regularization;
import org.sparkprop.optim.UpdateRule;

/** Steps with everything that regularises, on teams of all sizes. */
class StepsOfATeamTest {
  /** Tensors that are shared among threads and others that are not; no block ends with one. */
  private static final Topology TOPOLOGY =
      Topology.of(130, LayerSpec.parseList("150 relu, 140 tanh, 3 softmax"));

  static Stream<String> rules() {
    return UpdateRule.ALL.stream().filter(rule -> !rule.isFullBatch()).map(UpdateRule::word);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void anyNumberOfThreadsGivesTheSameBits(String rule) {
    OptimizerSettings settings =
        OptimizerSettings.of(
            UpdateRule.of(rule),
            0.01,
            Map.of(),
            LearningRateSchedule.CONSTANT,
            new Regularization(1e-3, 1e-2, 0.01, 5, 2, 20));
    int[] expected = bits(steps(settings, Parallel.ON_CALLER));
    assertFalse(Arrays.equals(bits(new float[TOPOLOGY.parameterCount()]), expected));

    for (int threads = 1; threads <= 4; threads++) {
      try (Team team = new Team(threads)) {
        assertArrayEquals(expected, bits(steps(settings, team)), threads + " threads");
      }
    }
  }

  private static float[] steps(OptimizerSettings settings, Parallel parallel) {
    Optimizer optimizer = settings.create(TOPOLOGY);
    Random random = new Random(1);
    float[] parameters = random(random);
    for (int step = 0; step < 5; step++) {
      optimizer.step(parameters, random(random), 0.01f, parallel);
    }
    return parameters;
  }

  private static float[] random(Random random) {
    float[] array = new float[TOPOLOGY.parameterCount()];
    for (int i = 0; i < array.length; i++) {
      array[i] = (float) random.nextGaussian();
    }
    return array;
  }

  private static int[] bits(float[] parameters) {
    int[] bits = new int[parameters.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(parameters[i]);
    }
    return bits;
  }
}
