package org.sparkprop.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.optim.TorchRates.OfCurve;

class LearningRateScheduleTest {
  /** Of the rate: a few roundings of a double, and those of PyTorch, which multiplies its way. */
  private static final double DOUBLE = 1e-12;

  private static OptimizerSettings settings(
      double rate, String curve, ScheduleUnit unit, int warmup) {
    return OptimizerSettings.of(UpdateRule.of("sgd"), rate, Map.of())
        .withSchedule(new LearningRateSchedule(RateCurve.parse(curve), unit, warmup));
  }

  private static double[] rates(String curve, ScheduleUnit unit, int warmup, RunLength run) {
    OptimizerSettings settings = settings(1, curve, unit, warmup);
    return IntStream.range(0, (int) run.steps())
        .mapToDouble(step -> settings.rateAt(step, run))
        .toArray();
  }

  private static void assertRates(double[] found, double... expected) {
    assertArrayEquals(expected, found, DOUBLE);
  }

  @Test
  void ratesOfEpochsAreThoseOfPyTorch() throws IOException {
    TorchRates torch = TorchRates.read();
    assertEquals(10, torch.curves().size());
    for (OfCurve expected : torch.curves()) {
      OptimizerSettings settings = settings(torch.rate(), expected.curve(), ScheduleUnit.EPOCH, 0);
      RunLength run = new RunLength(3, expected.units());
      for (int step = 0; step < run.steps(); step++) {
        double rate = expected.rates().get(Math.floorDiv(step, 3));
        assertEquals(
            rate,
            settings.rateAt(step, run),
            DOUBLE * torch.rate(),
            expected.curve() + " in step " + step);
      }
    }
  }

  @Test
  void ratesOfRoundsAreThoseOfPyTorch() throws IOException {
    TorchRates torch = TorchRates.read();
    for (OfCurve expected : torch.curves()) {
      OptimizerSettings settings = settings(torch.rate(), expected.curve(), ScheduleUnit.ROUND, 0);
      RunLength run = new RunLength(expected.units(), 1);
      for (int step = 0; step < run.steps(); step++) {
        assertEquals(
            expected.rates().get(step),
            settings.rateAt(step, run),
            DOUBLE * torch.rate(),
            expected.curve() + " in step " + step);
      }
    }
  }

  @Test
  void roundsOfAllEpochsAreOneCurve() {
    assertRates(
        rates("step(2, 0.5)", ScheduleUnit.ROUND, 0, new RunLength(3, 2)),
        1,
        1,
        0.5,
        0.5,
        0.25,
        0.25);
  }

  @Test
  void theWarmupRisesFromStepToStepAndTheCurveFollows() {
    // 2 epochs of 3 steps: sixths; then the curve from its first unit.
    assertRates(
        rates("exponential(0.5)", ScheduleUnit.EPOCH, 2, new RunLength(3, 4)),
        1 / 6.,
        2 / 6.,
        3 / 6.,
        4 / 6.,
        5 / 6.,
        1,
        1,
        1,
        1,
        0.5,
        0.5,
        0.5);
    assertRates(
        rates("exponential(0.5)", ScheduleUnit.ROUND, 2, new RunLength(3, 2)),
        0.5,
        1,
        1,
        0.5,
        0.25,
        0.125);
  }

  /** Of five units one is warm-up, so the cosine has four: 1, (1 + √½) / 2, 1/2, (1 − √½) / 2. */
  @Test
  void theCosineHasTheUnitsThatTheWarmupLeaves() {
    double root = Math.sqrt(0.5);
    assertRates(
        rates("cosine", ScheduleUnit.EPOCH, 1, new RunLength(1, 5)),
        1,
        1,
        (1 + root) / 2,
        0.5,
        (1 - root) / 2);
  }

  @Test
  void theWarmupOfOneCycleEndsWhereItsCycleBegins() {
    double[] rates = rates("one-cycle(0.5)", ScheduleUnit.ROUND, 2, new RunLength(8, 1));
    assertEquals(0.02, rates[0], DOUBLE);
    assertEquals(0.04, rates[1], DOUBLE);
    assertEquals(0.04, rates[2], DOUBLE);
    assertEquals(1, rates[4], DOUBLE); // rising · 6 − 1 = 2 units after
    assertEquals(4e-6, rates[7], DOUBLE);
  }

  /** As of a worker whose measured rounds are more than the run has. */
  @Test
  void stepsAfterTheEndAreAsTheLast() {
    for (String curve : new String[] {"cosine", "one-cycle", "step(2, 0.1)", "constant"}) {
      for (ScheduleUnit unit : ScheduleUnit.values()) {
        OptimizerSettings settings = settings(1, curve, unit, 1);
        RunLength run = new RunLength(4, 3);
        assertEquals(settings.rateAt(11, run), settings.rateAt(12, run));
        assertEquals(settings.rateAt(11, run), settings.rateAt(1L << 60, run));
      }
    }
  }

  @Test
  void aRunOfOneUnitHasTheWholeRate() {
    for (String curve : new String[] {"cosine", "one-cycle", "step(1, 0.1)", "exponential(0.1)"}) {
      assertRates(rates(curve, ScheduleUnit.EPOCH, 0, new RunLength(2, 1)), 1, 1);
    }
  }

  @Test
  void theRateOfAConstantScheduleIsTheGivenOneToTheLastBit() {
    OptimizerSettings settings = settings(0.1, "constant", ScheduleUnit.EPOCH, 0);
    assertEquals(0.1, settings.rateAt(17, new RunLength(5, 10)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "constant",
        "step(30, 0.1)",
        "exponential(0.95)",
        "cosine",
        "cosine(0.01)",
        "one-cycle(0.3)",
        "plateau(0.1, 5)"
      })
  void curvesReadBackAsTheyArePrinted(String text) {
    assertEquals(text, CurveParser.parse(text).toString());
    assertEquals(
        CurveParser.parse(text), CurveParser.parse(" " + text.toUpperCase(Locale.ROOT) + " "));
  }

  @Test
  void numbersThatNeedNotBeGiven() {
    assertEquals(new RateCurve.Cosine(0), CurveParser.parse("cosine(0)"));
    assertEquals(new RateCurve.OneCycle(0.3), CurveParser.parse("one-cycle"));
    assertEquals(new RateCurve.Step(30, 0.1), CurveParser.parse("step(30,.1)"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "step(0, 0.1) | step(0, 0.1) (the number of units must be > 0)",
        "step(-3, 0.1) | step(-3, 0.1) (the number of units must be > 0)",
        "step(3, 0) | step(3, 0.0) (the factor must be > 0 and <= 1)",
        "step(3, NaN) | step(3, NaN) (the factor must be > 0 and <= 1)",
        "exponential(1.1) | exponential(1.1) (the factor must be > 0 and <= 1)",
        "exponential(0) | exponential(0.0) (the factor must be > 0 and <= 1)",
        "cosine(1.5) | cosine(1.5) (the share at the end must be >= 0 and <= 1)",
        "cosine(-0.1) | cosine(-0.1) (the share at the end must be >= 0 and <= 1)",
        "cosine(NaN) | cosine(NaN) (the share at the end must be >= 0 and <= 1)",
        "one-cycle(0) | one-cycle(0.0) (the rising share must be > 0 and < 1)",
        "one-cycle(1) | one-cycle(1.0) (the rising share must be > 0 and < 1)",
        "plateau(1, 5) | plateau(1.0, 5) (the factor must be > 0 and < 1)",
        "plateau(0, 5) | plateau(0.0, 5) (the factor must be > 0 and < 1)",
        "plateau(0.1, 0) | plateau(0.1, 0) (the number of epochs must be > 0)",
      })
  void numbersOutOfBoundsAreRefused(String text, String message) {
    assertEquals("Invalid schedule: " + message, refusal(text, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "linear",
        "step",
        "step(30)",
        "step(30, 0.1, 2)",
        "step(1.5, 0.1)",
        "step(x, 0.1)",
        "step(99999999999, 0.1)",
        "cosine()",
        "cosine(a)",
        "constant(1)",
        "cosine(0.1",
        "plateau"
      })
  void whatIsNoScheduleIsRefusedWithTheForms(String text) {
    assertEquals(
        "Invalid schedule: "
            + text
            + " (must be constant, step(30, 0.1), exponential(0.95), cosine, cosine(0.01), one-cycle, one-cycle(0.3) or plateau(0.1, 5))",
        refusal(text, 0));
  }

  @Test
  void aWarmupThatCannotBeIsRefused() {
    assertEquals("Invalid warm-up: -1 (must be >= 0)", refusal("cosine", -1));
    assertEquals(
        "Invalid warm-up: 9223372036854775807 (must be <= 1000000000)",
        refusal("cosine", Long.MAX_VALUE));
  }

  private static String refusal(String curve, long warmup) {
    return String.valueOf(
        assertThrows(
                IllegalArgumentException.class,
                () -> new LearningRateSchedule(RateCurve.parse(curve), ScheduleUnit.EPOCH, warmup))
            .getMessage());
  }

  @ParameterizedTest
  @CsvSource({"epoch, EPOCH", "round, ROUND", "' Round ', ROUND"})
  void wordNamesTheUnit(String word, ScheduleUnit unit) {
    assertEquals(unit, ScheduleUnit.of(word));
  }

  @Test
  void unknownUnitIsRefused() {
    assertEquals(
        "Invalid schedule unit: step (must be one of epoch, round)",
        assertThrows(IllegalArgumentException.class, () -> ScheduleUnit.of("step")).getMessage());
  }
}
