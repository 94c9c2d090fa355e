package org.sparkprop.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayerSpecTest {
  @Test
  void listNamesWidthsAndActivations() {
    assertEquals(
        List.of(
            new LayerSpec(128, Activation.RELU),
            new LayerSpec(64, Activation.LEAKY_RELU),
            new LayerSpec(10, Activation.SOFTMAX)),
        LayerSpec.parseList("128 relu, 64 leaky-relu, 10 softmax"));
  }

  @Test
  void layerIsLinearWhereNoActivationIsNamed() {
    assertEquals(
        List.of(new LayerSpec(5, Activation.LINEAR), new LayerSpec(3, Activation.LINEAR)),
        LayerSpec.parseList("5, 3"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8 leaky relu,2 softmax",
        "  8\tLeaky_ReLU  ,\n2  SOFTMAX ",
        "+8 leaky-relu, 2 softmax"
      })
  void spacesAndCapitalsDoNotMatter(String text) {
    assertEquals(
        List.of(new LayerSpec(8, Activation.LEAKY_RELU), new LayerSpec(2, Activation.SOFTMAX)),
        LayerSpec.parseList(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"128 relu, 10 softmax", "1 sigmoid", "5 linear, 4 leaky-relu, 3 silu"})
  void formattedListReadsBack(String text) {
    assertEquals(text, LayerSpec.format(LayerSpec.parseList(text)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''               | ''",
        "'128 relu,'      | ''",
        "128 relu,, 10    | ''",
        "', 10 softmax'   | ''",
        "relu             | relu",
        "relu 128, 10     | relu 128",
        "128relu          | 128relu",
        "12.5 relu        | 12.5 relu",
      })
  void itemWithoutWidthAndActivationIsRefused(String text, String item) {
    assertRefused(
        text,
        "Invalid layer: \"%s\" (must be a width and an activation, such as 128 relu)"
            .formatted(item));
  }

  @ParameterizedTest
  @CsvSource({"0 relu, 0", "00, 0", "-5 softmax, -5", "-2147483648 relu, -2147483648"})
  void widthBelowOneIsRefused(String text, String width) {
    assertRefused(text, "Invalid layer width: %s (must be > 0)".formatted(width));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2147483648", "99999999999999999999"})
  void hugeWidthIsRefused(String width) {
    assertRefused(
        width + " relu", "Invalid layer width: %s (must be <= 2147483647)".formatted(width));
  }

  @Test
  void hugeNegativeWidthIsRefusedAsNegative() {
    assertRefused("-99999999999 relu", "Invalid layer width: -99999999999 (must be > 0)");
  }

  @ParameterizedTest
  @CsvSource({"'128 rleu, 10 softmax', rleu, ; did you mean relu?", "128 relu 10, relu 10, ''"})
  void unknownActivationIsRefused(String text, String activation, String hint) {
    assertRefused(
        text,
        "Invalid activation: "
            + activation
            + " (must be one of linear, sigmoid, tanh, relu, leaky-relu, elu, selu, softplus, gelu, silu, mish,"
            + " exponential, softmax"
            + hint
            + ")");
  }

  @Test
  void softmaxBelowTheLastLayerIsRefused() {
    assertRefused(
        " 10 softmax, 5 relu ",
        "Invalid layers: 10 softmax, 5 relu (softmax must be the last layer)");
  }

  @Test
  void oneSoftmaxIsRefused() {
    assertRefused(
        "128 relu, 1 softmax",
        "Invalid layer: 1 softmax is always 1 (use 1 sigmoid for two classes, or 2 softmax)");
  }

  private static void assertRefused(String text, String message) {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> LayerSpec.parseList(text));
    assertEquals(message, error.getMessage());
  }
}
