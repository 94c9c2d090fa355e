package org.sparkprop.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Loss;
import org.sparkprop.nn.Network;
import org.sparkprop.nn.SampleRows;
import org.sparkprop.nn.Topology;
import org.sparkprop.nn.Workspace;

/** Iterations against PyTorch's; {@code torch_lbfgs.py} made the numbers. */
class LbfgsTorchTest {
  /** Of the loss. PyTorch computed in double, we in float: some eight roundings (6e-8 each). */
  private static final double FLOAT = 5e-7;

  /**
   * Of the losses that follow. Differences of gradients and of losses decide where the next step
   * goes, so that roundings grow: up to 1.4e-4 was seen after ten iterations. A direction that is
   * wrong, or a step, shows in the second digit.
   */
  private static final double GROWN = 3e-4;

  /** Of the largest parameter; up to 3e-5 was seen. */
  private static final double PARAMETER = 6e-5;

  record Runs(String torch, List<Case> cases) {}

  record Case(
      String name,
      String layers,
      String loss,
      int rows,
      int features,
      int history,
      double learningRate,
      double l2,
      List<Double> losses,
      List<Integer> trials,
      int stride,
      List<Double> parameters) {}

  static Stream<Arguments> cases() throws IOException {
    ObjectMapper json = new ObjectMapper();
    json.setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
    try (InputStream file = LbfgsTorchTest.class.getResourceAsStream("torch_lbfgs.json")) {
      return json.readValue(Objects.requireNonNull(file), Runs.class).cases().stream()
          .map(one -> Arguments.of(one.name(), one));
    }
  }

  /** The mean loss of all rows, and how often somebody asked. */
  private static final class MeanLoss implements Objective {
    private final Network network;
    private final Workspace slice;
    private final int rows;
    private int evaluations;

    MeanLoss(Network network, int rows) {
      this.network = network;
      this.slice = new Workspace(network.topology(), rows);
      this.rows = rows;
      SampleRows.fill(slice, 0, rows);
    }

    @Override
    public double evaluate(float[] parameters, float[] gradient) {
      evaluations++;
      double sum = network.gradient(parameters, slice, rows, gradient);
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] /= rows;
      }
      return sum / rows;
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void tenIterationsAreThoseOfPyTorch(String name, Case expected) {
    Topology topology = Topology.of(expected.features(), LayerSpec.parseList(expected.layers()));
    MeanLoss meanLoss =
        new MeanLoss(new Network(topology, Loss.of(expected.loss())), expected.rows());
    Objective objective =
        new PenalizedObjective(meanLoss, expected.l2(), topology, Parallel.ON_CALLER);
    Lbfgs lbfgs =
        (Lbfgs)
            OptimizerSettings.of(
                    UpdateRule.of("lbfgs"),
                    expected.learningRate(),
                    Map.of("history", (double) expected.history(), "tolerance", 0.0))
                .minimizer(topology);
    float[] parameters = SampleRows.parameters(topology);
    int before = 1; // the evaluation of the start
    for (int i = 0; i < 10; i++) {
      lbfgs.iterate(objective, parameters, Parallel.ON_CALLER);
      double loss = expected.losses().get(i + 1);
      assertEquals(loss, lbfgs.objective(), (i == 0 ? FLOAT : GROWN) * loss, "loss after " + i);
      assertEquals(expected.trials().get(i), meanLoss.evaluations - before, "trials of " + i);
      before = meanLoss.evaluations;
    }
    double tolerance = PARAMETER * Vectors.largestAbsolute(parameters);
    for (int i = 0; i < expected.parameters().size(); i++) {
      float found = parameters[i * expected.stride()];
      assertEquals(expected.parameters().get(i), found, tolerance, "parameter " + i);
    }
  }
}
