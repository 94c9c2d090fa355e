package org.sparkprop.optim;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.sparkprop.nn.Topology;

/**
 * RMSProp (Hinton 2012, lecture 6e), in PyTorch's form and with its defaults:
 *
 * <pre>
 *   v = alpha v + (1 − alpha) g²
 *   centered:  a = alpha a + (1 − alpha) g,  and below v − a² for v
 *   d = g / (sqrt(v) + epsilon)
 *   with momentum:  u = momentum u + d,  and below u for d
 *   parameters -= rate · d
 * </pre>
 *
 * The centered form is Graves 2013, equations 38 to 45.
 */
final class RmsProp extends Optimizer {
  static final UpdateRule RULE =
      new UpdateRule(
          "rmsprop",
          0.01,
          0,
          List.of(
              Hyperparameter.number("alpha", 0.99, 0.9, 0, 1, "decay of the mean of squares"),
              Hyperparameter.epsilon(1e-8, "added to the root, against 0 / 0"),
              Hyperparameter.number(
                  "momentum", 0, 0.95, 0, 1, "part of the last step that is kept"),
              Hyperparameter.flag(
                  "centered", "divide by the spread of the gradient about its mean")),
          RmsProp::of);

  private static final float[] NONE = {};

  private final double alpha;
  private final float epsilon;
  private final float momentum;
  private final boolean centered;
  private final float[] square;
  private final float[] mean;
  private final float[] velocity;
  private float rate;

  private RmsProp(OptimizerSettings settings, Topology topology, float[][] moments) {
    super(settings, topology, moments);
    this.alpha = settings.value("alpha");
    this.epsilon = (float) settings.value("epsilon");
    this.momentum = (float) settings.value("momentum");
    this.centered = settings.value("centered") == 1;
    this.square = moments[0];
    this.mean = centered ? moments[1] : NONE;
    this.velocity = momentum == 0 ? NONE : moments[moments.length - 1];
  }

  /** Only the moments that are used, since they travel to workers. */
  private static RmsProp of(
      OptimizerSettings settings, Topology topology, Supplier<float[]> moment) {
    int more =
        (settings.value("centered") == 1 ? 1 : 0) + (settings.value("momentum") == 0 ? 0 : 1);
    float[][] moments = Stream.generate(moment).limit(1 + more).toArray(float[][]::new);
    return new RmsProp(settings, topology, moments);
  }

  @Override
  void prepare(float rate, long step) {
    this.rate = rate;
  }

  @Override
  void update(float[] parameters, float[] gradient, int from, int to) {
    if (centered) {
      divideBySpread(gradient, from, to);
    } else {
      divideByRoot(gradient, from, to);
    }
    if (momentum != 0) {
      keepMomentum(gradient, from, to);
    }
    float rate = this.rate;
    for (int i = from; i < to; i++) {
      parameters[i] -= rate * gradient[i];
    }
  }

  private void divideByRoot(float[] gradient, int from, int to) {
    float keep = (float) alpha;
    float add = (float) (1 - alpha);
    float epsilon = this.epsilon;
    float[] square = this.square;
    for (int i = from; i < to; i++) {
      float g = gradient[i];
      float v = keep * square[i] + add * g * g;
      square[i] = v;
      gradient[i] = g / ((float) Math.sqrt(v) + epsilon);
    }
  }

  private void divideBySpread(float[] gradient, int from, int to) {
    float keep = (float) alpha;
    float add = (float) (1 - alpha);
    float epsilon = this.epsilon;
    float[] square = this.square;
    float[] mean = this.mean;
    for (int i = from; i < to; i++) {
      float g = gradient[i];
      float v = keep * square[i] + add * g * g;
      float a = keep * mean[i] + add * g;
      square[i] = v;
      mean[i] = a;
      // Of a steady gradient the two are equal but for rounding, which must not come below 0.
      gradient[i] = g / ((float) Math.sqrt(Math.max(0, v - a * a)) + epsilon);
    }
  }

  private void keepMomentum(float[] gradient, int from, int to) {
    float momentum = this.momentum;
    float[] velocity = this.velocity;
    for (int i = from; i < to; i++) {
      float u = momentum * velocity[i] + gradient[i];
      velocity[i] = u;
      gradient[i] = u;
    }
  }
}
