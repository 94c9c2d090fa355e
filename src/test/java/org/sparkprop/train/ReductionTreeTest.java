package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sparkprop.train.ReductionTree.Node;

class ReductionTreeTest {
  /** Numbers of very different size, so that each order of addition gives other bits. */
  private static GradientSums slice(int number) {
    Random random = new Random(number);
    float[] gradient = new float[5];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(6)));
    }
    return new GradientSums(gradient, random.nextGaussian() * 1e3, 1 + number % 7);
  }

  /** The definition: left half plus right half, where a half is the largest power of two below. */
  private static GradientSums definition(int from, int to) {
    if (to - from == 1) {
      return slice(from);
    }
    int half = Integer.highestOneBit(to - from - 1);
    GradientSums sums = definition(from, from + half);
    sums.add(definition(from + half, to));
    return sums;
  }

  private static List<Node> task(int from, int to) {
    ReductionTree tree = new ReductionTree();
    for (int number = from; number < to; number++) {
      tree.add(number, slice(number));
    }
    return tree.nodes();
  }

  @Test
  void theSumIsTheTreeOfItsDefinitionForAnyGrouping() {
    Random random = new Random(3);
    for (int slices = 1; slices <= 40; slices++) {
      GradientSums expected = definition(0, slices);
      float[] expectedMean = expected.toMeanGradient();
      for (int trial = 0; trial < 20; trial++) {
        List<Node> nodes = new ArrayList<>();
        int from = 0;
        while (from < slices) {
          int to = from + 1 + random.nextInt(slices - from);
          nodes.addAll(task(from, to));
          from = to;
        }
        Collections.shuffle(nodes, random); // tasks end in any order

        GradientSums sums = ReductionTree.complete(nodes);

        assertArrayEquals(expectedMean, sums.toMeanGradient(), 0f);
        assertEquals(expected.loss(), sums.loss());
        assertEquals(expected.rows(), sums.rows());
      }
    }
  }

  @Test
  void aTaskReturnsFewNodes() {
    for (int from = 0; from < 64; from++) {
      for (int to = from + 1; to <= 200; to++) {
        // Two a level at most: on the way up and on the way down.
        int most = 2 * (32 - Integer.numberOfLeadingZeros(to - from));
        assertTrue(task(from, to).size() <= most);
      }
    }
    assertEquals(1, task(0, 64).size());
    assertEquals(1, task(64, 128).size());
  }

  @Test
  void theMeanIsTakenByRows() {
    GradientSums sums = new GradientSums(new float[] {6, -3}, 0, 2);
    sums.add(new GradientSums(new float[] {3, 3}, 0, 1));

    assertArrayEquals(new float[] {3, 0}, sums.toMeanGradient(), 0f);
  }
}
