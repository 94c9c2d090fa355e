package org.sparkprop.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparkprop.data.ReductionTree;

class ShardTalliesTest {
  /**
   * Of a figure: targets of 3e6 that vary by 1 cost the moments seven of a double's sixteen digits,
   * all else is exact but for the last.
   */
  private static final double DOUBLE = 1e-9;

  /** The ends of ten shards; the first, the sixth and the seventh are empty. */
  private static final List<Integer> SHARDS = List.of(0, 5, 13, 20, 21, 21, 21, 40, 52, 60);

  @ParameterizedTest(name = "{0}")
  @MethodSource("org.sparkprop.eval.SklearnTest#cases")
  void figuresHaveTheSameBitsForEverySplitIntoTasks(String name, SklearnTest.Case one)
      throws IOException, ClassNotFoundException {
    TallyRows rows = one.rows();
    TallyPlan plan = rows.plan(true, true);
    Evaluation whole = rows.evaluate(plan, SHARDS, List.of());

    for (int second = 1; second < SHARDS.size(); second++) {
      for (int third = second; third < SHARDS.size(); third++) {
        Evaluation split = rows.evaluate(plan, SHARDS, List.of(second, third));
        assertEquals(whole.metrics(), split.metrics());
        assertEquals(whole.weightedMetrics(), split.weightedMetrics());
      }
    }
    Evaluation apart = rows.evaluate(plan, SHARDS, List.of(1, 2, 3, 4, 5, 6, 7, 8, 9));
    assertEquals(whole.weightedMetrics(), apart.weightedMetrics());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("org.sparkprop.eval.SklearnTest#cases")
  void figuresOfShardsAreThoseOfAllRowsTogether(String name, SklearnTest.Case one)
      throws IOException, ClassNotFoundException {
    TallyRows rows = one.rows();
    TallyPlan plan = rows.plan(true, true);
    Evaluation shards = rows.evaluate(plan, SHARDS, List.of(3));
    Evaluation together = rows.evaluate(plan);

    assertEquals(60, shards.rows());
    assertEquals(together.weightedMetrics().keySet(), shards.weightedMetrics().keySet());
    together
        .weightedMetrics()
        .forEach(
            (metric, expected) -> {
              double actual = shards.weightedMetrics().getOrDefault(metric, Double.NaN);
              assertEquals(expected, actual, DOUBLE * (1 + Math.abs(expected)), metric.word());
            });
    // The losses are the numbers of the rows, from 0 to 59; by weight the mean is another.
    double loss = rows.network().meanLoss(29.5 * 60, 60);
    assertEquals(loss, shards.metrics().getOrDefault(Metric.LOSS, Double.NaN), 1e-12);
    assertNotEquals(loss, shards.loss(), 0.001);
    assertEquals(shards.weightedMetrics().get(Metric.LOSS), shards.loss());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("org.sparkprop.eval.SklearnTest#cases")
  void aTaskOfManyShardsReturnsFewNodes(String name, SklearnTest.Case one) {
    TallyRows rows = one.rows();
    ReductionTree<Tally> tree = new ReductionTree<>(Tally::add);
    for (int shard = 3; shard < 60; shard++) {
      tree.add(shard, rows.tally(rows.plan(true, true), shard, shard + 1));
    }

    // 3, 4 to 7, 8 to 15, 16 to 31, 32 to 47, 48 to 55, 56 to 59
    assertEquals(
        List.of(3L, 4L, 8L, 16L, 32L, 48L, 56L),
        tree.nodes().stream().map(ReductionTree.Node::first).toList());
    assertTrue(tree.nodes().size() < 2 * 6);
  }
}
