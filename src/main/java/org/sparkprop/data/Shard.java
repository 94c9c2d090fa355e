package org.sparkprop.data;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.Preprocessing.FeatureType;
import org.sparkprop.nn.RandomStream;
import org.sparkprop.nn.RandomStream.Purpose;
import org.sparkprop.nn.Workspace;

/** A fixed group of rows, ordered by row number and packed into flat arrays. */
public final class Shard implements Serializable {
  private static final int MOST_BYTES = Integer.MAX_VALUE - 8;
  private static final byte[] NO_BYTES = {};
  private static final int[] NO_LABELS = {};

  private final int number;
  private final int width;
  private final FeatureType type;

  /** Features (rows, width), each {@code type.bytes} bytes long. */
  private final byte[] features;

  private final int[] labels;
  private final @Nullable RowProblem problem;

  /** The order of the epoch that was asked for last; a shard serves one task at a time. */
  private transient volatile @Nullable EpochOrder lastOrder;

  /** Where a row lies before it is joined. */
  private record Place(Fragment fragment, int row) {
    long number() {
      return fragment.number(row);
    }
  }

  private static final class EpochOrder {
    final long seed;
    final int epoch;
    final int[] rows;

    EpochOrder(long seed, int epoch, int[] rows) {
      this.seed = seed;
      this.epoch = epoch;
      this.rows = rows;
    }
  }

  private Shard(
      int number,
      int width,
      FeatureType type,
      byte[] features,
      int[] labels,
      @Nullable RowProblem problem) {
    this.number = number;
    this.width = width;
    this.type = type;
    this.features = features;
    this.labels = labels;
    this.problem = problem;
  }

  /** Joins fragments, which may come in any order. */
  static Shard join(int number, List<Fragment> fragments, RowFormat format) {
    List<Place> places = new ArrayList<>();
    for (Fragment fragment : fragments) {
      for (int row = 0; row < fragment.rows(); row++) {
        places.add(new Place(fragment, row));
      }
    }
    places.sort(Comparator.comparingLong(Place::number));
    int rows = places.size();
    RowProblem problem = problemOf(fragments, places, format);
    if (problem != null) {
      return new Shard(number, format.width(), format.features(), NO_BYTES, NO_LABELS, problem);
    }
    byte[] features = new byte[rows * format.rowBytes()];
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      Place place = places.get(row);
      labels[row] = place.fragment().label(place.row());
      System.arraycopy(
          place.fragment().features(),
          place.row() * format.rowBytes(),
          features,
          row * format.rowBytes(),
          format.rowBytes());
    }
    return new Shard(number, format.width(), format.features(), features, labels, null);
  }

  /** What the user has to know: the first bad row, a row that is there twice, or too many rows. */
  private static @Nullable RowProblem problemOf(
      List<Fragment> fragments, List<Place> places, RowFormat format) {
    RowProblem first =
        fragments.stream()
            .map(Fragment::problem)
            .filter(p -> p != null)
            .min(Comparator.comparingLong(RowProblem::row))
            .orElse(null);
    if (first != null) {
      return first;
    }
    for (int i = 1; i < places.size(); i++) {
      if (places.get(i).number() == places.get(i - 1).number()) {
        long twice = places.get(i).number();
        return new RowProblem(
            twice,
            "Cannot use %s: there are two rows with the number %d".formatted(format.name(), twice));
      }
    }
    long bytes = (long) places.size() * format.rowBytes();
    if (bytes > MOST_BYTES) {
      return new RowProblem(
          0,
          "Invalid number of shards: one would hold %,d rows of %,d bytes (must be <= 2 GiB; give more --shards)"
              .formatted(places.size(), format.rowBytes()));
    }
    return null;
  }

  public int number() {
    return number;
  }

  public int rows() {
    return labels.length;
  }

  /** Bytes in memory, features and labels. */
  long bytes() {
    return features.length + 4L * labels.length;
  }

  @Nullable RowProblem problem() {
    return problem;
  }

  /** The rows as they lie, for evaluation. */
  public int[] storedOrder() {
    return IntStream.range(0, rows()).toArray();
  }

  /** The rows in the order of an epoch: a pure function of the seed, the epoch and the shard. */
  public int[] epochOrder(long seed, int epoch) {
    EpochOrder last = lastOrder;
    if (last == null || last.seed != seed || last.epoch != epoch) {
      Random random = RandomStream.of(seed, Purpose.ORDER_OF_ROWS, epoch, number);
      int[] rows = storedOrder();
      RandomStream.shuffle(rows, random);
      last = new EpochOrder(seed, epoch, rows);
      lastOrder = last;
    }
    return last.rows;
  }

  /**
   * Decodes a slice: rows {@code from} to below {@code to} of {@code order}, with their labels.
   *
   * @param into overwritten from its first row on
   */
  public void decode(int[] order, int from, int to, Preprocessing preprocessing, Workspace into) {
    switch (type) {
      case BYTE -> decodeBytes(order, from, to, preprocessing.scale(), into.features());
      case FLOAT -> {
        for (int i = from; i < to; i++) {
          decodeFloats(order[i], preprocessing.scale(), into.features(), (i - from) * width);
        }
      }
    }
    for (int i = from; i < to; i++) {
      into.labels()[i - from] = labels[order[i]];
    }
  }

  private void decodeBytes(int[] order, int from, int to, float scale, float[] into) {
    ByteTable table = ByteTable.of(scale);
    for (int i = from; i < to; i++) {
      table.decode(features, order[i] * width, width, into, (i - from) * width);
    }
  }

  private void decodeFloats(int row, float scale, float[] into, int at) {
    ByteBuffer.wrap(features)
        .order(ByteOrder.LITTLE_ENDIAN)
        .position(row * width * Float.BYTES)
        .asFloatBuffer()
        .get(into, at, width);
    if (scale != 1) {
      for (int i = at; i < at + width; i++) {
        into[i] *= scale;
      }
    }
  }
}
