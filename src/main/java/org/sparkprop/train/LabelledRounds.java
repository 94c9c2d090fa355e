package org.sparkprop.train;

import java.util.Locale;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.sparkprop.spark.JobDescription;
import org.sparkprop.train.checkpoint.ResumePoint;

/**
 * Rounds whose jobs Spark's pages list as {@code epoch 3/10, round 17, loss 0.1234}, with the loss
 * of the round before. A description takes microseconds, a round milliseconds.
 */
final class LabelledRounds implements RoundRunner, TrainingListener {
  private final SparkContext spark;
  private final RoundRunner rounds;
  private final int epochs;
  private long done;
  private int epoch;
  private String loss = "";

  /**
   * @param epochs of the whole run
   */
  LabelledRounds(SparkContext spark, RoundRunner rounds, int epochs) {
    this.spark = spark;
    this.rounds = rounds;
    this.epochs = epochs;
  }

  @Override
  public Returned run(TrainingState state, Round round) {
    String description = ofEpoch(round.epoch()) + ", round " + (done + 1) + loss;
    return JobDescription.during(spark, description, () -> rounds.run(state, round));
  }

  /** A validation, which comes after the rounds of an epoch. */
  <T> T validation(Supplier<T> jobs) {
    return JobDescription.during(spark, ofEpoch(epoch) + ", validation" + loss, jobs);
  }

  @Override
  public void resumed(ResumePoint from) {
    done = from.rounds();
  }

  @Override
  public Verdict roundDone(RoundRecord round) {
    done++;
    epoch = round.epoch();
    loss = String.format(Locale.ROOT, ", loss %.4g", round.loss());
    return Verdict.CONTINUE;
  }

  private String ofEpoch(int number) {
    return "epoch " + number + "/" + epochs;
  }
}
