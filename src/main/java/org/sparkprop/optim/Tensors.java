package org.sparkprop.optim;

import java.util.Arrays;
import org.sparkprop.nn.DenseLayer;
import org.sparkprop.nn.Topology;

/**
 * The tensors that lie one after another in the parameter array: of each layer the weights, then
 * the biases.
 */
final class Tensors {
  /** Where each starts; then the number of parameters. */
  private final int[] starts;

  /** What runs for a part of one tensor. */
  interface Part {
    void run(int tensor, int from, int to);
  }

  Tensors(Topology topology) {
    this.starts = new int[2 * topology.layers().size() + 1];
    int tensor = 0;
    for (DenseLayer layer : topology.layers()) {
      starts[tensor++] = layer.weightsAt();
      starts[tensor++] = layer.biasesAt();
    }
    starts[tensor] = topology.parameterCount();
  }

  int count() {
    return starts.length - 1;
  }

  boolean isWeights(int tensor) {
    return tensor % 2 == 0;
  }

  /** Its first element. */
  int from(int tensor) {
    return starts[tensor];
  }

  /** The element after its last. */
  int to(int tensor) {
    return starts[tensor + 1];
  }

  /** Runs {@code body} for the part of each tensor that the elements hold, ascending. */
  void forParts(int from, int to, Part body) {
    int found = Arrays.binarySearch(starts, from);
    int tensor = found >= 0 ? found : -found - 2;
    for (int at = from; at < to; tensor++) {
      int end = Math.min(to, to(tensor));
      body.run(tensor, at, end);
      at = end;
    }
  }
}
