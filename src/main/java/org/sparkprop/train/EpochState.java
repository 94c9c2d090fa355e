package org.sparkprop.train;

import org.sparkprop.base.Stopwatch;
import org.sparkprop.train.checkpoint.Checkpoint;

/** What the rounds of an epoch have come to so far. */
public final class EpochState {
  private final int number;
  private final double secondsBefore;
  private Stopwatch watch;
  private long rounds;
  private long rows;
  private double loss;
  private double weight;

  /**
   * Before the first round.
   *
   * @param number from 1
   */
  EpochState(int number) {
    this(new Checkpoint.Epoch(number, 0, 0, 0, 0, 0));
  }

  EpochState(Checkpoint.Epoch numbers) {
    this.number = numbers.number();
    this.rounds = numbers.rounds();
    this.rows = numbers.rows();
    this.loss = numbers.loss();
    this.weight = numbers.weight();
    this.secondsBefore = numbers.seconds();
    this.watch = new Stopwatch(secondsBefore);
  }

  /** Its seconds count from now on. */
  void begin() {
    watch = new Stopwatch(secondsBefore);
  }

  /** All of it, to be kept. */
  Checkpoint.Epoch numbers() {
    return new Checkpoint.Epoch(number, rounds, rows, loss, weight, seconds());
  }

  /** Adds what a round has come to. */
  void add(Sums round) {
    rounds++;
    rows += round.rows();
    loss += round.loss();
    weight += round.weight();
  }

  int number() {
    return number;
  }

  long rounds() {
    return rounds;
  }

  /** Rows that the rounds have used. */
  long rows() {
    return rows;
  }

  /** What those rows weigh. */
  double weight() {
    return weight;
  }

  /** Of a row, the mean. */
  double meanLoss() {
    return loss / weight;
  }

  double seconds() {
    return watch.seconds();
  }
}
