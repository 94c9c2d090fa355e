package org.sparkprop.train;

import java.util.List;

/**
 * The rows of one update, cut into slices. Slices are numbered by their place in the list, which is
 * ascending by shard and then by row: neighbouring shards hold neighbouring slices.
 *
 * @param epoch from 1; decides the order of the rows within each shard
 */
record Batch(int epoch, List<Slice> slices) {
  /**
   * Rows {@code from} to below {@code to} of one shard, in the shard's order of the epoch: the unit
   * of one gradient call.
   */
  record Slice(int shard, int from, int to) {
    int rows() {
      return to - from;
    }
  }
}
