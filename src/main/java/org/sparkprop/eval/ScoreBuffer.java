package org.sparkprop.eval;

import java.util.Arrays;

/**
 * The scores of rows of one shard, until they are sorted and counted: all at once, or some at a
 * time where there are many scores.
 *
 * <p>A score is one {@code long}, so that sorting takes no objects: its bucket above, then whether
 * the row is positive, then the number of the row.
 */
final class ScoreBuffer {
  /** Scores held at a time, over all rankings: 16 MiB. */
  private static final int MAX_SCORES = 1 << 21;

  private static final long POSITIVE = 1L << 31;
  private static final int ROW = Integer.MAX_VALUE;

  private final ScoreResolution resolution;

  /** (rankings, rows) */
  private final long[][] scores;

  /** (rows) */
  private final float[] weights;

  private int rows;

  /**
   * @param rows of the shard
   */
  ScoreBuffer(ScoreResolution resolution, int rankings, int rows) {
    this(resolution, rankings, rows, MAX_SCORES);
  }

  /**
   * @param mostScores held at a time, over all rankings; those of one row at least
   */
  ScoreBuffer(ScoreResolution resolution, int rankings, int rows, int mostScores) {
    int atATime = Math.min(rows, Math.max(1, mostScores / rankings));
    this.resolution = resolution;
    this.scores = new long[rankings][atATime];
    this.weights = new float[atATime];
  }

  /** Adds the score of the next row in one ranking. */
  void add(int ranking, float score, boolean positive) {
    scores[ranking][rows] =
        ((long) resolution.bucket(score) << 32) | (positive ? POSITIVE : 0) | rows;
  }

  /** Whether rows have to be ranked before another is added. */
  boolean isFull() {
    return rows == weights.length;
  }

  /** Ends the row that the scores added were of. */
  void endRow(float weight) {
    weights[rows++] = weight;
  }

  /** Gives figures the scores of all rows that were added since, by rows and by weight. */
  void rank(Twice<? extends HitFigures<?>> figures) {
    sort();
    figures.byRows().rank(counts(false));
    HitFigures<?> byWeight = figures.byWeight();
    if (byWeight != null) {
      byWeight.rank(counts(true));
    }
    rows = 0;
  }

  /** Sorts the scores of each ranking; before they are counted. */
  void sort() {
    for (long[] ofRanking : scores) {
      Arrays.sort(ofRanking, 0, rows);
    }
  }

  /** The counts of each ranking, of rows or of their weights. */
  ScoreCounts[] counts(boolean byWeight) {
    ScoreCounts[] counts = new ScoreCounts[scores.length];
    for (int i = 0; i < counts.length; i++) {
      ScoreCounts.Builder builder = new ScoreCounts.Builder(resolution.isExact(), rows);
      for (int row = 0; row < rows; row++) {
        long score = scores[i][row];
        double weight = byWeight ? weights[(int) score & ROW] : 1;
        boolean positive = (score & POSITIVE) != 0;
        builder.add((int) (score >> 32), positive ? weight : 0, positive ? 0 : weight);
      }
      counts[i] = builder.build();
    }
    return counts;
  }
}
