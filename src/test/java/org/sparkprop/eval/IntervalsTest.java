package org.sparkprop.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class IntervalsTest {
  /** A matrix of classes with so many rows that are right and wrong. */
  private static ConfusionMatrix matrix(int[] right, int[] wrong) {
    ConfusionMatrix matrix = new ConfusionMatrix(right.length);
    for (int label = 0; label < right.length; label++) {
      for (int i = 0; i < right[label]; i++) {
        matrix.add(label, label);
      }
      for (int i = 0; i < wrong[label]; i++) {
        matrix.add(label, (label + 1) % right.length);
      }
    }
    return matrix;
  }

  private static List<Double> balanced(ConfusionMatrix matrix) {
    return Objects.requireNonNull(Intervals.ofBalancedAccuracy(matrix));
  }

  @Test
  void theIntervalOfAShareIsWilsons() {
    // 81 of 263: Newcombe 1998, table I: 0.2553 to 0.3662
    List<Double> interval = Objects.requireNonNull(Intervals.ofShare(81, 263));
    assertEquals(0.2553, interval.get(0), 5e-5);
    assertEquals(0.3662, interval.get(1), 5e-5);
    // and for 0 of 20: 0 to 0.1611
    interval = Objects.requireNonNull(Intervals.ofShare(0, 20));
    assertEquals(0.0, interval.get(0), 1e-9);
    assertEquals(0.1611, interval.get(1), 5e-5);
  }

  @Test
  void theIntervalOfTheBalancedAccuracyIsThatOfADifferenceOfTwoShares() {
    // Newcombe 1998b, table II, method 10: 56/70 − 48/80 is from 0.0524 to 0.3339. The recalls
    // 56/70
    // and 32/80 have a mean of (1 + 56/70 − 48/80) / 2.
    List<Double> interval = balanced(matrix(new int[] {56, 32}, new int[] {14, 48}));

    assertEquals((1 + 0.0524) / 2, interval.get(0), 3e-5);
    assertEquals((1 + 0.3339) / 2, interval.get(1), 3e-5);
  }

  @Test
  void whereAllIsRightTheIntervalStillHasALength() {
    List<Double> interval = balanced(matrix(new int[] {10, 5, 8}, new int[] {0, 0, 0}));

    assertTrue(interval.get(0) < 0.9, interval.toString());
    assertEquals(1, interval.get(1), 1e-12);
  }

  @Test
  void withOneClassItIsThatOfTheAccuracy() {
    ConfusionMatrix matrix = matrix(new int[] {0, 81, 0}, new int[] {0, 182, 0});

    List<Double> accuracy = Objects.requireNonNull(Intervals.ofShare(81, 263));
    assertEquals(accuracy.get(0), balanced(matrix).get(0), 1e-12);
    assertEquals(accuracy.get(1), balanced(matrix).get(1), 1e-12);
  }

  @Test
  void withoutRowsThereIsNone() {
    assertNull(Intervals.ofShare(0, 0));
    assertNull(Intervals.ofBalancedAccuracy(new ConfusionMatrix(2)));
  }
}
