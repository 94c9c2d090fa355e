package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/**
 * Adds what is counted of each shard along one fixed binary tree over shard numbers, so that the
 * last bits do not depend on which task holds which shards. Node {@code (level, index)} is of
 * shards {@code index · 2^level} to below {@code (index + 1) · 2^level}, left half plus right half;
 * a half that has no shards leaves the other as it is.
 *
 * <p>A task gives the few nodes that cover its shards, not a count for each: a million shards are
 * no more for the driver than their tasks.
 */
public final class ShardTree<T extends ShardTree.Count<T>> {
  /** Nodes whose siblings have not come, the last added on top. */
  private final Deque<Node<T>> waiting = new ArrayDeque<>();

  /** What is counted of some neighbouring shards. */
  public interface Count<T extends Count<T>> extends Serializable {
    /** Adds the count of the shards to the right. */
    void add(T right);
  }

  /** The count of the shards below a node. */
  @DefaultSerializer(JavaSerializer.class)
  public record Node<T extends Count<T>>(int level, int index, T count) implements Serializable {
    /** The first shard that it may be of. */
    public long firstShard() {
      return (long) index << level;
    }

    private Node<T> plus(Node<T> right) {
      count.add(right.count);
      return parent();
    }

    private Node<T> parent() {
      return new Node<>(level + 1, index >> 1, count);
    }

    private boolean isLeftSiblingOf(Node<T> next) {
      return level == next.level && (index & 1) == 0 && next.index == index + 1;
    }
  }

  /**
   * Counts the shards of a task.
   *
   * @param shards ascending
   * @return the nodes that cover them
   */
  public static <T extends Count<T>> Iterator<Node<T>> count(
      Iterator<Shard> shards, Function<Shard, T> counted) {
    ShardTree<T> tree = new ShardTree<>();
    while (shards.hasNext()) {
      Shard shard = shards.next();
      tree.add(shard.number(), counted.apply(shard));
    }
    return tree.nodes().iterator();
  }

  /** Adds the count of a shard, to the right of all that were added; it becomes the tree's. */
  public void add(int shard, T count) {
    Node<T> node = new Node<>(0, shard, count);
    while (!waiting.isEmpty() && waiting.peek().isLeftSiblingOf(node)) {
      node = waiting.pop().plus(node);
    }
    waiting.push(node);
  }

  /** The nodes that cover what was added, ascending. */
  public List<Node<T>> nodes() {
    List<Node<T>> nodes = new ArrayList<>();
    waiting.descendingIterator().forEachRemaining(nodes::add);
    return nodes;
  }

  /**
   * The count of all shards, from the nodes of all tasks, in any order.
   *
   * @param nodes at least one
   */
  public static <T extends Count<T>> T complete(List<Node<T>> nodes) {
    List<Node<T>> row = new ArrayList<>(nodes);
    row.sort(Comparator.comparingLong(Node::firstShard));
    for (int level = 0; row.size() > 1; level++) {
      row = nextLevel(row, level);
    }
    return row.get(0).count();
  }

  /** Adds siblings of a level; one without a sibling rises as it is. Higher nodes stay. */
  private static <T extends Count<T>> List<Node<T>> nextLevel(List<Node<T>> row, int level) {
    List<Node<T>> next = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      Node<T> node = row.get(i);
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
