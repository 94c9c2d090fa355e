package org.sparkprop.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteLookupTest {
  /** Runs of zeros of any length, at any place, and nothing beyond the row. */
  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "7, 0.5", "8, 0.5", "9, 2", "16, 1", "23, 0.25", "784, 0.00390625"})
  void everyByteIsItsNumberTimesTheScale(int count, float scale) {
    Random random = new Random(count);
    for (int from = 0; from < 9; from++) {
      byte[] bytes = new byte[from + count + 3];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = random.nextInt(4) == 0 ? (byte) random.nextInt(256) : 0;
      }
      int at = 8 - from;
      float[] expected = new float[at + count + 2];
      float[] found = new float[expected.length];
      Arrays.fill(expected, -1);
      Arrays.fill(found, -1);
      for (int i = 0; i < count; i++) {
        expected[at + i] = Byte.toUnsignedInt(bytes[from + i]) * scale;
      }

      new ByteLookup(scale, Scaling.NONE).decode(bytes, from, count, found, at);

      assertArrayEquals(expected, found);
    }
  }

  /** (b / 4 − 2) / 8, which floats hold: zeros are passed over, but are not 0. */
  /** Two runs with other units take turns, and neither builds its table anew for each row. */
  @Test
  void aScalingKeepsItsTable() {
    Scaling scaling = Scaling.of(List.of(0.5), List.of(2.0));
    ByteLookup table = scaling.byteTable(1 / 255f);
    assertNotSame(table, Scaling.NONE.byteTable(1 / 255f));
    assertSame(table, scaling.byteTable(1 / 255f));
  }

  @Test
  void scaledBytesAreThoseOfTheFormula() {
    byte[] bytes = {0, 0, 0, 0, 0, 0, 0, 0, 8, (byte) 200, 0};
    float[] found = new float[bytes.length];
    Scaling scaling = Scaling.of(List.of(2.0), List.of(8.0));

    new ByteLookup(0.25f, scaling).decode(bytes, 0, bytes.length, found, 0);

    float zero = -0.25f;
    assertArrayEquals(
        new float[] {zero, zero, zero, zero, zero, zero, zero, zero, 0, 6, zero}, found);
  }
}
