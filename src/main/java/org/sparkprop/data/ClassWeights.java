package org.sparkprop.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the weight of a row is multiplied by for its class. */
public final class ClassWeights implements Serializable {
  /** All classes alike. */
  public static final ClassWeights NONE = new ClassWeights(new float[0]);

  private final float[] weights;

  private ClassWeights(float[] weights) {
    this.weights = weights;
  }

  /**
   * A weight for each class.
   *
   * @throws IllegalArgumentException if one is below 0 or not finite, or none is above 0
   */
  public static ClassWeights of(List<Double> weights) {
    float[] floats = new float[weights.size()];
    boolean some = false;
    for (int i = 0; i < floats.length; i++) {
      floats[i] = weights.get(i).floatValue();
      if (!(floats[i] >= 0 && Float.isFinite(floats[i]))) {
        throw new IllegalArgumentException(
            "Invalid class weights: %s for class %d (must be >= 0)".formatted(weights.get(i), i));
      }
      some |= floats[i] > 0;
    }
    if (!some && floats.length > 0) {
      throw new IllegalArgumentException("Invalid class weights: all are 0 (one must be > 0)");
    }
    return new ClassWeights(floats);
  }

  /**
   * Weights under which all classes together weigh as much as before, and each as much as the
   * others: total / (classes · weight of the class). A class without rows has 1.
   *
   * @param ofClasses total weight of the rows of each class
   */
  static ClassWeights balanced(double[] ofClasses) {
    double total = Arrays.stream(ofClasses).sum();
    long classes = Arrays.stream(ofClasses).filter(weight -> weight > 0).count();
    return of(
        Arrays.stream(ofClasses)
            .map(weight -> weight > 0 ? total / (classes * weight) : 1)
            .boxed()
            .toList());
  }

  public boolean isNone() {
    return weights.length == 0;
  }

  float of(int label) {
    return weights[label];
  }

  /** The weight of each class; empty where all are alike. */
  public List<Double> toList() {
    return IntStream.range(0, weights.length).mapToObj(i -> (double) weights[i]).toList();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ClassWeights that && Arrays.equals(weights, that.weights);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(weights);
  }

  @Override
  public String toString() {
    return isNone() ? "none" : toList().toString();
  }
}
