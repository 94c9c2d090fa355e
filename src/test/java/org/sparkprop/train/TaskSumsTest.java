package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sparkprop.data.ReductionTree.Node;
import org.sparkprop.model.BlasOfJvm;

/** What travels between driver and executors, through Java serialisation as Spark does it. */
class TaskSumsTest {
  /** FloatVector writes pieces of 16,384 elements. */
  private static final int[] LENGTHS = {0, 1, 2, 16_383, 16_384, 16_385, 3 * 16_384, 50_001};

  private static final int[] ODD_BITS = {
    0x7fc00000, // NaN
    0x7f800001, // NaNs with a payload: signalling,
    0xffc12345, // and negative
    0x80000000, // −0
    0x00000001, // the least float
    0x7f800000, // infinity
    0xff800000,
    0x7f7fffff // the largest
  };

  private static float[] vector(int length, long seed) {
    Random random = new Random(seed);
    float[] vector = new float[length];
    for (int i = 0; i < length; i++) {
      int bits = i < ODD_BITS.length ? ODD_BITS[i] : random.nextInt();
      vector[i] = Float.intBitsToFloat(bits);
    }
    return vector;
  }

  private static int[] bits(float[] vector) {
    int[] bits = new int[vector.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(vector[i]);
    }
    return bits;
  }

  private static byte[] write(Object value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    return bytes.toByteArray();
  }

  private static Object read(byte[] bytes) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    }
  }

  @Test
  void sumsOfATaskArriveBitByBit() throws IOException, ClassNotFoundException {
    for (int length : LENGTHS) {
      List<Node<Sums>> nodes =
          List.of(
              new Node<>(0, 3, new Sums(new float[][] {vector(length, 1)}, Double.NaN, 7, 2.5)),
              new Node<>(
                  30,
                  Integer.MAX_VALUE,
                  new Sums(
                      new float[][] {vector(length, 2), vector(length, 3), vector(5, 4)},
                      -0.0,
                      Long.MAX_VALUE,
                      -0.5)));

      Set<BlasOfJvm> blas =
          Set.of(
              new BlasOfJvm("executor 1 on a", "b", ""),
              new BlasOfJvm("executor 2 on a", "c", "slow"));
      TaskSums read = (TaskSums) read(write(new TaskSums(nodes, 12_345_678_901L, blas)));

      assertEquals(12_345_678_901L, read.nanos());
      assertEquals(blas, read.blas());
      assertEquals(2, read.nodes().size());
      Node<Sums> first = read.nodes().get(0);
      assertEquals(0, first.level());
      assertEquals(3, first.index());
      assertEquals(Double.NaN, first.sum().loss());
      assertEquals(7, first.sum().rows());
      assertEquals(2.5, first.sum().weight());
      assertEquals(1, first.sum().vectors().length);
      assertArrayEquals(bits(vector(length, 1)), bits(first.sum().vectors()[0]));
      Node<Sums> second = read.nodes().get(1);
      assertEquals(30, second.level());
      assertEquals(Integer.MAX_VALUE, second.index());
      assertEquals(-0.0, second.sum().loss());
      assertEquals(Long.MAX_VALUE, second.sum().rows());
      assertEquals(-0.5, second.sum().weight());
      assertEquals(3, second.sum().vectors().length);
      assertArrayEquals(bits(vector(length, 2)), bits(second.sum().vectors()[0]));
      assertArrayEquals(bits(vector(length, 3)), bits(second.sum().vectors()[1]));
      assertArrayEquals(bits(vector(5, 4)), bits(second.sum().vectors()[2]));
    }
  }

  @Test
  void theStateOfARoundArrivesBitByBit() throws IOException, ClassNotFoundException {
    for (int length : LENGTHS) {
      float[][] vectors = {vector(length, 1), vector(length, 2), vector(length, 3)};

      byte[] bytes = write(new RoundInput(vectors, 1L << 40, 0.1));
      RoundInput read = (RoundInput) read(bytes);

      assertEquals(1L << 40, read.steps());
      assertEquals(0.1, read.rateFactor());
      assertEquals(3, read.vectors().length);
      for (int v = 0; v < 3; v++) {
        assertArrayEquals(bits(vector(length, v + 1)), bits(read.vectors()[v]));
        assertArrayEquals(bits(vector(length, v + 1)), bits(vectors[v]), "the sender's are as was");
      }
      assertArrayEquals(bytes, write(read));
    }
  }

  @Test
  void nothingAtAllArrivesToo() throws IOException, ClassNotFoundException {
    assertEquals(List.of(), ((TaskSums) read(write(new TaskSums()))).nodes());
    assertEquals(0, ((RoundInput) read(write(new RoundInput()))).vectors().length);
  }

  @Test
  void aTruncatedStreamIsAnInputError() throws IOException {
    Sums sums = new Sums(new float[][] {vector(9, 1), vector(9, 2)}, 1, 2, 2);
    byte[] ofTask = write(new TaskSums(List.of(new Node<>(1, 0, sums)), 3, Set.of()));
    byte[] ofRound = write(new RoundInput(new float[][] {vector(9, 1), vector(9, 2)}, 4, 1));
    for (byte[] bytes : List.of(ofTask, ofRound)) {
      for (int length = 0; length < bytes.length; length++) {
        byte[] truncated = Arrays.copyOf(bytes, length);
        assertThrows(IOException.class, () -> read(truncated), () -> "of " + truncated.length);
      }
    }
    byte[] large = write(new RoundInput(new float[][] {vector(50_001, 1)}, 4, 1));
    for (int length = 0; length < large.length; length += 997) {
      byte[] truncated = Arrays.copyOf(large, length);
      assertThrows(IOException.class, () -> read(truncated));
    }
  }
}
