package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Adds numbered sums along one fixed binary tree over the numbers, whatever the grouping: node
 * {@code (level, index)} is of the numbers {@code index · 2^level} to below {@code (index + 1) ·
 * 2^level}, left half plus right half. Floating-point addition is not associative, so the tree, not
 * the cluster, decides the bits.
 *
 * <p>A task adds the sums that it holds and gives the few nodes that cover them; the driver adds
 * those nodes and ends the tree. At most one node a level waits at a time, as in a binary counter.
 *
 * <p>There are two ends. They differ only where numbers are missing: of 0, 2 and 5, {@link #total}
 * is (0 + 2) + 5, and {@link #totalFromRight} is 0 + (2 + 5). Counts of shards end in the first way
 * and sums of rounds in the second, and both stay, since results of before have their bits.
 *
 * @param <T> what is added
 */
public final class ReductionTree<T> {
  /** Nodes whose siblings have not come yet, the last added on top. */
  private final Deque<Node<T>> waiting = new ArrayDeque<>();

  private final BiConsumer<T, T> addition;

  /**
   * @param addition adds the second, which is to the right, into the first
   */
  public ReductionTree(BiConsumer<T, T> addition) {
    this.addition = addition;
  }

  /** The sum of the numbers below a node. */
  @DefaultSerializer(JavaSerializer.class)
  public record Node<T>(int level, int index, T sum) implements Serializable {
    /** The first number that it may be of. */
    public long first() {
      return (long) index << level;
    }

    private Node<T> parent() {
      return new Node<>(level + 1, index >> 1, sum);
    }

    private boolean isLeftSiblingOf(Node<T> next) {
      return level == next.level && (index & 1) == 0 && next.index == index + 1;
    }
  }

  /** Adds the sum of a number, to the right of all that were added; it becomes the tree's. */
  public void add(int number, T sum) {
    add(new Node<>(0, number, sum));
  }

  /** Adds a node, to the right of all that were added. */
  public void add(Node<T> node) {
    Node<T> right = node;
    while (!waiting.isEmpty() && waiting.peek().isLeftSiblingOf(right)) {
      right = plus(waiting.pop(), right);
    }
    waiting.push(right);
  }

  /** Adds the nodes of all tasks, in any order. */
  public void addAll(List<Node<T>> nodes) {
    nodes.stream().sorted(Comparator.comparingLong(Node::first)).forEach(this::add);
  }

  private Node<T> plus(Node<T> left, Node<T> right) {
    addition.accept(left.sum(), right.sum());
    return left.parent();
  }

  /** The nodes that cover what was added, ascending. */
  public List<Node<T>> nodes() {
    List<Node<T>> nodes = new ArrayList<>();
    waiting.descendingIterator().forEachRemaining(nodes::add);
    return nodes;
  }

  /**
   * The sum of all that was added, which is something: a node that has no sibling rises as it is,
   * level by level.
   */
  public T total() {
    List<Node<T>> row = nodes();
    for (int level = 0; row.size() > 1; level++) {
      row = nextLevel(row, level);
    }
    return row.get(0).sum();
  }

  /** Adds siblings of a level; one without a sibling rises as it is. Higher nodes stay. */
  private List<Node<T>> nextLevel(List<Node<T>> row, int level) {
    List<Node<T>> next = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      Node<T> node = row.get(i);
      if (node.level() != level) {
        next.add(node);
      } else if (i + 1 < row.size() && node.isLeftSiblingOf(row.get(i + 1))) {
        next.add(plus(node, row.get(++i)));
      } else {
        next.add(node.parent());
      }
    }
    return next;
  }

  /**
   * The sum of all that was added, which is something: what has no sibling is added from the right.
   */
  public T totalFromRight() {
    T sum = waiting.pop().sum();
    while (!waiting.isEmpty()) {
      T left = waiting.pop().sum();
      addition.accept(left, sum);
      sum = left;
    }
    return sum;
  }
}
