package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The smallest and the largest of each target of some rows, or of their classes. */
@DefaultSerializer(JavaSerializer.class)
public final class LabelRange implements ShardTree.Count<LabelRange> {
  private final float[] least;
  private final float[] most;

  private LabelRange(int columns) {
    this.least = new float[columns];
    this.most = new float[columns];
    Arrays.fill(least, Float.POSITIVE_INFINITY);
    Arrays.fill(most, Float.NEGATIVE_INFINITY);
  }

  /**
   * Of a shard.
   *
   * @param targets of a row; 0 where rows have classes
   */
  static LabelRange of(Shard shard, int targets) {
    LabelRange range = new LabelRange(Math.max(1, targets));
    for (int row = 0; row < shard.rows(); row++) {
      if (targets == 0) {
        range.add(0, shard.label(row));
      }
      for (int i = 0; i < targets; i++) {
        range.add(i, shard.target(row, i));
      }
    }
    return range;
  }

  private void add(int column, float value) {
    least[column] = Math.min(least[column], value);
    most[column] = Math.max(most[column], value);
  }

  @Override
  public void add(LabelRange right) {
    for (int i = 0; i < least.length; i++) {
      add(i, right.least[i]);
      add(i, right.most[i]);
    }
  }

  /** The largest target, or class, of all. */
  public float largest() {
    return IntStream.range(0, most.length).mapToObj(i -> most[i]).max(Float::compare).orElseThrow();
  }

  /** Whether a target, or the class, is another in some rows. */
  public boolean changes() {
    return IntStream.range(0, most.length).anyMatch(i -> least[i] < most[i]);
  }
}
