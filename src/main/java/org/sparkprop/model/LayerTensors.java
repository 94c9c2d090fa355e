package org.sparkprop.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sparkprop.model.tensor.Tensor;
import org.sparkprop.nn.DenseLayer;

/**
 * The two tensors of a layer in a file.
 *
 * @param name what the file calls the layer
 */
record LayerTensors(String name, Tensor weight, Tensor bias) {
  /** Whether W lies as (out, in), as in PyTorch. */
  boolean fitsOutIn(DenseLayer layer) {
    return weight.shape().equals(List.of(layer.out(), layer.in()));
  }

  /** Whether W lies as (in, out), as in NumPy's {@code x @ W + b} and in Keras. */
  boolean fitsInOut(DenseLayer layer) {
    return weight.shape().equals(List.of(layer.in(), layer.out()));
  }

  /** What does not fit a layer, null if all does. */
  @Nullable String problem(DenseLayer layer) {
    if (!fitsOutIn(layer) && !fitsInOut(layer)) {
      return "%s is %s (must be [%d, %d] or [%d, %d])"
          .formatted(
              weight.name(), weight.shape(), layer.out(), layer.in(), layer.in(), layer.out());
    }
    if (!bias.shape().equals(List.of(layer.out()))
        && !bias.shape().equals(List.of(1, layer.out()))) {
      return "%s is %s (must be [%d])".formatted(bias.name(), bias.shape(), layer.out());
    }
    return null;
  }

  /**
   * Writes both to their places.
   *
   * @param outIn how W lies; else it is (in, out)
   */
  void copyInto(float[] parameters, DenseLayer layer, boolean outIn) {
    float[] from =
        outIn ? weight.values() : Tensor.transposed(weight.values(), layer.in(), layer.out());
    System.arraycopy(from, 0, parameters, layer.weightsAt(), from.length);
    System.arraycopy(bias.values(), 0, parameters, layer.biasesAt(), layer.out());
  }
}
