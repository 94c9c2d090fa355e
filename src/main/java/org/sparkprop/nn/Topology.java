package org.sparkprop.nn;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The layers of a network, and where the weights of each lie in the flat parameter array. */
public final class Topology implements Serializable {
  private final List<DenseLayer> layers;
  private final int parameterCount;

  private Topology(List<DenseLayer> layers, int parameterCount) {
    this.layers = layers;
    this.parameterCount = parameterCount;
  }

  /**
   * Layers of the given sizes on top of {@code inputWidth} features.
   *
   * @throws IllegalArgumentException if there is no layer, or more parameters than one array holds
   */
  public static Topology of(int inputWidth, List<LayerSpec> sizes) {
    if (inputWidth < 1) {
      throw new IllegalArgumentException(
          "Invalid number of features: %d (must be > 0)".formatted(inputWidth));
    }
    if (sizes.isEmpty()) {
      throw new IllegalArgumentException("Invalid layers: none (must be at least one)");
    }
    LayerSpec.checkSoftmaxIsLast(sizes);
    List<DenseLayer> layers = new ArrayList<>();
    int in = inputWidth;
    long at = 0;
    for (LayerSpec size : sizes) {
      int weightsAt = (int) at;
      at += ((long) in + 1) * size.width();
      if (at > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException(
            "Invalid layers: %s on %d feature%s have more than %d parameters"
                .formatted(
                    LayerSpec.format(sizes),
                    inputWidth,
                    inputWidth == 1 ? "" : "s",
                    Integer.MAX_VALUE - 8));
      }
      layers.add(new DenseLayer(in, size.width(), size.activation(), weightsAt));
      in = size.width();
    }
    return new Topology(List.copyOf(layers), Math.toIntExact(at));
  }

  public List<DenseLayer> layers() {
    return layers;
  }

  /** Number of features of a row. */
  public int inputWidth() {
    return layers.get(0).in();
  }

  /** Number of outputs for a row. */
  public int outputWidth() {
    return outputLayer().out();
  }

  /** Number of weights and biases together: the length of the parameter array. */
  public int parameterCount() {
    return parameterCount;
  }

  /** The sizes that {@link #of} was given. */
  public List<LayerSpec> sizes() {
    return layers.stream().map(layer -> new LayerSpec(layer.out(), layer.activation())).toList();
  }

  @Override
  public String toString() {
    return inputWidth() + sizes().stream().map(size -> " → " + size).collect(Collectors.joining());
  }

  DenseLayer outputLayer() {
    return layers.get(layers.size() - 1);
  }
}
