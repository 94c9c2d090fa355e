package org.sparkprop.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weight 0 means: not at all, also where 0 times infinity would be no number. */
class RowsWithoutWeightTest {
  /** With 100,000 classes and slices of 256 rows, that would be 102 MB a thread. */
  @Test
  void whatHasClassesHasNoRoomForTargets() {
    Topology classes = Topology.of(2, LayerSpec.parseList("9 softmax"));
    Topology numbers = Topology.of(2, LayerSpec.parseList("9"));

    assertEquals(0, new Workspace(classes, 5).targets().length);
    assertEquals(45, new Workspace(numbers, 5).targets().length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3 relu, 2 softmax | CLASSIFICATION",
        "3 relu, 2 sigmoid | MULTI_LABEL",
        "3 relu, 2 | REGRESSION",
        "3 relu, 2 exponential | REGRESSION",
        "3 softplus, 2 relu | REGRESSION",
      })
  void aRowOfWeightZeroIsAsIfItWereNotThere(String layers, LearningTask task) {
    Topology topology = Topology.of(2, LayerSpec.parseList(layers));
    Network network =
        new Network(topology, Loss.defaultFor(topology.outputLayer().activation()), task);
    float[] parameters = Initializer.parse("uniform(1)").parameters(topology, 7);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = Math.abs(parameters[i]) + 2; // so that 3e38 overflows
    }
    Workspace alone = workspace(network, 1);
    Workspace beside = workspace(network, 2);
    Arrays.fill(beside.features(), 2, 4, 3e38f);
    if (task != LearningTask.CLASSIFICATION) {
      Arrays.fill(beside.targets(), 2, 4, 1);
    }
    beside.weights()[1] = 0;
    float[] expected = new float[topology.parameterCount()];
    float[] found = new float[topology.parameterCount()];

    double loss = network.gradient(parameters, alone, 1, expected);
    double lossBeside = network.gradient(parameters, beside, 2, found);

    assertTrue(Double.isFinite(loss));
    assertEquals(loss, lossBeside);
    assertArrayEquals(expected, found, 1e-6f);
    assertEquals(loss, network.predictWithLoss(parameters, beside, 2));
  }

  private static Workspace workspace(Network network, int rows) {
    Workspace workspace = network.workspace(rows);
    workspace.features()[0] = 0.5f;
    workspace.features()[1] = -0.25f;
    workspace.labels()[0] = 1;
    return workspace;
  }
}
