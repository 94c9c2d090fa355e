package org.sparkprop.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A layer as the user asks for it, {@code "128 relu"}: how many units, and their activation. The
 * input width is not part of it; that comes from the rows.
 */
public record LayerSpec(int width, Activation activation) {
  public LayerSpec {
    if (width < 1) {
      throw new IllegalArgumentException("Invalid layer width: %d (must be > 0)".formatted(width));
    }
    if (activation == Activation.SOFTMAX && width < 2) {
      throw new IllegalArgumentException(
          "Invalid layer: 1 softmax is always 1 (use 1 sigmoid for two classes, or 2 softmax)");
    }
  }

  /**
   * The layers that a list such as {@code "128 relu, 10 softmax"} names, hidden layers first,
   * linear where no activation is named.
   *
   * @throws IllegalArgumentException if the list does not read so
   */
  public static List<LayerSpec> parseList(String text) {
    List<LayerSpec> layers = new ArrayList<>();
    for (String item : text.split(",", -1)) {
      layers.add(parse(item.trim()));
    }
    checkSoftmaxIsLast(layers);
    return List.copyOf(layers);
  }

  /**
   * Refuses softmax in a hidden layer.
   *
   * @throws IllegalArgumentException with the whole list
   */
  static void checkSoftmaxIsLast(List<LayerSpec> layers) {
    for (LayerSpec hidden : layers.subList(0, layers.size() - 1)) {
      if (hidden.activation() == Activation.SOFTMAX) {
        throw new IllegalArgumentException(
            "Invalid layers: %s (softmax must be the last layer)".formatted(format(layers)));
      }
    }
  }

  /** The list that {@link #parseList} reads back as {@code layers}. */
  public static String format(List<LayerSpec> layers) {
    return layers.stream().map(LayerSpec::toString).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return width + " " + activation.word();
  }

  private static LayerSpec parse(String item) {
    String[] parts = item.split("\\s+", 2);
    if (!parts[0].matches("[+-]?\\d+")) {
      throw new IllegalArgumentException(
          "Invalid layer: \"%s\" (must be a width and an activation, such as 128 relu)"
              .formatted(item));
    }
    Activation activation = parts.length == 1 ? Activation.LINEAR : Activation.of(parts[1]);
    try {
      return new LayerSpec(Integer.parseInt(parts[0]), activation);
    } catch (NumberFormatException tooLarge) {
      String bound = parts[0].startsWith("-") ? "> 0" : "<= " + Integer.MAX_VALUE;
      throw new IllegalArgumentException(
          "Invalid layer width: %s (must be %s)".formatted(parts[0], bound), tooLarge);
    }
  }
}
