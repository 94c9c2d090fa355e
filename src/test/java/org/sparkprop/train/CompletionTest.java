package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sparkprop.data.ReductionTree;
import org.sparkprop.data.ReductionTree.Node;

class CompletionTest {
  /** Numbers of very different size, so that each order of addition gives other bits. */
  private static Sums slice(int number) {
    Random random = new Random(number);
    float[] gradient = new float[5];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(6)));
    }
    return new Sums(
        new float[][] {gradient}, random.nextGaussian() * 1e3, 1 + number % 7, 1 + number % 7);
  }

  /** The definition: left half plus right half, where a half is the largest power of two below. */
  private static Sums definition(int from, int to) {
    if (to - from == 1) {
      return slice(from);
    }
    int half = Integer.highestOneBit(to - from - 1);
    Sums sums = definition(from, from + half);
    sums.add(definition(from + half, to));
    return sums;
  }

  private static List<Node<Sums>> task(int from, int to) {
    ReductionTree<Sums> tree = new ReductionTree<>(Sums::add);
    for (int number = from; number < to; number++) {
      tree.add(number, slice(number));
    }
    return tree.nodes();
  }

  @Test
  void theSumIsTheTreeOfItsDefinitionForAnyGrouping() {
    Random random = new Random(3);
    for (int slices = 1; slices <= 40; slices++) {
      Sums expected = definition(0, slices);
      for (int trial = 0; trial < 20; trial++) {
        List<Node<Sums>> nodes = new ArrayList<>();
        int from = 0;
        while (from < slices) {
          int to = from + 1 + random.nextInt(slices - from);
          nodes.addAll(task(from, to));
          from = to;
        }
        Collections.shuffle(nodes, random); // tasks end in any order

        Completion sums = Completion.of(nodes);
        sums.addRange(0, 2, 5); // any ranges, in any order
        sums.addRange(0, 0, 2);

        assertArrayEquals(expected.vectors()[0], sums.total().vectors()[0], 0f);
        assertEquals(expected.loss(), sums.total().loss());
        assertEquals(expected.rows(), sums.total().rows());
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
    Sums sums = new Sums(new float[][] {{6, -3}}, 0, 2, 2);
    sums.add(new Sums(new float[][] {{3, 3}}, 0, 1, 1));
    sums.divideRange(3, 0, 0, 2);

    assertArrayEquals(new float[] {3, 0}, sums.vectors()[0], 0f);
  }
}
