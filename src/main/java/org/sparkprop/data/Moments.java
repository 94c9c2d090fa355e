package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.util.ArrayList;
import java.util.List;

/**
 * Weighted means of columns, and sums of squared distances to them; as rows come one by one (West
 * 1979), and of two groups of rows together (Chan, Golub, LeVeque 1983).
 */
@DefaultSerializer(JavaSerializer.class)
final class Moments implements ShardTree.Count<Moments> {
  private final double[] means;
  private final double[] squares;
  private double weight;

  private Moments(int columns) {
    this.means = new double[columns];
    this.squares = new double[columns];
  }

  /** Of the targets of a shard. */
  static Moments ofTargets(Shard shard, int targets) {
    Moments moments = new Moments(targets);
    float[] ofRow = new float[targets];
    for (int row = 0; row < shard.rows(); row++) {
      for (int i = 0; i < targets; i++) {
        ofRow[i] = shard.target(row, i);
      }
      moments.add(shard.weight(row), ofRow);
    }
    return moments;
  }

  /**
   * Of the features of a shard.
   *
   * @param raw how they are prepared before
   */
  static Moments ofFeatures(Shard shard, Preprocessing raw, int width) {
    Moments moments = new Moments(width);
    float[] features = new float[width];
    for (int row = 0; row < shard.rows(); row++) {
      raw.decode(shard.features(), row, width, features, 0);
      moments.add(shard.weight(row), features);
    }
    return moments;
  }

  private void add(double ofRow, float[] values) {
    weight += ofRow;
    double share = ofRow > 0 ? ofRow / weight : 0;
    for (int i = 0; i < means.length; i++) {
      double away = values[i] - means[i];
      means[i] += away * share;
      squares[i] += ofRow * away * (values[i] - means[i]);
    }
  }

  @Override
  public void add(Moments right) {
    double total = weight + right.weight;
    double share = right.weight > 0 ? right.weight / total : 0;
    for (int i = 0; i < means.length; i++) {
      double away = right.means[i] - means[i];
      means[i] += away * share;
      squares[i] += right.squares[i] + away * away * weight * share;
    }
    weight = total;
  }

  /** The scaling to mean 0 and standard deviation 1; a column that never changes is only moved. */
  Scaling standardization() {
    List<Double> mean = new ArrayList<>();
    List<Double> scale = new ArrayList<>();
    for (int i = 0; i < means.length; i++) {
      double deviation = Math.sqrt(squares[i] / weight);
      mean.add(means[i]);
      scale.add(deviation > Float.MIN_NORMAL ? deviation : 1);
    }
    return Scaling.of(mean, scale);
  }
}
