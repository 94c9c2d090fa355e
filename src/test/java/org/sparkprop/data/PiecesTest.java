package org.sparkprop.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.apache.spark.util.SizeEstimator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PiecesTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 784, Pieces.PIECE - 1, Pieces.PIECE, Pieces.PIECE + 1, 1_000_003})
  void givesBackWhatWasAppended(int record) {
    Random random = new Random(record);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Pieces pieces = new Pieces();
    int count = 3 + 2 * Pieces.PIECE / record;
    for (int i = 0; i < count; i++) {
      byte[] bytes = new byte[record];
      random.nextBytes(bytes);
      all.writeBytes(bytes);
      pieces.append(bytes);
    }
    pieces.trim();

    byte[] wanted = all.toByteArray();
    assertEquals(wanted.length, pieces.length());
    byte[] read = new byte[wanted.length];
    for (int i = 0; i < count; i++) {
      pieces.read((long) i * record, read, i * record, record);
    }
    assertArrayEquals(wanted, read);
  }

  @Test
  void noArrayIsLargeAndNoneHasRoomLeft() {
    Pieces pieces = new Pieces();
    for (int i = 0; i < 5; i++) {
      pieces.append(new byte[700_001]);
    }
    pieces.trim();

    // 13 pieces of 2^18 bytes and one of 92,133; arrays have headers of 16 bytes.
    assertEquals(3_500_005, pieces.length());
    assertTrue(SizeEstimator.estimate(pieces) < 3_500_005 + 14 * 24 + 200);
  }

  @Test
  void emptyRecordsAreNothing() {
    Pieces pieces = new Pieces();
    pieces.append(new byte[0]);
    pieces.trim();
    assertEquals(0, pieces.length());
    pieces.read(0, new byte[0], 0, 0);
  }
}
