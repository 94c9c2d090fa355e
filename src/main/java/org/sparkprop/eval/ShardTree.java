package org.sparkprop.eval;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * Adds the tallies of shards along one fixed binary tree over shard numbers, so that the last bits
 * do not depend on which task holds which shards. Node {@code (level, index)} is of shards {@code
 * index · 2^level} to below {@code (index + 1) · 2^level}, left half plus right half; a half that
 * has no shards leaves the other as it is.
 *
 * <p>A task gives the few nodes that cover its shards, not a tally for each: a million shards are
 * no more for the driver than their tasks.
 */
final class ShardTree {
  /** Nodes whose siblings have not come, the last added on top. */
  private final Deque<Node> waiting = new ArrayDeque<>();

  /** The tally of the shards below a node. */
  @DefaultSerializer(JavaSerializer.class)
  record Node(int level, int index, Tally tally) implements Serializable {
    long firstShard() {
      return (long) index << level;
    }

    private Node plus(Node right) {
      tally.add(right.tally);
      return parent();
    }

    private Node parent() {
      return new Node(level + 1, index >> 1, tally);
    }

    private boolean isLeftSiblingOf(Node next) {
      return level == next.level && (index & 1) == 0 && next.index == index + 1;
    }
  }

  /** Adds the tally of a shard, to the right of all that were added; it becomes the tree's. */
  void add(int shard, Tally tally) {
    Node node = new Node(0, shard, tally);
    while (!waiting.isEmpty() && waiting.peek().isLeftSiblingOf(node)) {
      node = waiting.pop().plus(node);
    }
    waiting.push(node);
  }

  /** The nodes that cover what was added, ascending. */
  List<Node> nodes() {
    List<Node> nodes = new ArrayList<>();
    waiting.descendingIterator().forEachRemaining(nodes::add);
    return nodes;
  }

  /**
   * The tally of all shards, from the nodes of all tasks, in any order.
   *
   * @param nodes at least one
   */
  static Tally complete(List<Node> nodes) {
    List<Node> row = new ArrayList<>(nodes);
    row.sort(Comparator.comparingLong(Node::firstShard));
    for (int level = 0; row.size() > 1; level++) {
      row = nextLevel(row, level);
    }
    return row.get(0).tally();
  }

  /** Adds siblings of a level; one without a sibling rises as it is. Higher nodes stay. */
  private static List<Node> nextLevel(List<Node> row, int level) {
    List<Node> next = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      Node node = row.get(i);
      if (node.level() != level) {
        next.add(node);
      } else if (i + 1 < row.size() && node.isLeftSiblingOf(row.get(i + 1))) {
        next.add(node.plus(row.get(++i)));
      } else {
        next.add(node.parent());
      }
    }
    return next;
  }
}
