package org.sparkprop.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScoreCountsTest {
  private static final ScoreResolution EXACT = new ScoreResolution(0);

  private static ScoreCounts counts(
      ScoreResolution resolution, float[] scores, boolean[] positive, int from, int to) {
    ScoreBuffer buffer = new ScoreBuffer(resolution, 1, to - from);
    for (int row = from; row < to; row++) {
      buffer.add(0, scores[row], positive[row]);
      buffer.endRow(1);
    }
    buffer.sort();
    return buffer.counts(false)[0];
  }

  private static Ranking ranking(float[] scores, boolean... positive) {
    return counts(EXACT, scores, positive, 0, scores.length).ranking();
  }

  @Test
  void areasAreThoseWorkedByHand() {
    // Descending: +, −, +, −, −. Pairs in order: 3 + 2 of 6. Precision 1 at the first, 2/3 at the
    // second.
    Ranking ranking = ranking(new float[] {-7, 3, 0.5f, 2, 1e9f}, false, false, false, true, true);

    assertEquals(5 / 6.0, ranking.rocAuc(), 1e-15);
    assertEquals((1 + 2 / 3.0) / 2, ranking.prAuc(), 1e-15);
    assertEquals(0, ranking.rocAucError());
    assertEquals(0, ranking.prAucError());
  }

  @Test
  void tiesCountHalfAndZeroHasNoSign() {
    Ranking ranking = ranking(new float[] {0f, -0f}, true, false);

    assertEquals(0.5, ranking.rocAuc());
    assertEquals(0.5, ranking.prAuc());
  }

  @Test
  void infiniteScoresAreBeyondAllOthers() {
    float infinity = Float.POSITIVE_INFINITY;
    Ranking ranking =
        ranking(
            new float[] {infinity, Float.MAX_VALUE, -Float.MAX_VALUE, -infinity},
            true,
            false,
            true,
            false);

    assertEquals(0.75, ranking.rocAuc());
  }

  @Test
  void thereIsNoAreaWithoutPositivesOrWithoutNegatives() {
    assertTrue(Double.isNaN(ranking(new float[] {1, 2}, false, false).rocAuc()));
    assertTrue(Double.isNaN(ranking(new float[] {1, 2}, false, false).prAuc()));
    assertTrue(Double.isNaN(ranking(new float[] {1, 2}, true, true).rocAuc()));
    assertEquals(1, ranking(new float[] {1, 2}, true, true).prAuc());
    assertTrue(Double.isNaN(ranking(new float[] {}).rocAuc()));
  }

  @Test
  void theMeanIsOverTheAreasThatThereAre() {
    Ranking some = new Ranking(0.5, 0.01, 0.25, 0.02);
    Ranking none = new Ranking(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    Ranking noNegatives = new Ranking(Double.NaN, Double.NaN, 1, 0);

    Ranking mean = Ranking.mean(List.of(some, none, noNegatives));
    assertEquals(new Ranking(0.5, 0.01, 0.625, 0.01), mean);
  }

  @Test
  void roundedScoresAreOffByLessThanTheErrorTheySay() {
    int rows = 20_000;
    float[] scores = new float[rows];
    boolean[] positive = new boolean[rows];
    Random random = new Random(3);
    for (int row = 0; row < rows; row++) {
      positive[row] = random.nextInt(20) == 0;
      scores[row] = (float) (4 * random.nextGaussian() + (positive[row] ? 3 : 0));
    }
    Ranking exact = counts(EXACT, scores, positive, 0, rows).ranking();
    for (int droppedBits = 12; droppedBits <= 22; droppedBits++) {
      ScoreResolution resolution = new ScoreResolution(droppedBits);
      Ranking rounded = counts(resolution, scores, positive, 0, rows).ranking();
      double rocOff = Math.abs(rounded.rocAuc() - exact.rocAuc());
      double prOff = Math.abs(rounded.prAuc() - exact.prAuc());

      assertTrue(rocOff <= rounded.rocAucError(), droppedBits + ": " + rocOff + " " + rounded);
      assertTrue(prOff <= rounded.prAucError(), droppedBits + ": " + prOff + " " + rounded);
      assertTrue(rounded.rocAucError() > 0 && rounded.prAucError() > 0, rounded.toString());
    }
    // What a large binary evaluation has: 11 bits of the fraction.
    Ranking finest = counts(new ScoreResolution(12), scores, positive, 0, rows).ranking();
    assertTrue(finest.rocAucError() < 5e-4, finest.toString());
  }

  @Test
  void countsOfPartsAddUp() {
    Random random = new Random(9);
    float[] scores = new float[500];
    boolean[] positive = new boolean[500];
    for (int row = 0; row < scores.length; row++) {
      scores[row] = random.nextInt(40) - 20;
      positive[row] = random.nextBoolean();
    }
    Ranking whole = counts(EXACT, scores, positive, 0, 500).ranking();
    ScoreCounts left = counts(EXACT, scores, positive, 0, 123);
    ScoreCounts right = counts(EXACT, scores, positive, 123, 500);

    assertEquals(whole, left.plus(right).ranking());
    assertEquals(whole, right.plus(left).ranking());
  }
}
