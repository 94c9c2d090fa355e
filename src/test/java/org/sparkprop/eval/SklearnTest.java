package org.sparkprop.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparkprop.nn.LearningTask;

/** All metrics against scikit-learn; {@code sklearn_metrics.py} made the numbers. */
class SklearnTest {
  /** Both compute in double, in another order. */
  private static final double DOUBLE = 1e-12;

  record Cases(String sklearn, List<Case> cases) {}

  record Case(
      String name,
      String task,
      int width,
      List<Double> truth,
      List<Float> logits,
      List<Float> output,
      List<Float> weights,
      Map<String, Double> metrics,
      Map<String, Double> weighted) {

    TallyRows rows() {
      double[] targets = truth.stream().mapToDouble(Double::doubleValue).toArray();
      return new TallyRows(
          LearningTask.of(task), width, targets, floats(logits), floats(output), floats(weights));
    }

    private static float[] floats(List<Float> values) {
      float[] floats = new float[values.size()];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = values.get(i);
      }
      return floats;
    }
  }

  static Stream<Arguments> cases() throws IOException {
    try (InputStream file = SklearnTest.class.getResourceAsStream("sklearn_metrics.json")) {
      Cases cases = new ObjectMapper().readValue(Objects.requireNonNull(file), Cases.class);
      return cases.cases().stream().map(one -> Arguments.of(one.name(), one));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void figuresAreThoseOfScikitLearn(String name, Case expected) {
    TallyRows rows = expected.rows();
    Evaluation evaluation = rows.evaluate(rows.plan(true, true));

    assertFigures(expected.metrics(), evaluation.metrics());
    assertFigures(expected.weighted(), evaluation.weightedMetrics());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void withoutWeightsThereAreNoWeightedFigures(String name, Case expected) {
    TallyRows rows = expected.rows();
    Evaluation evaluation = rows.evaluate(rows.plan(false, true));

    assertFigures(expected.metrics(), evaluation.metrics());
    assertEquals(Map.of(), evaluation.weightedMetrics());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void areasAreThereOnlyIfRowsAreRanked(String name, Case expected) {
    TallyRows rows = expected.rows();
    Evaluation evaluation = rows.evaluate(rows.plan(true, false));

    expected.metrics().keySet().removeIf(field -> Metric.of(field).needsRanking());
    assertFigures(expected.metrics(), evaluation.metrics());
  }

  private static void assertFigures(Map<String, Double> expected, Map<Metric, Double> actual) {
    assertEquals(expected.size() + 1, actual.size(), "those and the loss: " + actual);
    expected.forEach(
        (field, value) -> {
          double figure = actual.getOrDefault(Metric.of(field), Double.NaN);
          assertEquals(value, figure, DOUBLE * (1 + Math.abs(value)), field);
        });
  }
}
