package org.sparkprop.optim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sparkprop.nn.Topology;
import org.sparkprop.optim.Line.Point;

/**
 * L-BFGS (Liu and Nocedal 1989): each iteration goes down the direction that the last steps and
 * their gradients suggest, as far as a {@link StrongWolfe} search finds good. Iteration for
 * iteration PyTorch's {@code LBFGS} with {@code line_search_fn="strong_wolfe"}, unless {@link
 * LayerScales} are asked for.
 */
public final class Lbfgs implements Minimizer {
  private static final int MAX_PAIRS = 1000;

  static final UpdateRule RULE =
      new UpdateRule(
          "lbfgs",
          1,
          0,
          List.of(
              Hyperparameter.count(
                  "history",
                  10,
                  50,
                  1,
                  MAX_PAIRS,
                  "steps and gradients that a direction is made from"),
              Hyperparameter.number(
                  "tolerance",
                  1e-7,
                  1e-5,
                  0,
                  1,
                  "ends training when no element of the gradient, or no change of loss or parameters, is larger"),
              Hyperparameter.flag(
                  "layerwise",
                  "a first guess of the curvature for each layer's weights and each layer's biases, in place of one for all"),
              GrowingSample.DOUBLINGS,
              GrowingSample.ITERATIONS),
          UpdateRule.Kind.FULL_BATCHES,
          (settings, topology, moment) -> new Lbfgs(settings, topology));

  private final double rate;
  private final double tolerance;
  private final InverseHessian inverseHessian;

  /**
   * At the parameters that the last iteration has left; null where the objective has not been
   * asked.
   */
  private float @Nullable [] gradient;

  private double loss = Double.NaN;
  private long iterations;

  /** What an iteration has come to. */
  public enum Status {
    GOES_ON("the loss still falls"),
    FLAT("no element of the gradient is larger than --tolerance"),
    UNCHANGED("loss or parameters have changed by no more than --tolerance"),
    NO_DECREASE("no step lowers the loss");

    private final String meaning;

    Status(String meaning) {
      this.meaning = meaning;
    }

    /** A reason to end, in words. */
    public String meaning() {
      return meaning;
    }

    /** Whether another iteration would lead nowhere. */
    public boolean isEnd() {
      return this != GOES_ON;
    }
  }

  /** Its learning rate is a factor of the first step that each search tries. */
  Lbfgs(OptimizerSettings settings, Topology topology) {
    this.rate = settings.learningRate();
    this.tolerance = settings.value("tolerance");
    this.inverseHessian =
        new InverseHessian(
            (int) settings.value("history"),
            settings.value("layerwise") == 1 ? new LayerScales(new Tensors(topology)) : null);
  }

  /**
   * One iteration, in place. The objective sees each trial in {@code parameters} themselves.
   *
   * @param parameters those that the last iteration has left
   */
  public Status iterate(Objective objective, float[] parameters, Parallel parallel) {
    float[] from = gradient;
    if (from == null) {
      from = new float[parameters.length];
      loss = objective.evaluate(parameters, from);
      if (!Double.isFinite(Vectors.dot(from, from, parallel))) {
        loss =
            Double
                .NaN; // as in a search: a place without a gradient is as bad as one without a loss
      }
      gradient = from;
    }
    if (Vectors.largestAbsolute(from) <= tolerance) {
      return Status.FLAT;
    }
    float[] direction = inverseHessian.descent(from, parallel);
    double slope = Vectors.dot(from, direction, parallel);
    if (!(slope < 0)) {
      return Status.NO_DECREASE;
    }
    Line line = new Line(objective, parameters, direction, parallel);
    Point start = new Point(0, loss, slope, from);
    Point end = StrongWolfe.search(line, start, firstStep(from, parallel));
    line.moveTo(end.step());
    iterations++;
    if (end.step() == 0) {
      return Status.NO_DECREASE;
    }
    remember(start, end, direction, parallel);
    if (Vectors.largestAbsolute(end.gradient()) <= tolerance) {
      return Status.FLAT;
    }
    return line.change(end.step()) <= tolerance || start.loss() - end.loss() <= tolerance
        ? Status.UNCHANGED
        : Status.GOES_ON;
  }

  /**
   * Says that the next iteration has another objective, of which the same parameters have another
   * loss and another gradient. What the steps so far tell of the Hessian is kept.
   */
  public void objectiveChanges() {
    gradient = null;
  }

  /** The value of the objective for the parameters that the last iteration has left. */
  @Override
  public double objective() {
    return loss;
  }

  /** Number of iterations so far. */
  @Override
  public long steps() {
    return iterations;
  }

  /** First the gradient, then the pairs; none before the first iteration. */
  @Override
  public List<float[]> vectors() {
    List<float[]> vectors = new ArrayList<>();
    if (gradient != null) {
      vectors.add(gradient);
      vectors.addAll(inverseHessian.vectors());
    }
    return vectors;
  }

  @Override
  public void resume(List<float[]> vectors, double objective, long steps) {
    this.loss = objective;
    this.iterations = steps;
    this.gradient = vectors.isEmpty() ? null : vectors.get(0);
    for (int i = 1; i < vectors.size(); i += 2) {
      inverseHessian.add(vectors.get(i), vectors.get(i + 1), Parallel.ON_CALLER);
    }
  }

  /** Nothing is known of the scale of the first direction. */
  private double firstStep(float[] gradient, Parallel parallel) {
    return iterations == 0
        ? rate * Math.min(1, 1 / Vectors.sumOfAbsolutes(gradient, parallel))
        : rate;
  }

  private void remember(Point start, Point end, float[] direction, Parallel parallel) {
    float[] change = start.gradient();
    Vectors.add(end.gradient(), -1, change, change, parallel);
    Vectors.multiply(direction, end.step(), parallel);
    inverseHessian.add(direction, change, parallel);
    gradient = end.gradient();
    loss = end.loss();
  }
}
