package org.sparkprop.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoreResolutionTest {
  @Test
  void aMillionScoresAreKeptAsTheyAre() {
    assertTrue(ScoreResolution.of(1 << 20, 1).isExact());
    assertFalse(ScoreResolution.of((1 << 20) + 1, 1).isExact());
    assertTrue(ScoreResolution.of(1 << 17, 8).isExact());
    assertFalse(ScoreResolution.of(1 << 17, 9).isExact());
  }

  @ParameterizedTest
  @CsvSource({"1, 11", "2, 11", "4, 11", "8, 10", "10, 9", "100, 6", "1000, 3", "100000, 1"})
  void manyRankingsHaveCoarserScores(int rankings, int bits) {
    assertEquals(23 - bits, ScoreResolution.of(1L << 40, rankings).droppedBits());
  }

  @Test
  void bucketsAreInTheOrderOfTheirScores() {
    float[] ascending = {
      Float.NEGATIVE_INFINITY,
      -3e38f,
      -1.5f,
      -1,
      -1e-40f,
      0,
      1e-40f,
      1,
      1.5f,
      3e38f,
      Float.POSITIVE_INFINITY
    };
    ScoreResolution exact = new ScoreResolution(0);
    ScoreResolution coarse = new ScoreResolution(22);
    for (int i = 1; i < ascending.length; i++) {
      assertTrue(exact.bucket(ascending[i - 1]) < exact.bucket(ascending[i]), "at " + i);
      assertTrue(coarse.bucket(ascending[i - 1]) <= coarse.bucket(ascending[i]), "at " + i);
    }
    assertTrue(coarse.bucket(1) < coarse.bucket(1.5f));
    assertEquals(coarse.bucket(1.5f), coarse.bucket(1.9f));
    assertTrue(coarse.bucket(-1.5f) < coarse.bucket(-1));
  }
}
