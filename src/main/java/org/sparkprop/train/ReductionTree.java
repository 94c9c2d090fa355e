package org.sparkprop.train;

import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * Adds slice sums along one fixed binary tree over slice numbers, whatever the grouping: node
 * {@code (level, index)} is the sum of slices {@code index · 2^level} to below {@code (index + 1) ·
 * 2^level}, left half plus right half. Floating-point addition is not associative, so the tree, not
 * the cluster, decides the bits.
 *
 * <p>A task adds the slices that it holds and gives the few nodes that cover them; the driver adds
 * those nodes and completes the tree. At most one node a level waits at a time, as in a binary
 * counter.
 */
final class ReductionTree {
  /** Nodes whose siblings have not come yet, the highest level at the bottom of the stack. */
  private final Deque<Node> waiting = new ArrayDeque<>();

  /** The sums of a node. */
  record Node(int level, int index, GradientSums sums) implements Serializable {
    long firstSlice() {
      return (long) index << level;
    }

    private boolean isLeftSiblingOf(Node next) {
      return level == next.level && (index & 1) == 0 && next.index == index + 1;
    }
  }

  /**
   * Adds the sums of one slice; slices must come in ascending order. The sums become the tree's.
   */
  void add(int slice, GradientSums sums) {
    add(new Node(0, slice, sums));
  }

  /** The nodes that cover what was added, ascending. */
  List<Node> nodes() {
    List<Node> nodes = new ArrayList<>();
    waiting.descendingIterator().forEachRemaining(nodes::add);
    return nodes;
  }

  /** The sums of all slices of a round from the nodes of all tasks, in any order. */
  static GradientSums complete(List<Node> nodes) {
    ReductionTree tree = new ReductionTree();
    nodes.stream().sorted(Comparator.comparingLong(Node::firstSlice)).forEach(tree::add);
    // What is left has no right sibling, since the round ends there: add from the right.
    GradientSums sums = tree.waiting.pop().sums();
    while (!tree.waiting.isEmpty()) {
      GradientSums left = tree.waiting.pop().sums();
      left.add(sums);
      sums = left;
    }
    return sums;
  }

  private void add(Node node) {
    Node right = node;
    while (!waiting.isEmpty() && waiting.peek().isLeftSiblingOf(right)) {
      Node left = waiting.pop();
      left.sums().add(right.sums());
      right = new Node(left.level() + 1, left.index() >> 1, left.sums());
    }
    waiting.push(right);
  }
}
