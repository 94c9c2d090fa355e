package org.sparkprop.optim;

import org.sparkprop.optim.Line.Point;

/**
 * Searches a line for a step that meets the strong Wolfe conditions, so that the loss falls enough
 * and is flat enough where the step ends:
 *
 * <pre>
 *   f(step) ≤ f(0) + c1 step f'(0)        |f'(step)| ≤ c2 |f'(0)|
 * </pre>
 *
 * First steps grow until two of them have such a place between them, then that bracket shrinks
 * (Nocedal and Wright 2006, algorithms 3.5 and 3.6), each to where a cubic through losses and
 * slopes has its minimum. The bounds on growing and shrinking are those of minFunc (Schmidt 2005)
 * and of PyTorch.
 */
final class StrongWolfe {
  private static final double C1 = 1e-4;
  private static final double C2 = 0.9;

  /** After the first. */
  private static final int MAX_TRIALS = 25;

  /** A bracket is no use when no parameter changes by this much in it. */
  private static final double MIN_CHANGE = 1e-9;

  private static final double MIN_GROWTH = 0.01;
  private static final double MAX_GROWTH = 10;

  /** Part of a bracket that counts as near its end. */
  private static final double NEAR_END = 0.1;

  private final Line line;
  private final Point start;
  private int trialsLeft = MAX_TRIALS;

  private StrongWolfe(Line line, Point start) {
    this.line = line;
    this.start = start;
  }

  /**
   * The step that was found: the lowest known where none meets the conditions, and {@code start}
   * itself if nothing lower was met.
   *
   * @param start with a slope below 0
   * @param firstStep the first to try, above 0
   */
  static Point search(Line line, Point start, double firstStep) {
    return new StrongWolfe(line, start).bracket(firstStep);
  }

  private Point bracket(double firstStep) {
    Point before = start;
    Point trial = line.at(firstStep);
    while (trialsLeft > 0 && !line.isOver()) {
      boolean rises = trialsLeft < MAX_TRIALS - 1 && trial.loss() >= before.loss();
      if (isTooHigh(trial) || rises) {
        return zoom(before, trial);
      }
      if (isFlat(trial)) {
        return trial;
      }
      if (trial.slope() >= 0) {
        return zoom(before, trial);
      }
      double least = trial.step() + MIN_GROWTH * (trial.step() - before.step());
      double next = lowest(before, trial, least, MAX_GROWTH * trial.step());
      before = trial;
      trial = line.at(next);
      trialsLeft--;
    }
    return trial.loss() < start.loss() ? trial : start;
  }

  private Point zoom(Point left, Point right) {
    Point low = right.loss() < left.loss() ? right : left;
    Point high = low == left ? right : left;
    boolean wasNearEnd = false;
    while (trialsLeft > 0
        && !line.isOver()
        && line.change(high.step() - low.step()) >= MIN_CHANGE) {
      double from = Math.min(low.step(), high.step());
      double to = Math.max(low.step(), high.step());
      double step = lowest(low, high, from, to);
      double margin = NEAR_END * (to - from);
      boolean nearEnd = Math.min(to - step, step - from) < margin;
      if (nearEnd && (wasNearEnd || step >= to || step <= from)) { // the bracket hardly shrinks
        step = to - step < step - from ? to - margin : from + margin;
        nearEnd = false;
      }
      wasNearEnd = nearEnd;

      Point trial = line.at(step);
      trialsLeft--;
      if (isTooHigh(trial) || trial.loss() >= low.loss()) {
        high = trial.loss() < low.loss() ? low : trial;
        low = high == trial ? low : trial;
      } else if (isFlat(trial)) {
        return trial;
      } else {
        high = trial.slope() * (high.step() - low.step()) >= 0 ? low : high;
        low = trial;
      }
    }
    return low;
  }

  private boolean isTooHigh(Point trial) {
    return trial.loss() > start.loss() + C1 * trial.step() * start.slope();
  }

  private boolean isFlat(Point trial) {
    return Math.abs(trial.slope()) <= -C2 * start.slope();
  }

  /**
   * Where the cubic through two points has its minimum, or the nearest bound; the middle of the
   * bounds if it has none (Nocedal and Wright 2006, equation 3.59).
   */
  static double lowest(Point one, Point other, double least, double most) {
    Point left = one.step() <= other.step() ? one : other;
    Point right = left == one ? other : one;
    double length = right.step() - left.step();
    double d1 = left.slope() + right.slope() - 3 * (right.loss() - left.loss()) / length;
    double square = d1 * d1 - left.slope() * right.slope();
    double d2 = Math.sqrt(square); // NaN below 0, as for a point that is not finite
    double part = (right.slope() + d2 - d1) / (right.slope() - left.slope() + 2 * d2);
    double minimum = right.step() - length * part;
    return Double.isNaN(minimum) ? (least + most) / 2 : Math.min(Math.max(minimum, least), most);
  }
}
