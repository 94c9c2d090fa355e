package org.sparkprop.train;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import org.sparkprop.spark.FloatVector;

/** What a round broadcasts: the vectors that its tasks start from, and where the run is. */
@DefaultSerializer(JavaSerializer.class)
final class RoundInput implements Externalizable {
  private float[][] vectors;
  private long steps;
  private double rateFactor;

  /** For deserialisation only. */
  public RoundInput() {
    this(new float[0][], 0, 1);
  }

  /**
   * @param vectors shared, not copied
   * @param steps steps of the optimiser so far
   * @param rateFactor what the learning rate is lowered by, past its schedule
   */
  RoundInput(float[][] vectors, long steps, double rateFactor) {
    this.vectors = vectors;
    this.steps = steps;
    this.rateFactor = rateFactor;
  }

  float[][] vectors() {
    return vectors;
  }

  long steps() {
    return steps;
  }

  double rateFactor() {
    return rateFactor;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeLong(steps);
    out.writeDouble(rateFactor);
    out.writeInt(vectors.length);
    for (float[] vector : vectors) {
      out.writeInt(vector.length);
      FloatVector.write(vector, out);
    }
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    steps = in.readLong();
    rateFactor = in.readDouble();
    vectors = new float[in.readInt()][];
    for (int v = 0; v < vectors.length; v++) {
      vectors[v] = new float[in.readInt()];
      FloatVector.read(vectors[v], in);
    }
  }
}
