package org.sparkprop.train;

/**
 * Sums over some rows: of their gradients, or of the parameters and moments that workers have
 * reached with them; of their losses; how many rows they are, and what they weigh. The vectors are
 * {@link Buffers}.
 */
final class Sums {
  private final float[][] vectors;
  private double loss;
  private long rows;
  private double weight;

  /**
   * @param vectors become these sums' own
   */
  Sums(float[][] vectors, double loss, long rows, double weight) {
    this.vectors = vectors;
    this.loss = loss;
    this.rows = rows;
    this.weight = weight;
  }

  float[][] vectors() {
    return vectors;
  }

  double loss() {
    return loss;
  }

  long rows() {
    return rows;
  }

  /** Total weight of the rows: their number, where rows have no weights. */
  double weight() {
    return weight;
  }

  /** Adds the sums of other rows into these, whose buffers are given back. */
  void add(Sums other) {
    addCounts(other);
    for (int v = 0; v < vectors.length; v++) {
      addRange(other, v, 0, vectors[v].length);
    }
    other.release();
  }

  /** Adds what is not a vector. */
  void addCounts(Sums other) {
    loss += other.loss;
    rows += other.rows;
    weight += other.weight;
  }

  /** Adds elements {@code from} to below {@code to} of one vector. */
  void addRange(Sums other, int vector, int from, int to) {
    float[] into = vectors[vector];
    float[] added = other.vectors[vector];
    for (int i = from; i < to; i++) {
      into[i] += added[i];
    }
  }

  /** Divides elements of a vector in place: the only place where sums become a mean. */
  void divideRange(float divisor, int vector, int from, int to) {
    float[] mean = vectors[vector];
    for (int i = from; i < to; i++) {
      mean[i] /= divisor;
    }
  }

  /** Gives the buffers back; these sums are used no more. */
  void release() {
    for (float[] vector : vectors) {
      Buffers.give(vector);
    }
  }
}
