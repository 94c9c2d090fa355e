package org.sparkprop.train;

import java.io.Serializable;
import org.sparkprop.model.FloatVector;

/** Sums over some rows: their gradients, their losses, and how many they are. */
final class GradientSums implements Serializable {
  private final FloatVector gradient;
  private double loss;
  private long rows;

  GradientSums(float[] gradient, double loss, long rows) {
    this.gradient = FloatVector.asView(gradient);
    this.loss = loss;
    this.rows = rows;
  }

  double loss() {
    return loss;
  }

  long rows() {
    return rows;
  }

  /** Adds the sums of other rows into these. */
  void add(GradientSums other) {
    float[] into = gradient.array();
    float[] from = other.gradient.array();
    for (int i = 0; i < into.length; i++) {
      into[i] += from[i];
    }
    loss += other.loss;
    rows += other.rows;
  }

  /** Divides the gradient in place by the rows: the only place where a gradient becomes a mean. */
  float[] toMeanGradient() {
    float[] mean = gradient.array();
    float divisor = rows;
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= divisor;
    }
    return mean;
  }
}
