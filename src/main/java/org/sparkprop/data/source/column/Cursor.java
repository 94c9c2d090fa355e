package org.sparkprop.data.source.column;

import java.util.function.Consumer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** Where the rows of a task lie, one after the other: their last columns tell file and split. */
final class Cursor {
  private final int fileAt;
  private final int startAt;
  private UTF8String file = UTF8String.EMPTY_UTF8;
  private long start = -1;
  private long index = -1;
  private int split;

  /**
   * @param width columns of the rows, of which the last two are {@link RowNumbers#PLACES}
   */
  Cursor(int width) {
    this.fileAt = width - 2;
    this.startAt = width - 1;
  }

  /**
   * Goes on to a row.
   *
   * @param left told of the last row of a split, when it is left
   */
  void moveTo(InternalRow row, Consumer<Place> left) {
    if (row.getLong(startAt) == start && row.getUTF8String(fileAt).equals(file)) {
      index++;
      return;
    }
    end(left);
    file = row.getUTF8String(fileAt).clone(); // Spark fills the same row again
    start = row.getLong(startAt);
    index = 0;
    split++;
  }

  /** Leaves the last split, if there was any. */
  void end(Consumer<Place> left) {
    if (index >= 0) {
      left.accept(place());
    }
  }

  /** The number of the split in its task, from 1. */
  int split() {
    return split;
  }

  /** Where the row lies. */
  Place place() {
    return new Place(file.toString(), start, index);
  }
}
