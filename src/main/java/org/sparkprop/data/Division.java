package org.sparkprop.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.rdd.PartitionCoalescer;
import org.sparkprop.data.Layout.Tasks;

/**
 * How the rows of one pass are divided: into the shards of each of its parts, such as those to
 * train on and those held out. Shards and blocks of all parts are numbered on, part after part. A
 * row is read once and goes to one part, so it is never in two, whatever Spark gives when it is
 * asked again.
 */
final class Division implements Serializable {
  private final ShardPlan[] plans;
  private final Layout[] layouts;

  /** The first shard and the first block of each part, and below the end those of all. */
  private final int[] firstShard;

  private final int[] firstBlock;

  /**
   * @param plans no two of which select the same row
   * @param layouts of as many shards as the plans
   */
  Division(List<ShardPlan> plans, List<Layout> layouts) {
    this.plans = plans.toArray(ShardPlan[]::new);
    this.layouts = layouts.toArray(Layout[]::new);
    this.firstShard = new int[this.plans.length + 1];
    this.firstBlock = new int[this.plans.length + 1];
    for (int part = 0; part < this.plans.length; part++) {
      firstShard[part + 1] = Math.addExact(firstShard[part], this.plans[part].shards());
      firstBlock[part + 1] = Math.addExact(firstBlock[part], this.layouts[part].blocks());
    }
  }

  int parts() {
    return plans.length;
  }

  Layout layout(int part) {
    return layouts[part];
  }

  int firstBlock(int part) {
    return firstBlock[part];
  }

  int blocks() {
    return firstBlock[parts()];
  }

  /** Whether each row says in a column whether it is held out. */
  boolean readsColumn() {
    for (ShardPlan plan : plans) {
      if (plan.readsColumn()) {
        return true;
      }
    }
    return false;
  }

  /**
   * The shard of a row, counted over all parts; -1 if no part has it.
   *
   * @param flag what the row says, if {@link #readsColumn}
   */
  int shardOf(long row, boolean flag) {
    for (int part = 0; part < plans.length; part++) {
      if (plans[part].selects(row, flag)) {
        return firstShard[part] + plans[part].shardOf(row);
      }
    }
    return -1;
  }

  int partOfShard(int shard) {
    return partOf(shard, firstShard);
  }

  int partOfBlock(int block) {
    return partOf(block, firstBlock);
  }

  /** The number of a shard in its own part. */
  int numberInPart(int shard) {
    return shard - firstShard[partOfShard(shard)];
  }

  int blockOf(int shard) {
    int part = partOfShard(shard);
    return firstBlock[part] + layouts[part].blockOf(shard - firstShard[part]);
  }

  private static int partOf(int number, int[] first) {
    int part = 0;
    while (number >= first[part + 1]) {
      part++;
    }
    return part;
  }

  /** The blocks of all parts: a task has its share of each. */
  PartitionCoalescer all() {
    List<SortedSet<Integer>> blocksOfTask = new ArrayList<>();
    for (int part = 0; part < parts(); part++) {
      List<SortedSet<Integer>> ofPart = layouts[part].all(firstBlock[part]).blocksOfTask();
      for (int task = 0; task < ofPart.size(); task++) {
        if (task == blocksOfTask.size()) {
          blocksOfTask.add(new TreeSet<>());
        }
        blocksOfTask.get(task).addAll(ofPart.get(task));
      }
    }
    return new Tasks(blocksOfTask);
  }
}
