package org.sparkprop.optim;

import java.util.function.Supplier;
import org.sparkprop.nn.Topology;

/**
 * LAMB (You et al. 2020, algorithm 2): Adam's direction with the decay in it, which for each tensor
 * x is as long as the tensor is:
 *
 * <pre>
 *   r = m / (1 − beta1^t) / (sqrt(v / (1 − beta2^t)) + epsilon) + decay x
 *   x -= rate · |x| / |r| · r
 * </pre>
 *
 * <p>The weights of a layer are one tensor, its biases another, which do not decay. The paper's phi
 * is the identity, as in its experiments; where |x| or |r| is 0, as of biases before the first
 * step, the ratio is 1, as in the authors' code. That code's rate is the default here; betas,
 * epsilon and decay are the paper's.
 */
final class Lamb extends Optimizer {
  private static final double WEIGHT_DECAY = 0.01;

  static final UpdateRule RULE =
      new UpdateRule("lamb", 0.001, WEIGHT_DECAY, AdamMoments.hyperparameters(1e-6), Lamb::of);

  private final AdamMoments moments;
  private final float decay;
  private final Tensors tensors;

  /** Sums of squares of each tensor, by blocks of the parameters. */
  private final double[][] ofTensor;

  private final double[][] ofDirection;
  private float rate;
  private float meanScale;

  private Lamb(OptimizerSettings settings, Topology topology, float[] mean, float[] square) {
    super(settings, 0, topology, mean, square);
    this.moments = new AdamMoments(settings, mean, square);
    this.decay = (float) settings.regularization().weightDecay();
    this.tensors = new Tensors(topology);
    this.ofTensor = new double[tensors.count()][];
    this.ofDirection = new double[tensors.count()][];
    for (int tensor = 0; tensor < tensors.count(); tensor++) {
      int blocks = block(tensor, tensors.to(tensor) - 1) + 1;
      ofTensor[tensor] = new double[blocks];
      ofDirection[tensor] = new double[blocks];
    }
  }

  private static Lamb of(OptimizerSettings settings, Topology topology, Supplier<float[]> moment) {
    return new Lamb(settings, topology, moment.get(), moment.get());
  }

  /** The block of an element, counted from that of the tensor's first. */
  private int block(int tensor, int element) {
    return element / Parallel.BLOCK - tensors.from(tensor) / Parallel.BLOCK;
  }

  @Override
  void prepare(float rate, long step) {
    this.rate = rate;
    moments.prepare(step);
    meanScale = (float) (1 / moments.bias(step));
  }

  /** Overwrites the gradient with the direction, and measures it. */
  @Override
  void update(float[] parameters, float[] gradient, int from, int to) {
    tensors.forParts(
        from,
        to,
        (tensor, at, end) -> {
          moments.turn(gradient, meanScale, at, end);
          if (tensors.isWeights(tensor) && decay != 0) {
            for (int i = at; i < end; i++) {
              gradient[i] += decay * parameters[i];
            }
          }
          int block = block(tensor, at);
          ofTensor[tensor][block] = Vectors.sumOfSquares(parameters, at, end);
          ofDirection[tensor][block] = Vectors.sumOfSquares(gradient, at, end);
        });
  }

  @Override
  void finish(float[] parameters, float[] direction, Parallel parallel) {
    float[] stepSizes = new float[tensors.count()];
    for (int tensor = 0; tensor < stepSizes.length; tensor++) {
      stepSizes[tensor] = (float) (rate * ratio(sum(ofTensor[tensor]), sum(ofDirection[tensor])));
    }
    parallel.forBlocks(
        parameters.length,
        (from, to) ->
            tensors.forParts(
                from,
                to,
                (tensor, at, end) -> {
                  float stepSize = stepSizes[tensor];
                  for (int i = at; i < end; i++) {
                    parameters[i] -= stepSize * direction[i];
                  }
                }));
  }

  private static double ratio(double squares, double ofDirection) {
    return squares == 0 || ofDirection == 0 ? 1 : Math.sqrt(squares / ofDirection);
  }

  private static double sum(double[] ofBlocks) {
    double sum = 0;
    for (double one : ofBlocks) {
      sum += one;
    }
    return sum;
  }
}
