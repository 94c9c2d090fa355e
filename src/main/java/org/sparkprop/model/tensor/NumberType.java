package org.sparkprop.model.tensor;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** How a file keeps a number. All are read as floats, rounded to the nearest. */
enum NumberType {
  F16(2) {
    @Override
    float next(ByteBuffer bytes) {
      return half(bytes.getShort());
    }
  },
  BF16(2) {
    @Override
    float next(ByteBuffer bytes) {
      return Float.intBitsToFloat(bytes.getShort() << 16); // the upper half of a float
    }
  },
  F32(4) {
    @Override
    float next(ByteBuffer bytes) {
      return bytes.getFloat();
    }
  },
  F64(8) {
    @Override
    float next(ByteBuffer bytes) {
      return (float) bytes.getDouble();
    }
  },
  I32(4) {
    @Override
    float next(ByteBuffer bytes) {
      return bytes.getInt();
    }
  },
  I64(8) {
    @Override
    float next(ByteBuffer bytes) {
      return bytes.getLong();
    }
  };

  private static final int CHUNK = 1 << 16;

  final int bytes;

  NumberType(int bytes) {
    this.bytes = bytes;
  }

  abstract float next(ByteBuffer bytes);

  /**
   * The next {@code count} numbers. Memory is taken as they arrive, so that a damaged length is
   * found at the end of the file and not at the end of the memory.
   *
   * @throws EOFException if there are fewer
   */
  float[] read(InputStream in, ByteOrder order, int count) throws IOException {
    float[] values = new float[Math.min(count, CHUNK)];
    for (int at = 0; at < count; at += CHUNK) {
      int length = Math.min(CHUNK, count - at);
      if (values.length < at + length) {
        values = Arrays.copyOf(values, (int) Math.min(count, 2L * values.length));
      }
      read(in, order, values, at, length);
    }
    return values;
  }

  /**
   * Overwrites {@code length} elements with the next numbers.
   *
   * @throws EOFException if there are fewer
   */
  void read(InputStream in, ByteOrder order, float[] into, int at, int length) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(Math.min(CHUNK, length) * bytes).order(order);
    for (int from = at; from < at + length; from += CHUNK) {
      int to = Math.min(from + CHUNK, at + length);
      int wanted = (to - from) * bytes;
      if (in.readNBytes(chunk.array(), 0, wanted) < wanted) {
        throw new EOFException("it is cut short");
      }
      chunk.rewind();
      for (int i = from; i < to; i++) {
        into[i] = next(chunk);
      }
    }
  }

  /** IEEE 754 binary16: a sign, five bits of exponent (bias 15), ten of fraction. */
  private static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0) { // zero, and numbers without a leading one: fraction · 2^−24
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * 0x1p-24f));
    }
    int wider = exponent == 0x1f ? 0xff : exponent - 15 + 127;
    return Float.intBitsToFloat(sign | wider << 23 | fraction << 13);
  }
}
