package org.sparkprop.spark;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Parameters or a gradient on the way between driver and executors. Java serialisation writes an
 * array float by float; this writes it in large pieces.
 */
public final class FloatVector implements Externalizable {
  private static final int CHUNK = 1 << 14;

  private float[] array;

  /** For deserialisation only. */
  public FloatVector() {
    this(new float[0]);
  }

  private FloatVector(float[] array) {
    this.array = array;
  }

  /** Shares the array. */
  public static FloatVector asView(float[] array) {
    return new FloatVector(array);
  }

  /** The array itself, not a copy. */
  public float[] array() {
    return array;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeInt(array.length);
    write(array, out);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    array = new float[in.readInt()];
    read(array, in);
  }

  /** Writes the elements of an array, without its length. */
  public static void write(float[] array, ObjectOutput out) throws IOException {
    byte[] chunk = new byte[chunkBytes(array)];
    for (int at = 0; at < array.length; at += CHUNK) {
      int count = Math.min(CHUNK, array.length - at);
      littleEndian(chunk).asFloatBuffer().put(array, at, count);
      out.write(chunk, 0, count * Float.BYTES);
    }
  }

  /** Overwrites an array with as many elements as it has. */
  public static void read(float[] array, ObjectInput in) throws IOException {
    byte[] chunk = new byte[chunkBytes(array)];
    for (int at = 0; at < array.length; at += CHUNK) {
      int count = Math.min(CHUNK, array.length - at);
      in.readFully(chunk, 0, count * Float.BYTES);
      littleEndian(chunk).asFloatBuffer().get(array, at, count);
    }
  }

  private static int chunkBytes(float[] array) {
    return Math.min(CHUNK, array.length) * Float.BYTES;
  }

  private static ByteBuffer littleEndian(byte[] chunk) {
    return ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
  }
}
