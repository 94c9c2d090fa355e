package org.sparkprop.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopologyTest {
  @Test
  void layersLieBehindEachOtherInTheParameters() {
    Topology topology = Topology.of(4, LayerSpec.parseList("3 relu, 5 tanh, 2 softmax"));
    // 3 (4 + 1) = 15, 5 (3 + 1) = 20, 2 (5 + 1) = 12
    assertLayer(topology.layers().get(0), 4, 3, Activation.RELU, 0, 12);
    assertLayer(topology.layers().get(1), 3, 5, Activation.TANH, 15, 30);
    assertLayer(topology.layers().get(2), 5, 2, Activation.SOFTMAX, 35, 45);
    assertEquals(3, topology.layers().size());
    assertEquals(47, topology.parameterCount());
  }

  @Test
  void widthsAreThoseOfTheFirstAndLastLayer() {
    Topology topology = Topology.of(784, LayerSpec.parseList("128 relu, 10 softmax"));
    assertEquals(784, topology.inputWidth());
    assertEquals(10, topology.outputWidth());
    assertEquals("784 → 128 relu → 10 softmax", topology.toString());
  }

  @Test
  void sizesAreThoseThatItWasMadeOf() {
    List<LayerSpec> sizes = LayerSpec.parseList("3 relu, 5 leaky-relu, 1 sigmoid");
    assertEquals(sizes, Topology.of(4, sizes).sizes());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void featuresMustBePositive(int features) {
    List<LayerSpec> sizes = LayerSpec.parseList("3 relu");
    assertRefused(
        features, sizes, "Invalid number of features: %d (must be > 0)".formatted(features));
  }

  @Test
  void thereMustBeALayer() {
    assertRefused(4, List.of(), "Invalid layers: none (must be at least one)");
  }

  @Test
  void parametersMayFillAnArray() {
    // The longest array that every JVM makes: 2147483638 weights and a bias.
    Topology topology = Topology.of(2147483638, LayerSpec.parseList("1 linear"));
    assertEquals(2147483639, topology.parameterCount());
  }

  @Test
  void parametersBeyondAnArrayAreRefused() {
    assertRefused(
        2147483639,
        LayerSpec.parseList("1 linear"),
        "Invalid layers: 1 linear on 2147483639 features have more than 2147483639 parameters");
    assertRefused(
        2147483647,
        LayerSpec.parseList("2147483647 relu, 2 softmax"),
        "Invalid layers: 2147483647 relu, 2 softmax on 2147483647 features have more than"
            + " 2147483639 parameters");
  }

  @Test
  void parametersOfAllLayersTogetherMustFitAnArray() {
    // 1.6e9 parameters a layer: one fits, two do not.
    assertEquals(
        1_600_040_000, Topology.of(40000, LayerSpec.parseList("40000 relu")).parameterCount());
    assertRefused(
        40000,
        LayerSpec.parseList("40000 relu, 40000 relu"),
        "Invalid layers: 40000 relu, 40000 relu on 40000 features have more than 2147483639"
            + " parameters");
  }

  private static void assertLayer(
      DenseLayer layer, int in, int out, Activation activation, int weightsAt, int biasesAt) {
    assertEquals(in, layer.in());
    assertEquals(out, layer.out());
    assertEquals(activation, layer.activation());
    assertEquals(weightsAt, layer.weightsAt());
    assertEquals(biasesAt, layer.biasesAt());
  }

  private static void assertRefused(int features, List<LayerSpec> sizes, String message) {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> Topology.of(features, sizes));
    assertEquals(message, error.getMessage());
  }
}
