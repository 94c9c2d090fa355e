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
      new UpdateRule("lamb", 0.001, WEIGHT_DECAY, Adam.hyperparameters(1e-6), Lamb::of);

  private final double beta1;
  private final double beta2;
  private final float epsilon;
  private final float decay;
  private final Tensors tensors;
  private final float[] mean;
  private final float[] square;

  /** Sums of squares of each tensor, by blocks of the parameters. */
  private final double[][] ofTensor;

  private final double[][] ofDirection;
  private float rate;
  private float meanScale;
  private float squareScale;

  private Lamb(OptimizerSettings settings, Topology topology, float[] mean, float[] square) {
    super(settings, 0, topology, mean, square);
    this.beta1 = settings.value("beta1");
    this.beta2 = settings.value("beta2");
    this.epsilon = (float) settings.value("epsilon");
    this.decay = (float) settings.regularization().weightDecay();
    this.tensors = new Tensors(topology);
    this.mean = mean;
    this.square = square;
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
    meanScale = (float) (1 / (1 - Math.pow(beta1, (double) step)));
    squareScale = (float) (1 / (1 - Math.pow(beta2, (double) step)));
  }

  /** Overwrites the gradient with the direction, and measures it. */
  @Override
  void update(float[] parameters, float[] gradient, int from, int to) {
    tensors.forParts(
        from,
        to,
        (tensor, at, end) -> {
          turn(gradient, at, end);
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

  /** Adam's direction in place of the gradient. */
  private void turn(float[] gradient, int from, int to) {
    float keepMean = (float) beta1;
    float keepSquare = (float) beta2;
    float addMean = (float) (1 - beta1);
    float addSquare = (float) (1 - beta2);
    float meanScale = this.meanScale;
    float squareScale = this.squareScale;
    float epsilon = this.epsilon;
    float[] mean = this.mean;
    float[] square = this.square;
    for (int i = from; i < to; i++) {
      float g = gradient[i];
      float m = keepMean * mean[i] + addMean * g;
      float v = keepSquare * square[i] + addSquare * g * g;
      mean[i] = m;
      square[i] = v;
      gradient[i] = meanScale * m / ((float) Math.sqrt(v * squareScale) + epsilon);
    }
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
