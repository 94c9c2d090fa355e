package org.sparkprop.data.source.column;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Where a row lies: its number, from 0, in a split, which is a range of a file that a task reads
 * and named by where it starts.
 */
@DefaultSerializer(JavaSerializer.class)
record Place(String file, long start, long index) implements Serializable, Comparable<Place> {
  private static final Comparator<Place> ORDER =
      Comparator.comparing(Place::file)
          .thenComparingLong(Place::start)
          .thenComparingLong(Place::index);

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }

  /** The first row of its split. */
  Place ofSplit() {
    return new Place(file, start, 0);
  }

  /** A row and what was found in it. */
  @DefaultSerializer(JavaSerializer.class)
  record Finding(Place place, String text) implements Serializable {
    /** That of the first row. */
    static @Nullable Finding first(@Nullable Finding one, @Nullable Finding other) {
      if (one == null || other == null) {
        return one == null ? other : one;
      }
      return one.place.compareTo(other.place) <= 0 ? one : other;
    }
  }
}
