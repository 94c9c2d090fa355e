package org.sparkprop.train;

import java.util.ArrayList;
import java.util.List;
import org.sparkprop.data.ReductionTree;
import org.sparkprop.data.ReductionTree.Node;

/**
 * The additions that are left to do when the nodes of all tasks have come, in the order of a {@link
 * ReductionTree}: they are the same for each element, so that ranges of elements can go through all
 * of them one after another, or on several threads.
 *
 * @param total where the sum of all slices will be; its loss and rows are there already
 */
record Completion(Sums total, List<Sums> into, List<Sums> added) {
  /** How the nodes of all tasks, in any order, become the sums of all slices of a round. */
  static Completion of(List<Node<Sums>> nodes) {
    List<Sums> into = new ArrayList<>();
    List<Sums> added = new ArrayList<>();
    ReductionTree<Sums> tree =
        new ReductionTree<>(
            (left, right) -> {
              left.addCounts(right);
              into.add(left);
              added.add(right);
            });
    tree.addAll(nodes);
    return new Completion(tree.totalFromRight(), into, added);
  }

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
