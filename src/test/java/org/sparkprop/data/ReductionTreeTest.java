package org.sparkprop.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The tree of additions, as text: {@code ((0+1)+2)}. */
class ReductionTreeTest {
  private static ReductionTree<StringBuilder> tree() {
    return new ReductionTree<>(
        (left, right) -> left.insert(0, '(').append('+').append(right).append(')'));
  }

  private static List<ReductionTree.Node<StringBuilder>> task(List<Integer> numbers) {
    ReductionTree<StringBuilder> tree = tree();
    numbers.forEach(number -> tree.add(number, new StringBuilder().append(number)));
    return tree.nodes();
  }

  /** Of tasks that hold some neighbours each, and end in any order. */
  private static ReductionTree<StringBuilder> ofTasks(List<Integer> numbers, Random random) {
    List<ReductionTree.Node<StringBuilder>> nodes = new ArrayList<>();
    for (int from = 0; from < numbers.size(); ) {
      int to = from + 1 + random.nextInt(numbers.size() - from);
      nodes.addAll(task(numbers.subList(from, to)));
      from = to;
    }
    Collections.shuffle(nodes, random);
    ReductionTree<StringBuilder> tree = tree();
    tree.addAll(nodes);
    return tree;
  }

  /** The bits of stored models and reports hang on either end. */
  @Test
  void theTwoEndsDifferWhereNumbersAreMissing() {
    for (int trial = 0; trial < 20; trial++) {
      Random random = new Random(trial);
      assertEquals("((0+2)+5)", ofTasks(List.of(0, 2, 5), random).total().toString());
      assertEquals("(0+(2+5))", ofTasks(List.of(0, 2, 5), random).totalFromRight().toString());
      List<Integer> late = List.of(3, 6, 7, 9, 12);
      assertEquals("((3+(6+7))+(9+12))", ofTasks(late, random).total().toString());
      assertEquals("(3+((6+7)+(9+12)))", ofTasks(late, random).totalFromRight().toString());
    }
  }

  @Test
  void withoutGapsBothEndsAreTheTreeForAnyGrouping() {
    Random random = new Random(5);
    assertEquals("(((0+1)+(2+3))+4)", ofTasks(List.of(0, 1, 2, 3, 4), random).total().toString());
    List<Integer> numbers = new ArrayList<>();
    for (int number = 0; number < 40; number++) {
      numbers.add(number);
      ReductionTree<StringBuilder> whole = tree();
      whole.addAll(task(numbers));
      String expected = whole.total().toString();
      for (int trial = 0; trial < 10; trial++) {
        assertEquals(expected, ofTasks(numbers, random).total().toString());
        assertEquals(expected, ofTasks(numbers, random).totalFromRight().toString());
      }
    }
  }
}
