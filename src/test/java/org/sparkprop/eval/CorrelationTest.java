package org.sparkprop.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Matthews' correlation and Cohen's kappa where they divide by little or by nothing, and of very
 * many rows. {@link SklearnTest} has the ordinary cases.
 */
class CorrelationTest {
  /** A few roundings of double, in another order. */
  private static final double DOUBLE = 4e-15;

  private static ClassFigures of(int classes, String truth, String predicted, double... weights) {
    ClassFigures figures = new ClassFigures(classes);
    for (int row = 0; row < truth.length(); row++) {
      double weight = weights.length == 0 ? 1 : weights[row];
      figures.add(truth.charAt(row) - '0', predicted.charAt(row) - '0', false, 0, 0, weight);
    }
    return figures;
  }

  /**
   * The answers are those of scikit-learn 1.2.1, a line each:
   *
   * <pre>python3 -c 'from sklearn.metrics import *; import sys
   * t, p = map(list, sys.argv[1:]); print(matthews_corrcoef(t, p), cohen_kappa_score(t, p))' 000 010
   * </pre>
   */
  @ParameterizedTest
  @CsvSource({
    "000, 000, 0, NaN",
    "000, 010, 0, 0",
    "010, 000, 0, 0",
    "000, 111, 0, 0",
    "012, 012, 1, 1",
    "0101, 1010, -1, -1",
    "01201222, 02100221, 0.2439750182371333, 0.23809523809523814",
  })
  void borderCasesAreThoseOfScikitLearn(String truth, String predicted, double mcc, double kappa) {
    ClassFigures figures = of(3, truth, predicted);

    assertEquals(mcc, figures.mcc(), DOUBLE);
    assertEquals(kappa, figures.kappa(), DOUBLE);
  }

  /** As above, with {@code sample_weight=[1, 2, 0]}: 0.0 and nan. */
  @Test
  void aClassWhoseRowsWeighNothingDoesNotOccur() {
    ClassFigures figures = of(2, "001", "001", 1, 2, 0);

    assertEquals(0, figures.mcc());
    assertEquals(Double.NaN, figures.kappa());
  }

  @Test
  void withoutRowsThereIsNeither() {
    ClassFigures figures = new ClassFigures(2);

    assertEquals(Double.NaN, figures.mcc());
    assertEquals(Double.NaN, figures.kappa());
  }

  /** As above, with {@code sample_weight=[9e11, 1e10, 2e10, 7e10]}. */
  @Test
  void aMillionMillionRowsAreAsGoodAsFew() {
    ClassFigures figures = of(2, "0011", "0101", 9e11, 1e10, 2e10, 7e10);

    assertEquals(0.8088701069535345, figures.mcc(), DOUBLE);
    assertEquals(0.8071979434447301, figures.kappa(), DOUBLE);
  }

  /**
   * A handful of rows among 10^12. The answers are of whole numbers without end: {@code c = trace ·
   * s − Σ t p; c / sqrt((s² − Σ p²) (s² − Σ t²)), c / (s² − Σ t p)} in Python, with {@code Decimal}
   * of 50 digits. In double the same formulas, which are scikit-learn's for mcc, give 0.559013 for
   * the first.
   */
  @Test
  void rareClassesAmongVeryManyRowsLoseNoDigits() {
    ClassFigures found = of(2, "0011", "0101", 1e12 - 13, 3, 5, 5);
    assertEquals(0.5590169943710344, found.mcc(), DOUBLE);
    assertEquals(0.555555555551605, found.kappa(), DOUBLE);

    ClassFigures missed = of(2, "001", "010", 1e12 - 18, 8, 10);
    assertEquals(-8.944271910079657e-12, missed.mcc(), DOUBLE * 1e-11);
    assertEquals(-8.888888888967901e-12, missed.kappa(), DOUBLE * 1e-11);

    ClassFigures three = of(3, "00011122", "01201212", 1e12 - 26, 3, 4, 5, 5, 1, 2, 6);
    assertEquals(0.6257827178966824, three.mcc(), DOUBLE);
    assertEquals(0.6249999999944031, three.kappa(), DOUBLE);
  }

  /** The largest weights that a float holds, and the smallest: products of four leave a double. */
  @Test
  void neitherHugeNorTinyWeightsChangeThem() {
    for (double unit : new double[] {Float.MAX_VALUE * 1e12, Float.MIN_VALUE}) {
      ClassFigures figures = of(2, "0011", "0101", 9 * unit, unit, 2 * unit, 7 * unit);
      ClassFigures ones = of(2, "0011", "0101", 9, 1, 2, 7);
      assertEquals(ones.mcc(), figures.mcc(), DOUBLE);
      assertEquals(ones.kappa(), figures.kappa(), DOUBLE);
    }
  }
}
