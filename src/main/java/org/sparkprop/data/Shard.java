package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.RandomStream;
import org.sparkprop.base.RandomStream.Purpose;
import org.sparkprop.base.RowProblem;
import org.sparkprop.nn.Workspace;

/** A fixed group of rows, ordered by row number and packed into flat arrays. */
@DefaultSerializer(JavaSerializer.class)
public final class Shard implements Serializable {
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;
  private static final byte[] NO_BYTES = {};
  private static final int[] NO_LABELS = {};
  private static final float[] NONE = {};

  private final int number;
  private final int width;

  /** Features (rows, width), of one byte or of four bytes each. */
  private final byte[] features;

  /** Classes (rows); empty where rows have targets. */
  private final int[] labels;

  /** Targets (rows, targets of a row); empty where rows have classes. */
  private final float[] targets;

  /** Weights (rows); empty where rows have none. */
  private final float[] weights;

  private final int rows;
  private final ContentHash hash;
  private final @Nullable RowProblem problem;

  /**
   * The order of the epoch that was asked for last; a shard serves one task at a time. Spark does
   * not count its 4 bytes a row, so that memory may have it back when it is short.
   */
  private transient volatile @Nullable SoftReference<EpochOrder> lastOrder;

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
      int rows,
      byte[] features,
      int[] labels,
      float[] targets,
      float[] weights,
      @Nullable RowProblem problem) {
    this.number = number;
    this.width = width;
    this.rows = rows;
    this.features = features;
    this.labels = labels;
    this.targets = targets;
    this.weights = weights;
    this.hash =
        ContentHash.of(
            number,
            rows,
            rows == 0 ? 0 : features.length / rows,
            features,
            labels,
            targets,
            weights);
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
      return new Shard(number, format.width(), 0, NO_BYTES, NO_LABELS, NONE, NONE, problem);
    }
    int width = format.labels().targets();
    byte[] features = new byte[rows * format.rowBytes()]; // not too many: that was a problem
    int[] labels = format.labels().isClass() ? new int[rows] : NO_LABELS;
    float[] targets = new float[rows * width];
    byte[] ofRow = new byte[width * Float.BYTES];
    float[] weights = format.weighted() ? new float[rows] : NONE;
    for (int row = 0; row < rows; row++) {
      Place place = places.get(row);
      Fragment from = place.fragment();
      if (labels.length > 0) {
        labels[row] = from.label(place.row());
      }
      if (weights.length > 0) {
        weights[row] = from.weight(place.row());
      }
      from.read(place.row(), 0, features, row * format.rowBytes(), format.rowBytes());
      if (width > 0) {
        from.read(place.row(), format.rowBytes(), ofRow, 0, ofRow.length);
        ByteBuffer.wrap(ofRow)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer()
            .get(targets, row * width, width);
      }
    }
    return new Shard(number, format.width(), rows, features, labels, targets, weights, null);
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
    long widest = Math.max(format.rowBytes(), format.labels().targetBytes());
    if (places.size() * widest > MAX_BYTES) {
      return new RowProblem(
          -1, // of no row
          "Invalid number of shards: one would hold %,d rows of %,d bytes (must be <= 2 GiB; give more --shards)"
              .formatted(places.size(), widest));
    }
    return null;
  }

  public int number() {
    return number;
  }

  public int rows() {
    return rows;
  }

  /** Bytes in memory: features, labels and weights. */
  long bytes() {
    return features.length + (long) Float.BYTES * (labels.length + targets.length + weights.length);
  }

  ContentHash hash() {
    return hash;
  }

  /** Features (rows, width) as they are packed. */
  byte[] features() {
    return features;
  }

  /** The class of a row, as the rows lie. */
  int label(int row) {
    return labels[row];
  }

  /** A target of a row, as the rows lie and before any scaling. */
  float target(int row, int number) {
    return targets[row * targetsOfRow() + number];
  }

  /** The weight of a row, as the rows lie; 1 where rows have none. */
  float weight(int row) {
    return weights.length == 0 ? 1 : weights[row];
  }

  double totalWeight() {
    double sum = weights.length == 0 ? rows : 0;
    for (float weight : weights) {
      sum += weight;
    }
    return sum;
  }

  /** Numbers that a row has for targets. */
  int targetsOfRow() {
    return rows == 0 ? 0 : targets.length / rows;
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
    SoftReference<EpochOrder> kept = lastOrder;
    EpochOrder last = kept == null ? null : kept.get();
    if (last == null || last.seed != seed || last.epoch != epoch) {
      Random random = RandomStream.of(seed, Purpose.ORDER_OF_ROWS, epoch, number);
      int[] rows = storedOrder();
      RandomStream.shuffle(rows, random);
      last = new EpochOrder(seed, epoch, rows);
      lastOrder = new SoftReference<>(last);
    }
    return last.rows;
  }

  /**
   * Decodes a slice: rows {@code from} to below {@code to} of {@code order}, with their labels and
   * weights.
   *
   * @param into overwritten from its first row on
   */
  public void decode(int[] order, int from, int to, Preprocessing preprocessing, Workspace into) {
    for (int i = from; i < to; i++) {
      preprocessing.decode(features, order[i], width, into.features(), (i - from) * width);
    }
    if (targets.length == 0) {
      for (int i = from; i < to; i++) {
        into.labels()[i - from] = labels[order[i]];
      }
    } else {
      int width = targetsOfRow();
      for (int i = from; i < to; i++) {
        System.arraycopy(targets, order[i] * width, into.targets(), (i - from) * width, width);
      }
      preprocessing.targetScaling().scale(into.targets(), 0, to - from);
    }
    decodeWeights(order, from, to, preprocessing.classWeights(), into.weights());
  }

  private void decodeWeights(int[] order, int from, int to, ClassWeights ofClasses, float[] into) {
    if (weights.length == 0 && ofClasses.isNone()) {
      return; // they are 1, as the workspace was made
    }
    for (int i = from; i < to; i++) {
      into[i - from] = weight(order[i]) * (ofClasses.isNone() ? 1 : ofClasses.of(labels[order[i]]));
    }
  }
}
