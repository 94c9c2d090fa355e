package org.sparkprop.optim;

/** An objective along a line: at start + step · direction. */
final class Line {
  private final Objective objective;
  private final float[] parameters;
  private final float[] start;
  private final float[] direction;
  private final double longest;
  private final Parallel parallel;

  /**
   * @param parameters the start; each evaluation overwrites them with where it is
   */
  Line(Objective objective, float[] parameters, float[] direction, Parallel parallel) {
    this.objective = objective;
    this.parameters = parameters;
    this.start = parameters.clone();
    this.direction = direction;
    this.longest = Vectors.largestAbsolute(direction);
    this.parallel = parallel;
  }

  /** What is known of a place on the line. */
  static final class Point {
    private final double step;
    private final double loss;
    private final double slope;
    private final float[] gradient;

    /**
     * @param step where, in directions from the start
     * @param slope derivative of the loss along the line
     */
    Point(double step, double loss, double slope, float[] gradient) {
      this.step = step;
      this.loss = loss;
      this.slope = slope;
      this.gradient = gradient;
    }

    double step() {
      return step;
    }

    double loss() {
      return loss;
    }

    double slope() {
      return slope;
    }

    float[] gradient() {
      return gradient;
    }
  }

  /** Evaluates; where loss or gradient are not finite, the loss counts as infinite. */
  Point at(double step) {
    moveTo(step);
    float[] gradient = new float[parameters.length];
    double loss = objective.evaluate(parameters, gradient);
    double slope = Vectors.dot(gradient, direction, parallel); // not finite if the gradient is not
    boolean finite = Double.isFinite(loss) && Double.isFinite(slope);
    return new Point(step, finite ? loss : Double.POSITIVE_INFINITY, slope, gradient);
  }

  /** Whether no further place is to be evaluated. */
  boolean isOver() {
    return objective.isOver();
  }

  /** Sets the parameters to where an evaluation at this step had them, to the bit. */
  void moveTo(double step) {
    Vectors.add(start, step, direction, parameters, parallel);
  }

  /** The most that a parameter changes over a length of the line. */
  double change(double length) {
    return Math.abs(length) * longest;
  }
}
