package org.sparkprop.train;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;

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

  private final BiConsumer<Sums, Sums> addition;

  /** A tree that adds as soon as two siblings have come. */
  ReductionTree() {
    this(Sums::add);
  }

  private ReductionTree(BiConsumer<Sums, Sums> addition) {
    this.addition = addition;
  }

  /** The sums of a node. */
  record Node(int level, int index, Sums sums) {
    long firstSlice() {
      return (long) index << level;
    }

    private boolean isLeftSiblingOf(Node next) {
      return level == next.level && (index & 1) == 0 && next.index == index + 1;
    }
  }

  /**
   * The additions that are left to do, in their order: they are the same for each element, so that
   * ranges of elements can go through all of them one after another, or on several threads.
   *
   * @param total where the sum of all slices will be; its loss and rows are there already
   */
  record Completion(Sums total, List<Sums> into, List<Sums> added) {
    /** Does all additions for a range of a vector. */
    void addRange(int vector, int from, int to) {
      for (int i = 0; i < into.size(); i++) {
        into.get(i).addRange(added.get(i), vector, from, to);
      }
    }

    /** Gives all buffers back. */
    void release() {
      added.forEach(Sums::release);
      total.release();
    }
  }

  /**
   * Adds the sums of one slice; slices must come in ascending order. The sums become the tree's.
   */
  void add(int slice, Sums sums) {
    add(new Node(0, slice, sums));
  }

  /** Adds a node, to the right of all that were added. */
  void add(Node node) {
    Node right = node;
    while (!waiting.isEmpty() && waiting.peek().isLeftSiblingOf(right)) {
      Node left = waiting.pop();
      addition.accept(left.sums(), right.sums());
      right = new Node(left.level() + 1, left.index() >> 1, left.sums());
    }
    waiting.push(right);
  }

  /** The nodes that cover what was added, ascending. */
  List<Node> nodes() {
    List<Node> nodes = new ArrayList<>();
    waiting.descendingIterator().forEachRemaining(nodes::add);
    return nodes;
  }

  /** How the nodes of all tasks, in any order, become the sums of all slices of a round. */
  static Completion complete(List<Node> nodes) {
    List<Sums> into = new ArrayList<>();
    List<Sums> added = new ArrayList<>();
    BiConsumer<Sums, Sums> later =
        (left, right) -> {
          left.addCounts(right);
          into.add(left);
          added.add(right);
        };
    ReductionTree tree = new ReductionTree(later);
    nodes.stream().sorted(Comparator.comparingLong(Node::firstSlice)).forEach(tree::add);
    // What is left has no right sibling, since the round ends there: add from the right.
    Sums sums = tree.waiting.pop().sums();
    while (!tree.waiting.isEmpty()) {
      Sums left = tree.waiting.pop().sums();
      later.accept(left, sums);
      sums = left;
    }
    return new Completion(sums, into, added);
  }
}
