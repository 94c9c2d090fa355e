package org.sparkprop.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
  /** Truth in rows: (5, 1, 0), (2, 3, 0), (0, 0, 0). */
  private static ConfusionMatrix example() {
    ConfusionMatrix matrix = new ConfusionMatrix(3);
    for (int i = 0; i < 5; i++) {
      matrix.add(0, 0);
    }
    matrix.add(0, 1);
    matrix.add(1, 0);
    matrix.add(1, 0);
    for (int i = 0; i < 3; i++) {
      matrix.add(1, 1);
    }
    return matrix;
  }

  @Test
  void figuresAreThoseWorkedByHand() {
    ConfusionMatrix matrix = example();

    assertEquals(11, matrix.rows());
    assertEquals(8, matrix.hits());
    assertEquals(6, matrix.rowsOf(0));
    assertEquals(7, matrix.predictedAs(0));
    assertEquals(8 / 11.0, matrix.accuracy());
    assertEquals(5 / 7.0, matrix.precision(0));
    assertEquals(5 / 6.0, matrix.recall(0));
    // 2 · (5/7 · 5/6) / (5/7 + 5/6) = 10/13
    assertEquals(10 / 13.0, matrix.f1(0), 1e-15);
  }

  @Test
  void aClassThatIsNeitherThereNorPredictedHasNoFigures() {
    ConfusionMatrix matrix = example();

    assertTrue(Double.isNaN(matrix.precision(2)));
    assertTrue(Double.isNaN(matrix.recall(2)));
    assertTrue(Double.isNaN(matrix.f1(2)));
  }

  @Test
  void partsAddUp() {
    ConfusionMatrix matrix = example();
    matrix.add(example());

    assertEquals(22, matrix.rows());
    assertEquals(4, matrix.count(1, 0));
    assertEquals(8 / 11.0, matrix.accuracy());
  }

  @Test
  void manyClassesAreCountedAsInAPlainTable() {
    int classes = 300;
    long[][] table = new long[classes][classes];
    ConfusionMatrix left = new ConfusionMatrix(classes);
    ConfusionMatrix right = new ConfusionMatrix(classes);
    Random random = new Random(5);
    for (int row = 0; row < 20_000; row++) {
      int truth = random.nextInt(classes);
      int predicted = random.nextInt(classes);
      table[truth][predicted]++;
      (row % 3 == 0 ? left : right).add(truth, predicted);
    }
    left.add(right);

    for (int truth = 0; truth < classes; truth++) {
      assertEquals(Arrays.stream(table[truth]).sum(), left.rowsOf(truth));
      for (int predicted = 0; predicted < classes; predicted++) {
        assertEquals(table[truth][predicted], left.count(truth, predicted));
      }
    }
  }
}
