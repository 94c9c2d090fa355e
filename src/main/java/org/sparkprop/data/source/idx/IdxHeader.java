package org.sparkprop.data.source.idx;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import org.sparkprop.base.InvalidInputException;

/**
 * The first bytes of an IDX file: two zero bytes, the type of the numbers, the number of
 * dimensions, and each dimension as a big-endian int. The first dimension counts the rows.
 *
 * @param rows number of rows
 * @param width numbers in a row: the product of the further dimensions
 * @param headerBytes where the first row starts
 */
@DefaultSerializer(JavaSerializer.class)
record IdxHeader(Type type, int rows, int width, int headerBytes) implements Serializable {
  private static final int MAX_DIMENSIONS = 8;

  /** Types of numbers, with their codes in the file. */
  enum Type {
    UNSIGNED_BYTE(0x08, 1),
    BYTE(0x09, 1),
    SHORT(0x0B, 2),
    INT(0x0C, 4),
    FLOAT(0x0D, 4),
    DOUBLE(0x0E, 8);

    final int code;
    final int bytes;

    Type(int code, int bytes) {
      this.code = code;
      this.bytes = bytes;
    }

    /** Such as {@code unsigned byte}. */
    String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    boolean isWhole() {
      return this != FLOAT && this != DOUBLE;
    }

    /** The next number, widened; a double keeps every value of every type but large longs. */
    double get(ByteBuffer from) {
      return switch (this) {
        case UNSIGNED_BYTE -> from.get() & 0xff;
        case BYTE -> from.get();
        case SHORT -> from.getShort();
        case INT -> from.getInt();
        case FLOAT -> from.getFloat();
        case DOUBLE -> from.getDouble();
      };
    }
  }

  /** Bytes of one row as stored. */
  int rowBytes() {
    return width * type.bytes;
  }

  /** Bytes that a whole file has, header and rows. */
  long fileBytes() {
    return headerBytes + (long) rows * rowBytes();
  }

  /**
   * Reads a header and leaves the stream at the first row.
   *
   * @param file its name, for messages
   * @throws InvalidInputException if these are not the first bytes of an IDX file
   */
  static IdxHeader read(InputStream stream, String file) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    try {
      int magic = in.readInt();
      Type type =
          Arrays.stream(Type.values())
              .filter(t -> t.code == (magic >> 8 & 0xff))
              .findFirst()
              .orElse(null);
      int dimensions = magic & 0xff;
      if (magic >>> 16 != 0 || type == null || dimensions < 1 || dimensions > MAX_DIMENSIONS) {
        throw new InvalidInputException(
            "Cannot read %s: it starts with %08x, so it is not an IDX file".formatted(file, magic));
      }
      int rows = in.readInt();
      long width = 1;
      for (int i = 1; i < dimensions; i++) {
        int size = in.readInt();
        width = size < 0 || width < 0 ? -1 : width * size;
        if (width > Integer.MAX_VALUE / type.bytes) {
          width = -1;
        }
      }
      if (rows < 0 || width < 1) {
        throw new InvalidInputException(
            "Cannot read %s: its header is damaged (a dimension is out of bounds)".formatted(file));
      }
      return new IdxHeader(type, rows, (int) width, 4 + 4 * dimensions);
    } catch (EOFException cutShort) {
      throw new InvalidInputException(
          "Cannot read %s: it ends within its header; fetch it again".formatted(file), cutShort);
    }
  }
}
