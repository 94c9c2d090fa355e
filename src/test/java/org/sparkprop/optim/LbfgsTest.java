package org.sparkprop.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Topology;
import org.sparkprop.optim.Lbfgs.Status;

class LbfgsTest {
  private static final Parallel HERE = Parallel.ON_CALLER;

  /** Of numbers near 1, after some ten roundings of a float (6e-8 each). */
  private static final double FLOAT = 6e-7;

  /** (x² + 4 y²) / 8 */
  private static double bowl(float[] at, float[] gradient) {
    gradient[0] = at[0] / 4;
    gradient[1] = at[1];
    return ((double) at[0] * at[0] + 4.0 * at[1] * at[1]) / 8;
  }

  /** 100 (y − x²)² + (1 − x)², Rosenbrock 1960: a bent valley, with its minimum at (1, 1). */
  private static double valley(float[] at, float[] gradient) {
    double x = at[0];
    double y = at[1];
    gradient[0] = (float) (-400 * x * (y - x * x) - 2 * (1 - x));
    gradient[1] = (float) (200 * (y - x * x));
    return 100 * (y - x * x) * (y - x * x) + (1 - x) * (1 - x);
  }

  /** Its first slope is no number, though the loss is one. */
  @Test
  void aFirstPlaceWithoutAGradientHasNoLoss() {
    Lbfgs lbfgs = lbfgs(10);
    Objective broken =
        (at, gradient) -> {
          gradient[1] = Float.NaN;
          return 3;
        };

    lbfgs.iterate(broken, new float[] {1, 1}, HERE);

    assertTrue(Double.isNaN(lbfgs.objective()));
  }

  private static Lbfgs lbfgs(int history) {
    return lbfgs(history, 1, 1e-7);
  }

  private static Lbfgs lbfgs(int history, double rate, double tolerance) {
    return lbfgs(rate, Map.of("history", (double) history, "tolerance", tolerance));
  }

  /** For one weight and one bias. */
  private static Lbfgs lbfgs(double rate, Map<String, Double> given) {
    Topology topology = Topology.of(1, LayerSpec.parseList("1"));
    return (Lbfgs) OptimizerSettings.of(UpdateRule.of("lbfgs"), rate, given).minimizer(topology);
  }

  /** Iterates to the end. */
  private static Status run(Lbfgs lbfgs, Objective objective, float[] parameters) {
    Status progress = Status.GOES_ON;
    while (!progress.isEnd()) {
      progress = lbfgs.iterate(objective, parameters, HERE);
      assertTrue(lbfgs.steps() < 200, "it does not end");
    }
    return progress;
  }

  @Test
  void twoIterationsMatchTheHand() {
    // At (4, 1) the gradient is (1, 1), so the first step is 1/2 of (−1, −1).
    Lbfgs lbfgs = lbfgs(10);
    float[] parameters = {4, 1};
    assertEquals(Status.GOES_ON, lbfgs.iterate(LbfgsTest::bowl, parameters, HERE));
    assertArrayEquals(new float[] {3.5f, 0.5f}, parameters);
    assertEquals(53 / 32., lbfgs.objective());

    // s = (−1/2, −1/2), y = (−1/8, −1/2), s'y = 5/16, y'y = 17/64, and q = −(7/8, 1/2):
    // alpha = s'q / s'y = 11/5           q − alpha y = (−3/5, 3/5)
    // times s'y / y'y = 20/17            r = (−12/17, 12/17)
    // beta = y'r / s'y = −72/85          r + (alpha − beta) s = (−379/170, −139/170)
    lbfgs.iterate(LbfgsTest::bowl, parameters, HERE);
    assertEquals(108 / 85., parameters[0], FLOAT);
    assertEquals(-27 / 85., parameters[1], FLOAT);
  }

  @Test
  void aScaleForEachTensorMatchesTheHand() {
    // As above, but for |s| / |y| of each in place of s'y / y'y: 4 and 1, the inverse of this very
    // Hessian. r = (−12/5, 3/5), beta = 0, r + alpha s = (−7/2, −1/2), which is the way to the end.
    Lbfgs lbfgs = lbfgs(1, Map.of("layerwise", 1.0));
    float[] parameters = {4, 1};
    lbfgs.iterate(LbfgsTest::bowl, parameters, HERE);
    lbfgs.iterate(LbfgsTest::bowl, parameters, HERE);
    assertEquals(0, parameters[0], FLOAT);
    assertEquals(0, parameters[1], FLOAT);
  }

  @Test
  void anotherObjectiveIsAskedWhereTheLastHasLed() {
    // The bowl, moved up by 7: the same way, and one question more.
    List<List<Float>> asked = new ArrayList<>();
    Objective moved =
        (parameters, gradient) -> {
          asked.add(List.of(parameters[0], parameters[1]));
          return bowl(parameters, gradient) + 7;
        };
    Lbfgs expected = lbfgs(10);
    float[] end = {4, 1};
    expected.iterate(LbfgsTest::bowl, end, HERE);
    float[] between = end.clone();
    expected.iterate(LbfgsTest::bowl, end, HERE);

    Lbfgs lbfgs = lbfgs(10);
    float[] parameters = {4, 1};
    lbfgs.iterate(LbfgsTest::bowl, parameters, HERE);
    lbfgs.objectiveChanges();
    lbfgs.iterate(moved, parameters, HERE);

    assertEquals(List.of(between[0], between[1]), asked.get(0));
    assertArrayEquals(end, parameters);
    assertEquals(expected.objective() + 7, lbfgs.objective(), FLOAT);
    assertEquals(2, lbfgs.steps());
  }

  @Test
  void theRateIsAFactorOfTheFirstTrial() {
    float[] parameters = {4, 1};
    lbfgs(10, 0.5, 1e-7).iterate(LbfgsTest::bowl, parameters, HERE);
    assertArrayEquals(new float[] {3.75f, 0.75f}, parameters);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 1000})
  void theEndOfRosenbrocksValleyIsFound(int history) {
    Lbfgs lbfgs = lbfgs(history);
    float[] parameters = {-1.2f, 1};

    run(lbfgs, LbfgsTest::valley, parameters);

    // Where a float is rounded at 1 the loss changes by some 1e-12, far below its tolerance; the
    // valley is so flat that a loss of 1e-8 is 1e-4 from the end.
    assertEquals(1, parameters[0], 1e-3);
    assertEquals(1, parameters[1], 2e-3);
    assertTrue(lbfgs.steps() > 10);
    assertTrue(lbfgs.vectors().size() <= 1 + 2 * history);
  }

  @Test
  void nobodyAsksTwiceForTheSameParameters() {
    Set<List<Float>> asked = new HashSet<>();
    run(
        lbfgs(10),
        (parameters, gradient) -> {
          assertTrue(asked.add(List.of(parameters[0], parameters[1])), "asked twice");
          return valley(parameters, gradient);
        },
        new float[] {-1.2f, 1});
    assertTrue(asked.size() > 20);
  }

  @Test
  void aStartAtTheMinimumIsTheEnd() {
    int[] evaluations = {0};
    float[] parameters = {1, 1};
    Lbfgs lbfgs = lbfgs(10);

    Status progress =
        lbfgs.iterate(
            (at, gradient) -> {
              evaluations[0]++;
              return valley(at, gradient);
            },
            parameters,
            HERE);

    assertEquals(Status.FLAT, progress);
    assertEquals(1, evaluations[0]);
    assertEquals(0, lbfgs.steps());
    assertArrayEquals(new float[] {1, 1}, parameters);
  }

  @Test
  void theToleranceEndsFlatPlacesAndSmallChanges() {
    // The first step leads from (4, 1) to (7/2, 1/2): gradient (7/8, 1/2), loss 27/32 less.
    assertEquals(Status.FLAT, firstOf(LbfgsTest::bowl, 0.875));
    assertEquals(Status.UNCHANGED, firstOf(LbfgsTest::bowl, 0.5));
    assertEquals(Status.GOES_ON, firstOf(LbfgsTest::bowl, 0.49));
    // A quarter of the bowl leads to (15/4, 3/4): gradient (15/64, 3/16), loss 59/512 less.
    assertEquals(Status.UNCHANGED, firstOf(LbfgsTest::shallowBowl, 59 / 512.));
    assertEquals(Status.GOES_ON, firstOf(LbfgsTest::shallowBowl, 58 / 512.));
  }

  private static double shallowBowl(float[] at, float[] gradient) {
    double loss = bowl(at, gradient);
    Vectors.multiply(gradient, 0.25, HERE);
    return loss / 4;
  }

  private static Status firstOf(Objective objective, double tolerance) {
    return lbfgs(10, 1, tolerance).iterate(objective, new float[] {4, 1}, HERE);
  }

  @Test
  void whatNeverFallsEndsWhereItStarted() {
    double[] loss = {0};
    float[] parameters = {4, 1};

    Status progress =
        lbfgs(10)
            .iterate(
                (at, gradient) -> {
                  Arrays.fill(gradient, 1);
                  return loss[0]++;
                },
                parameters,
                HERE);

    assertEquals(Status.NO_DECREASE, progress);
    assertArrayEquals(new float[] {4, 1}, parameters);
    assertTrue(loss[0] <= 27, loss[0] + " evaluations");
  }

  @Test
  void aLossThatIsNoNumberIsForTheCallerToSee() {
    Lbfgs lbfgs = lbfgs(10);
    float[] parameters = {4, 1};

    Status progress =
        lbfgs.iterate(
            (at, gradient) -> {
              Arrays.fill(gradient, Float.NaN);
              return Double.NaN;
            },
            parameters,
            HERE);

    assertEquals(Status.NO_DECREASE, progress);
    assertTrue(Double.isNaN(lbfgs.objective()));
    assertArrayEquals(new float[] {4, 1}, parameters);
  }

  @Test
  void aHistoryThatIsNeverFullChangesNothing() {
    assertArrayEquals(afterTwelve(lbfgs(12)), afterTwelve(lbfgs(100)));
    assertFalse(Arrays.equals(afterTwelve(lbfgs(2)), afterTwelve(lbfgs(100))));
  }

  private static float[] afterTwelve(Lbfgs lbfgs) {
    float[] parameters = {-1.2f, 1};
    for (int i = 0; i < 12; i++) {
      lbfgs.iterate(LbfgsTest::valley, parameters, HERE);
    }
    return parameters;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
  void whatIsRememberedIsEnoughToGoOn(int iterations) {
    Lbfgs first = lbfgs(4);
    float[] parameters = {-1.2f, 1};
    for (int i = 0; i < iterations; i++) {
      first.iterate(LbfgsTest::valley, parameters, HERE);
    }
    List<float[]> copies = new ArrayList<>();
    first.vectors().forEach(vector -> copies.add(vector.clone()));
    Lbfgs second = lbfgs(4);
    second.resume(copies, first.objective(), first.steps());
    for (int i = iterations; i < 12; i++) {
      second.iterate(LbfgsTest::valley, parameters, HERE);
    }

    assertArrayEquals(afterTwelve(lbfgs(4)), parameters);
  }

  /** Blocks in the opposite order, as threads may run them. */
  private static final Parallel BACKWARDS =
      (length, block, body) -> {
        for (int at = (length - 1) / block * block; at >= 0; at -= block) {
          body.run(at, Math.min(length, at + block));
        }
      };

  @Test
  void theOrderOfTheBlocksChangesNoBit() {
    float[] forwards = longBowl(HERE);

    assertArrayEquals(forwards, longBowl(BACKWARDS));
    assertTrue(Math.abs(forwards[4999]) < 0.1, "it went down");
  }

  /** Six iterations down Σ (i + 1) x² / 5000, from 1 everywhere. */
  private static float[] longBowl(Parallel parallel) {
    float[] parameters = new float[5000];
    Arrays.fill(parameters, 1);
    Lbfgs lbfgs = lbfgs(10);
    for (int i = 0; i < 6; i++) {
      lbfgs.iterate(LbfgsTest::longBowl, parameters, parallel);
    }
    return parameters;
  }

  private static double longBowl(float[] at, float[] gradient) {
    double loss = 0;
    for (int i = 0; i < at.length; i++) {
      gradient[i] = (i + 1) * at[i] / 2500;
      loss += (i + 1) * (double) at[i] * at[i] / 5000;
    }
    return loss;
  }
}
