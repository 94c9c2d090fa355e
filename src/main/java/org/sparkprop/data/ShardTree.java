package org.sparkprop.data;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.sparkprop.data.ReductionTree.Node;

/**
 * Counts shards in tasks and adds the counts along a {@link ReductionTree} over shard numbers, so
 * that the last bits do not depend on which task holds which shards. A task gives the few nodes
 * that cover its shards, not a count for each: a million shards are no more for the driver than
 * their tasks.
 */
public final class ShardTree {
  private ShardTree() {}

  /** What is counted of some neighbouring shards. */
  public interface Count<T extends Count<T>> extends Serializable {
    /** Adds the count of the shards to the right. */
    void add(T right);
  }

  /**
   * Counts the shards of a task.
   *
   * @param shards ascending
   * @return the nodes that cover them
   */
  public static <T extends Count<T>> Iterator<Node<T>> count(
      Iterator<Shard> shards, Function<Shard, T> counted) {
    ReductionTree<T> tree = new ReductionTree<>(Count::add);
    while (shards.hasNext()) {
      Shard shard = shards.next();
      tree.add(shard.number(), counted.apply(shard));
    }
    return tree.nodes().iterator();
  }

  /**
   * The count of all shards, from the nodes of all tasks, in any order.
   *
   * @param nodes at least one
   */
  public static <T extends Count<T>> T complete(List<Node<T>> nodes) {
    ReductionTree<T> tree = new ReductionTree<>(Count::add);
    tree.addAll(nodes);
    return tree.total();
  }
}
