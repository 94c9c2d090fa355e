package org.sparkprop.model;

import java.util.List;
import org.sparkprop.data.LabelFormat;
import org.sparkprop.data.Preprocessing;
import org.sparkprop.data.Preprocessing.FeatureType;
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.Scaling;
import org.sparkprop.nn.Network;

/** A network with its parameters, what happens to rows before it, and the names of its labels. */
public final class Model {
  private final Network network;
  private final Preprocessing preprocessing;
  private final List<String> labels;
  private final float[] parameters;

  /**
   * @param labels the name of each class, or of each output where there are no classes
   * @param parameters length {@code network.topology().parameterCount()}; not copied
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public Model(
      Network network, Preprocessing preprocessing, List<String> labels, float[] parameters) {
    if (parameters.length != network.topology().parameterCount()) {
      throw new IllegalArgumentException(
          "Invalid parameters: %d (expected %d)"
              .formatted(parameters.length, network.topology().parameterCount()));
    }
    if (labels.size() != network.labels()) {
      throw new IllegalArgumentException(
          "Invalid labels: %d (expected %d, one for each class or output)"
              .formatted(labels.size(), network.labels()));
    }
    if (preprocessing.features() == FeatureType.FLOAT) {
      checkCompatible("features", preprocessing.featureScaling(), network.topology().inputWidth());
    }
    checkCompatible("targets", preprocessing.targetScaling(), network.topology().outputWidth());
    int weights = preprocessing.classWeights().toList().size();
    if (weights != 0 && weights != network.labels()) {
      throw new IllegalArgumentException(
          "Invalid class weights: %d (expected %d, one for each class)"
              .formatted(weights, network.labels()));
    }
    this.network = network;
    this.preprocessing = preprocessing;
    this.labels = List.copyOf(labels);
    this.parameters = parameters;
  }

  private static void checkCompatible(String what, Scaling scaling, int columns) {
    if (!scaling.isNone() && scaling.size() != columns) {
      throw new IllegalArgumentException(
          "Invalid scaling of %s: %d means (expected %d, one for each)"
              .formatted(what, scaling.size(), columns));
    }
  }

  public Network network() {
    return network;
  }

  /**
   * What rows must look like that the model is evaluated on.
   *
   * @param name what the user calls them, for messages
   */
  public RowFormat rowFormat(String name) {
    return new RowFormat(
        name,
        preprocessing.features(),
        network.topology().inputWidth(),
        LabelFormat.of(network),
        false);
  }

  public Preprocessing preprocessing() {
    return preprocessing;
  }

  public List<String> labels() {
    return labels;
  }

  /** The parameters themselves, not a copy. */
  public float[] parameters() {
    return parameters;
  }
}
