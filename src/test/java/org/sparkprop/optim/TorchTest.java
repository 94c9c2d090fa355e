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

/** Whole training runs against PyTorch; {@code torch_losses.py} made the numbers. */
class TorchTest {
  /**
   * Of the loss. PyTorch computed in double, we compute in float (24 bits, 6e-8): room for some
   * eight roundings that do not cancel. A slope or a moment that is wrong shows in the third digit.
   */
  private static final double FLOAT = 5e-7;

  record Losses(String torch, int rows, int features, List<Case> cases) {}

  record Case(
      String name,
      String layers,
      String loss,
      String optimizer,
      double learningRate,
      Map<String, Double> hyperparameters,
      Map<String, Double> regularization,
      List<Double> losses) {
    Regularization chosen() {
      double decay = UpdateRule.of(optimizer).weightDecay();
      return new Regularization(
          regularization.getOrDefault("l1", 0.0),
          regularization.getOrDefault("l2", 0.0),
          regularization.getOrDefault("weight-decay", decay),
          regularization.getOrDefault("max-norm", Regularization.UNBOUNDED),
          regularization.getOrDefault("clip-value", Regularization.UNBOUNDED),
          regularization.getOrDefault("clip-norm", Regularization.UNBOUNDED));
    }
  }

  static Stream<Arguments> cases() throws IOException {
    ObjectMapper json = new ObjectMapper();
    json.setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
    try (InputStream file = TorchTest.class.getResourceAsStream("torch_losses.json")) {
      Losses losses = json.readValue(Objects.requireNonNull(file), Losses.class);
      return losses.cases().stream()
          .map(one -> Arguments.of(one.name(), one, losses.rows(), losses.features()));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void lossesOfTenUpdatesAreThoseOfPyTorch(String name, Case expected, int rows, int features) {
    Topology topology = Topology.of(features, LayerSpec.parseList(expected.layers()));
    Network network = new Network(topology, Loss.of(expected.loss()));
    Workspace slice = new Workspace(topology, rows);
    SampleRows.fill(slice, 0, rows);
    OptimizerSettings settings =
        OptimizerSettings.of(
                UpdateRule.of(expected.optimizer()),
                expected.learningRate(),
                expected.hyperparameters())
            .withRegularization(expected.chosen());
    Optimizer optimizer = settings.create(topology);

    float[] parameters = SampleRows.parameters(topology);
    float[] gradient = new float[parameters.length];
    assertEquals(10, expected.losses().size());
    for (double loss : expected.losses()) {
      double sum = network.gradient(parameters, slice, rows, gradient);
      assertEquals(loss, sum / rows, FLOAT * loss);
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] /= rows;
      }
      optimizer.step(parameters, gradient, (float) settings.learningRate(), Parallel.ON_CALLER);
    }
  }
}
