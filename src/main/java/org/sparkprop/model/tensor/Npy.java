package org.sparkprop.model.tensor;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sparkprop.base.OneLine;

/**
 * NumPy's format of one array (NEP 1): a magic word, a version, the length of the header, the
 * header as a Python literal, the numbers.
 */
final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MAX_HEADER = 1 << 20;
  private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*('[^']*'|[^,]*)");
  private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)\\b");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d\\s,]*)\\)");
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final Map<String, NumberType> TYPES =
      Map.of(
          "f2", NumberType.F16,
          "f4", NumberType.F32,
          "f8", NumberType.F64,
          "i4", NumberType.I32,
          "i8", NumberType.I64);

  private Npy() {}

  /**
   * Reads an array, to the end of the stream.
   *
   * @param maxBytes what it may take in memory
   * @throws IOException if it is not whole, or not an array of numbers
   */
  static Tensor read(String name, InputStream in, long maxBytes) throws IOException {
    try {
      String header = readHeader(name, in);
      String type = find(TYPE, header, name).replace("'", "");
      List<Integer> shape = shape(find(SHAPE, header, name), name);
      boolean columnMajor = find(FORTRAN, header, name).equals("True");
      int length = Tensor.length(name, shape);
      if ((long) length * Float.BYTES > maxBytes) {
        throw new IOException(
            "%s has the shape %s, more than a file of this size has deflated (write it with numpy.savez)"
                .formatted(name, Tensor.words(shape)));
      }
      float[] values = typeOf(type, name).read(in, orderOf(type, name), length);
      if (in.read() >= 0) {
        throw new IOException("%s goes on after its %,d numbers".formatted(name, length));
      }
      return new Tensor(name, shape, columnMajor ? rowMajor(values, shape, name) : values);
    } catch (EOFException cut) {
      throw new EOFException("%s is cut short".formatted(name));
    }
  }

  private static String readHeader(String name, InputStream in) throws IOException {
    if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
      throw new IOException("%s is not an array of NumPy".formatted(name));
    }
    int version = readBytes(in, 2).get(0); // major, minor
    if (version < 1 || version > 3) {
      throw new IOException(
          "%s is in version %d of NumPy's format (must be 1 to 3)".formatted(name, version));
    }
    int length =
        version == 1 ? Short.toUnsignedInt(readBytes(in, 2).getShort()) : readBytes(in, 4).getInt();
    if (length < 0 || length > MAX_HEADER) {
      throw damaged(name);
    }
    return new String(readBytes(in, length).array(), StandardCharsets.UTF_8);
  }

  private static ByteBuffer readBytes(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException();
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String find(Pattern pattern, String header, String name) throws IOException {
    Matcher found = pattern.matcher(header);
    if (!found.find()) {
      throw damaged(name);
    }
    return found.group(1);
  }

  private static IOException damaged(String name) {
    return new IOException("%s has a damaged header".formatted(name));
  }

  private static List<Integer> shape(String sizes, String name) throws IOException {
    List<Integer> shape = new ArrayList<>();
    Matcher size = NUMBER.matcher(sizes);
    while (size.find()) {
      try {
        shape.add(Integer.parseInt(size.group()));
      } catch (NumberFormatException tooLarge) {
        throw damaged(name);
      }
    }
    return shape;
  }

  private static NumberType typeOf(String type, String name) throws IOException {
    NumberType known = TYPES.get(type.replaceFirst("^[<>]", ""));
    if (known == null) {
      throw new IOException(
          "%s has numbers of type %s (must be f2, f4, f8, i4 or i8)"
              .formatted(name, OneLine.shorten(type)));
    }
    return known;
  }

  private static ByteOrder orderOf(String type, String name) throws IOException {
    return switch (type.isEmpty() ? ' ' : type.charAt(0)) {
      case '<' -> ByteOrder.LITTLE_ENDIAN;
      case '>' -> ByteOrder.BIG_ENDIAN;
      default -> throw damaged(name);
    };
  }

  /** Brings a matrix that lies column after column into row-major order. */
  private static float[] rowMajor(float[] values, List<Integer> shape, String name)
      throws IOException {
    if (shape.size() < 2) {
      return values;
    }
    if (shape.size() > 2) {
      throw new IOException(
          "%s has the shape %s (must be a matrix or a vector)".formatted(name, shape));
    }
    return Tensor.transposed(values, shape.get(1), shape.get(0));
  }
}
