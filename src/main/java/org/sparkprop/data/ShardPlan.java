package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import org.sparkprop.base.RandomStream;
import org.sparkprop.base.RandomStream.Purpose;
import org.sparkprop.data.HoldOut.Kind;

/**
 * Which rows are taken, and which shard each belongs to: a pure function of the row number and the
 * seed, never of the cluster.
 *
 * @param shards how many there are
 * @param selection whether rows are held out
 * @param holdOut which rows those are
 */
@DefaultSerializer(JavaSerializer.class)
public record ShardPlan(int shards, Selection selection, HoldOut holdOut, long seed)
    implements Serializable {
  /** Rows in a shard where they are small; measured choices of slices cut this further. */
  private static final int DEFAULT_ROWS = 1024;

  private static final int DEFAULT_BYTES = 8 << 20;

  /** Which rows of a part are packed. */
  public enum Selection {
    ALL,
    TRAINING,
    VALIDATION
  }

  /** A plan without rows held out. */
  public static ShardPlan all(int shards, long seed) {
    return new ShardPlan(shards, Selection.ALL, HoldOut.NONE, seed);
  }

  /**
   * As many shards as hold about 1024 rows each, or 8 MiB of features or of targets where those are
   * wide: a function of the rows alone.
   */
  public static int defaultShards(long rows, RowFormat format) {
    long widest = Math.max(format.rowBytes(), format.labels().targetBytes());
    long rowsPerShard = Math.max(16, Math.min(DEFAULT_ROWS, DEFAULT_BYTES / widest));
    return Math.toIntExact(Math.max(1, (rows + rowsPerShard - 1) / rowsPerShard));
  }

  /** The share of all rows that is selected, about; 1 where nobody knows. */
  public double share() {
    if (holdOut.kind() != Kind.SHARE) {
      return 1;
    }
    return switch (selection) {
      case ALL -> 1;
      case TRAINING -> 1 - holdOut.share();
      case VALIDATION -> holdOut.share();
    };
  }

  /** Whether each row says in a column whether it is held out. */
  boolean readsColumn() {
    return selection != Selection.ALL && holdOut.kind() == Kind.COLUMN;
  }

  /**
   * Whether a row is selected.
   *
   * @param flag what the row says, if {@link #readsColumn}
   */
  boolean selects(long row, boolean flag) {
    boolean heldOut =
        switch (holdOut.kind()) {
          case NONE, OTHER_ROWS -> false;
          case SHARE -> isHeldOut(row);
          case COLUMN -> flag;
        };
    return switch (selection) {
      case ALL -> true;
      case TRAINING -> !heldOut;
      case VALIDATION -> heldOut;
    };
  }

  /** The shard of a row. */
  int shardOf(long row) {
    long hash = RandomStream.hash(seed, Purpose.SHARD_OF_ROW, row);
    return (int) Long.remainderUnsigned(hash, shards);
  }

  private boolean isHeldOut(long row) {
    return (RandomStream.hash(seed, Purpose.HOLDOUT, row) >>> 11) * 0x1p-53 < holdOut.share();
  }
}
