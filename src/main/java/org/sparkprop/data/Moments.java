package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.util.ArrayList;
import java.util.List;

/**
 * Weighted means of columns, and sums of squared distances to them; as rows come one by one (West
 * 1979), and of two groups of rows together (Chan, Golub, LeVeque 1983). A sum of squares would
 * lose all its digits where a column is far from 0.
 */
@DefaultSerializer(JavaSerializer.class)
public final class Moments implements ShardTree.Count<Moments> {
  private final double[] means;
  private final double[] squares;
  private double weight;

  /** Of no rows yet. */
  public Moments(int columns) {
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
      moments.add(shard.weight(row), ofRow, 0);
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
      moments.add(shard.weight(row), features, 0);
    }
    return moments;
  }

  /**
   * Adds a row.
   *
   * @param values from {@code at} on one for each column
   */
  public void add(double ofRow, float[] values, int at) {
    if (ofRow == 0) {
      return; // and if it is the first, it has no share
    }
    weight += ofRow;
    double share = ofRow / weight;
    for (int i = 0; i < means.length; i++) {
      double value = values[at + i];
      double away = value - means[i];
      means[i] += away * share;
      squares[i] += ofRow * away * (value - means[i]);
    }
  }

  @Override
  public void add(Moments right) {
    if (right.weight == 0) {
      return;
    }
    double total = weight + right.weight;
    double share = right.weight / total;
    for (int i = 0; i < means.length; i++) {
      double away = right.means[i] - means[i];
      means[i] += away * share;
      squares[i] += right.squares[i] + away * away * weight * share;
    }
    weight = total;
  }

  /** The sum of the squared distances of a column to its mean, by weight. */
  public double squares(int column) {
    return squares[column];
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
