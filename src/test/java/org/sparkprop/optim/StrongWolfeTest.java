package org.sparkprop.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkprop.optim.Line.Point;

/** Functions of one number, searched from 0 upwards. */
class StrongWolfeTest {
  /** A function with its derivative, and how often somebody asked. */
  private static final class Curve implements Objective {
    private final DoubleUnaryOperator value;
    private final DoubleUnaryOperator derivative;
    private int evaluations;

    Curve(DoubleUnaryOperator value, DoubleUnaryOperator derivative) {
      this.value = value;
      this.derivative = derivative;
    }

    @Override
    public double evaluate(float[] parameters, float[] gradient) {
      evaluations++;
      gradient[0] = (float) derivative.applyAsDouble(parameters[0]);
      return value.applyAsDouble(parameters[0]);
    }

    Point start() {
      return new Point(0, value.applyAsDouble(0), derivative.applyAsDouble(0), new float[1]);
    }

    Point search(double firstStep) {
      Line line = new Line(this, new float[1], new float[] {1}, Parallel.ON_CALLER);
      return StrongWolfe.search(line, start(), firstStep);
    }
  }

  /** Moré and Thuente 1994, figures 1 and 2; here the second is less flat than a float is fine. */
  private static Curve hard(String name) {
    return name.equals("concave beyond the minimum")
        ? new Curve(t -> -t / (t * t + 2), t -> (t * t - 2) / ((t * t + 2) * (t * t + 2)))
        : new Curve(
            t -> Math.pow(t + 0.1, 5) - 2 * Math.pow(t + 0.1, 4),
            t -> 5 * Math.pow(t + 0.1, 4) - 8 * Math.pow(t + 0.1, 3));
  }

  @ParameterizedTest
  @CsvSource({
    "concave beyond the minimum, 0.001",
    "concave beyond the minimum, 0.1",
    "concave beyond the minimum, 10",
    "concave beyond the minimum, 50",
    "flat before the minimum, 0.001",
    "flat before the minimum, 0.1",
    "flat before the minimum, 10",
    "flat before the minimum, 1000"
  })
  void theStepMeetsBothConditionsFromAnyFirstStep(String name, double firstStep) {
    Curve curve = hard(name);
    Point start = curve.start();
    Point found = curve.search(firstStep);

    assertTrue(found.step() > 0);
    assertTrue(found.loss() <= start.loss() + 1e-4 * found.step() * start.slope());
    assertTrue(Math.abs(found.slope()) <= 0.9 * -start.slope());
  }

  @Test
  void aFirstStepThatIsGoodIsTakenAsItIs() {
    Curve parabola = new Curve(t -> (t - 1) * (t - 1), t -> 2 * (t - 1));

    assertEquals(0.5, parabola.search(0.5).step());
    assertEquals(1, parabola.evaluations);
  }

  /** Its minimum is at 1, but a step may only grow tenfold. */
  @ParameterizedTest
  @CsvSource({"0.03125, 0.3125", "2.5, 1", "16, 1"})
  void theSecondTrialGoesToTheMinimumOfAParabola(double firstStep, double second) {
    Curve parabola = new Curve(t -> (t - 1) * (t - 1), t -> 2 * (t - 1));

    assertEquals(second, parabola.search(firstStep).step(), 1e-6); // of a float
    assertEquals(2, parabola.evaluations);
  }

  @Test
  void placesThatAreNotFiniteAreTooFar() {
    Curve cliff =
        new Curve(
            t -> t < 0.3 ? -t + 0.5 * t * t : t < 20 ? Double.NaN : Double.POSITIVE_INFINITY,
            t -> t < 0.3 ? t - 1 : Double.NaN);

    for (double firstStep : new double[] {1, 100}) {
      Point found = cliff.search(firstStep);
      assertTrue(found.step() > 0 && found.step() < 0.3, "step " + found.step());
      assertTrue(found.loss() < 0);
    }
  }

  @Test
  void whatNeverFallsEndsAtTheStart() {
    Curve rising = new Curve(t -> t, t -> -1);
    Line line = new Line(rising, new float[1], new float[] {1}, Parallel.ON_CALLER);
    Point start = rising.start();

    assertSame(start, StrongWolfe.search(line, start, 1));
    assertTrue(rising.evaluations <= 26, rising.evaluations + " evaluations");
  }

  @Test
  void whatFallsForEverEndsAfterTwentySixTrials() {
    Curve falling = new Curve(t -> -t, t -> -1);

    assertTrue(falling.search(1).step() > 1e6);
    assertEquals(26, falling.evaluations);
  }

  @Test
  void theCubicHasItsMinimumWhereTheHandFindsIt() {
    // t³ − 3t has values 0 and 2 and slopes −3 and 9 at 0 and 2, and its minimum at 1.
    Point left = new Point(0, 0, -3, new float[0]);
    Point right = new Point(2, 2, 9, new float[0]);
    assertEquals(1, StrongWolfe.lowest(left, right, 0, 2));
    assertEquals(1, StrongWolfe.lowest(right, left, 0, 2));
    assertEquals(1.5, StrongWolfe.lowest(left, right, 1.5, 2));
    assertEquals(0.5, StrongWolfe.lowest(left, right, 0, 0.5));
    // t³ + 3t has none: slopes 3 and 15, values 0 and 14.
    Point rising = new Point(0, 0, 3, new float[0]);
    assertEquals(0.75, StrongWolfe.lowest(rising, new Point(2, 14, 15, new float[0]), 0.5, 1));
  }
}
