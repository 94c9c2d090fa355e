package org.sparkprop.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class NetworkTest {
  @Test
  void lossThatDoesNotFitTheLastLayerIsRefused() {
    Topology topology = Topology.of(4, LayerSpec.parseList("8 relu, 3 linear"));
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Network(topology, Loss.SOFTMAX_CROSS_ENTROPY));
    assertEquals(
        "Invalid loss: softmax-cross-entropy with a linear last layer"
            + " (the last layer must be softmax)",
        error.getMessage());
  }

  @Test
  void predictionsOfACrossEntropyAreProbabilities() {
    // W = 0, so the logits are the biases ln 1, ln 2 and ln 5 for any row.
    Network network = network("3 softmax");
    float[] parameters = {0, 0, 0, 0, (float) Math.log(2), (float) Math.log(5)};
    Workspace workspace = new Workspace(network.topology(), 2);
    network.predict(parameters, workspace, 2);
    // Six roundings of a float (6e-8) at most.
    assertArrayEquals(
        new float[] {0.125f, 0.25f, 0.625f, 0.125f, 0.25f, 0.625f}, workspace.output(), 4e-7f);
  }

  @Test
  void largestOutputIsTheClass() {
    Network network = network("3");
    Workspace workspace = new Workspace(network.topology(), 2);
    fill(workspace.output(), -3, -1, -2, 5, 4, 6);
    assertEquals(1, network.predictedClass(workspace, 0));
    assertEquals(2, network.predictedClass(workspace, 1));
  }

  @Test
  void firstOfEqualOutputsIsTheClass() {
    Network network = network("3 softmax");
    Workspace workspace = new Workspace(network.topology(), 2);
    fill(workspace.output(), 0.2f, 0.4f, 0.4f, 0, 0, 0);
    assertEquals(1, network.predictedClass(workspace, 0));
    assertEquals(0, network.predictedClass(workspace, 1));
  }

  @Test
  void oneOutputAboveOneHalfIsClassOne() {
    Network network = network("1 sigmoid");
    Workspace workspace = new Workspace(network.topology(), 3);
    fill(workspace.output(), 0.5f, Math.nextUp(0.5f), 0.1f);
    assertEquals(0, network.predictedClass(workspace, 0));
    assertEquals(1, network.predictedClass(workspace, 1));
    assertEquals(0, network.predictedClass(workspace, 2));
  }

  @Test
  void oneOutputTellsTwoClassesApart() {
    assertEquals(2, network("1 sigmoid").classes());
    assertEquals(2, network("2 softmax").classes());
    assertEquals(10, network("10 softmax").classes());
  }

  @Test
  void sliceTooLargeForAnArrayIsRefused() {
    Topology topology = Topology.of(1000, LayerSpec.parseList("10 softmax"));
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> new Workspace(topology, 3_000_000));
    assertEquals(
        "Invalid slice size: 3000000 (must be <= 2147483 for a layer of width 1000)",
        error.getMessage());
  }

  private static Network network(String layers) {
    Topology topology = Topology.of(1, LayerSpec.parseList(layers));
    return new Network(topology, Loss.defaultFor(topology.outputLayer().activation()));
  }

  private static void fill(float[] output, float... values) {
    System.arraycopy(values, 0, output, 0, values.length);
  }
}
