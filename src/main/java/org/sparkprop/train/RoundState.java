package org.sparkprop.train;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import org.sparkprop.model.FloatVector;

/** What a round broadcasts: the vectors that its tasks start from. */
final class RoundState implements Externalizable {
  private float[][] vectors;
  private long steps;

  /** For deserialisation only. */
  public RoundState() {
    this(new float[0][], 0);
  }

  /**
   * @param vectors shared, not copied
   * @param steps steps of the optimiser so far
   */
  RoundState(float[][] vectors, long steps) {
    this.vectors = vectors;
    this.steps = steps;
  }

  float[][] vectors() {
    return vectors;
  }

  long steps() {
    return steps;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeLong(steps);
    out.writeInt(vectors.length);
    for (float[] vector : vectors) {
      out.writeInt(vector.length);
      FloatVector.write(vector, out);
    }
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    steps = in.readLong();
    vectors = new float[in.readInt()][];
    for (int v = 0; v < vectors.length; v++) {
      vectors[v] = new float[in.readInt()];
      FloatVector.read(vectors[v], in);
    }
  }
}
