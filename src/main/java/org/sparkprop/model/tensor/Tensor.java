package org.sparkprop.model.tensor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.sparkprop.base.OneLine;

/** Numbers out of a file: a name, a shape, and the values in row-major order. */
public final class Tensor {
  private final String name;
  private final List<Integer> shape;
  private final float[] values;

  /**
   * @param values as many as the shape says; not copied
   * @throws IOException if one of them is no finite number, with its place
   */
  Tensor(String name, List<Integer> shape, float[] values) throws IOException {
    this.name = name;
    this.shape = List.copyOf(shape);
    this.values = values;
    checkFinite(name, shape, values, 0, values.length);
  }

  /**
   * Refuses what no model has.
   *
   * @throws IOException if one of the values is no finite number, with its place
   */
  static void checkFinite(String name, List<Integer> shape, float[] values, int at, int length)
      throws IOException {
    for (int i = at; i < at + length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IOException(
            "%s has %s at %s (must be finite, as a float)"
                .formatted(OneLine.shorten(name), values[i], place(shape, i - at)));
      }
    }
  }

  /**
   * The number of elements of a shape.
   *
   * @throws IOException if there is no such array
   */
  static int length(String name, List<Integer> shape) throws IOException {
    long length = 1;
    for (int size : shape) {
      length *= size;
      if (size < 0 || length > Integer.MAX_VALUE - 8) {
        throw new IOException(
            "%s has the shape %s (must be of at most %,d numbers)"
                .formatted(OneLine.shorten(name), words(shape), Integer.MAX_VALUE - 8));
      }
    }
    return (int) length;
  }

  /** The transpose of a (rows, columns) matrix, both row-major. */
  public static float[] transposed(float[] matrix, int rows, int columns) {
    float[] transpose = new float[matrix.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        transpose[column * rows + row] = matrix[row * columns + column];
      }
    }
    return transpose;
  }

  public String name() {
    return name;
  }

  public List<Integer> shape() {
    return shape;
  }

  /** The values themselves, not a copy. */
  public float[] values() {
    return values;
  }

  /** The names of some tensors, for a message. */
  public static String names(List<Tensor> tensors) {
    return tensors.stream()
        .map(Tensor::name)
        .map(OneLine::shorten)
        .collect(Collectors.joining(", "));
  }

  /** A shape for a message. */
  static String words(List<Integer> shape) {
    return OneLine.shorten(shape.toString());
  }

  private static List<Integer> place(List<Integer> shape, int element) {
    List<Integer> place = new ArrayList<>();
    int rest = element;
    for (int d = shape.size() - 1; d >= 0; d--) {
      place.add(0, rest % shape.get(d));
      rest /= shape.get(d);
    }
    return place;
  }
}
