package org.sparkprop.data;

import java.io.Serializable;
import org.sparkprop.nn.RandomStream;
import org.sparkprop.nn.RandomStream.Purpose;

/**
 * Which rows are taken, and which shard each belongs to: a pure function of the row number and the
 * seed, never of the cluster.
 *
 * @param shards how many there are
 * @param selection whether rows are held out
 * @param heldOut the share of rows that is held out for validation, from 0 to below 1
 */
public record ShardPlan(int shards, Selection selection, double heldOut, long seed)
    implements Serializable {
  /** Rows in a shard where they are small; measured choices of slices cut this further. */
  private static final int STANDARD_ROWS = 1024;

  private static final int STANDARD_BYTES = 8 << 20;

  /** Which rows of a part are packed. */
  public enum Selection {
    ALL,
    TRAINING,
    VALIDATION
  }

  /** A plan without rows held out. */
  public static ShardPlan all(int shards, long seed) {
    return new ShardPlan(shards, Selection.ALL, 0, seed);
  }

  /**
   * As many shards as hold about 1024 rows each, or 8 MiB where rows are wide: a function of the
   * rows alone.
   */
  public static int standardShards(long rows, RowFormat format) {
    long rowsPerShard = Math.max(16, Math.min(STANDARD_ROWS, STANDARD_BYTES / format.rowBytes()));
    return Math.toIntExact(Math.max(1, (rows + rowsPerShard - 1) / rowsPerShard));
  }

  /** The share of all rows that is selected, about. */
  public double share() {
    return switch (selection) {
      case ALL -> 1;
      case TRAINING -> 1 - heldOut;
      case VALIDATION -> heldOut;
    };
  }

  /** The shard of a row, or −1 if the row is not selected. */
  int shardOf(long row) {
    boolean selected =
        switch (selection) {
          case ALL -> true;
          case TRAINING -> !isHeldOut(row);
          case VALIDATION -> isHeldOut(row);
        };
    if (!selected) {
      return -1;
    }
    long hash = RandomStream.hash(seed, Purpose.SHARD_OF_ROW, row);
    return (int) Long.remainderUnsigned(hash, shards);
  }

  private boolean isHeldOut(long row) {
    return (RandomStream.hash(seed, Purpose.HOLDOUT, row) >>> 11) * 0x1p-53 < heldOut;
  }
}
