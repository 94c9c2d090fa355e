package org.sparkprop.train;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.HoldOut;
import org.sparkprop.data.InvalidInputException;
import org.sparkprop.data.Layout;
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.ShardPlan;
import org.sparkprop.data.ShardPlan.Selection;
import org.sparkprop.data.Shards;
import org.sparkprop.nn.Network;

/** The rows of a run, packed: those that are trained on and, if any, those that validate. */
final class TrainingRows implements AutoCloseable {
  private final Shards training;
  private final @Nullable Shards heldOut;
  private final int shards;

  private TrainingRows(Shards training, @Nullable Shards heldOut, int shards) {
    this.training = training;
    this.heldOut = heldOut;
    this.shards = shards;
  }

  /**
   * Checks and packs.
   *
   * @param others rows to validate on; null for none, or for those that the options hold out
   * @throws InvalidInputException if a row cannot be used, or there are none of a kind
   */
  static TrainingRows pack(
      JavaSparkContext spark,
      TrainingOptions options,
      Dataset<Row> rows,
      RowFormat format,
      @Nullable Dataset<Row> others) {
    Packing packing = new Packing(spark, options);
    long count = RowFormat.count(rows, format.name());
    int shards =
        options.shards() == null
            ? Math.max(options.workers(), ShardPlan.standardShards(count, format))
            : options.shards();
    int groups = options.localSteps().equals(StepsPerRound.ONE) ? shards : options.workers();
    Shards training = packing.pack(rows, count, format, shards, groups, Selection.TRAINING);
    Shards heldOut = null;
    try {
      heldOut =
          others == null
              ? packing.holdOut(rows, count, format, shards)
              : packing.packOthers(others, format);
      refuseNone(training, heldOut, format.name());
      return new TrainingRows(training, heldOut, shards);
    } catch (RuntimeException refused) {
      training.close();
      if (heldOut != null) {
        heldOut.close();
      }
      throw refused;
    }
  }

  Shards training() {
    return training;
  }

  @Nullable Shards heldOut() {
    return heldOut;
  }

  /** What listeners are told of these rows. */
  TrainingFacts facts(Network network, TrainingOptions options, RowFormat format) {
    return new TrainingFacts(
        network,
        options,
        training.rows(),
        heldOut == null ? 0 : heldOut.rows(),
        shards,
        format.packedRowBytes(),
        training.bytes() + (heldOut == null ? 0 : heldOut.bytes()),
        training.bytesOnDisk() + (heldOut == null ? 0 : heldOut.bytesOnDisk()),
        training.blas());
  }

  /** Frees the cache. */
  @Override
  public void close() {
    training.close();
    if (heldOut != null) {
      heldOut.close();
    }
  }

  private static void refuseNone(Shards training, @Nullable Shards heldOut, String name) {
    if (training.rows() == 0 || (heldOut != null && heldOut.rows() == 0)) {
      throw new InvalidInputException(
          "Cannot use %s: there are %d rows to train on and %d to validate (both must be > 0; see --validation)"
              .formatted(name, training.rows(), heldOut == null ? 0 : heldOut.rows()));
    }
    if (training.weight() == 0 || (heldOut != null && heldOut.weight() == 0)) {
      throw new InvalidInputException(
          "Cannot use %s: all weights are 0 (some rows must have one > 0)".formatted(name));
    }
  }

  /** How the rows of a run are divided into shards. */
  private record Packing(JavaSparkContext spark, TrainingOptions options) {
    @Nullable Shards holdOut(Dataset<Row> rows, long count, RowFormat format, int shards) {
      HoldOut validation = options.validation();
      if (!validation.dividesRows()) {
        return null;
      }
      double share = validation.kind() == HoldOut.Kind.SHARE ? validation.share() : 1;
      int fewer = (int) Math.max(1, Math.ceil(shards * share));
      return pack(rows, count, format, fewer, fewer, Selection.VALIDATION);
    }

    Shards packOthers(Dataset<Row> others, RowFormat format) {
      RowFormat ofOthers = format.named("the validation rows").withRows(others);
      long count = RowFormat.count(others, ofOthers.name());
      int shards = ShardPlan.standardShards(count, ofOthers);
      return pack(others, count, ofOthers, shards, shards, Selection.ALL);
    }

    /**
     * @param groups whole groups lie in a partition: shards, or the workers that they belong to
     */
    Shards pack(
        Dataset<Row> rows,
        long count,
        RowFormat format,
        int shards,
        int groups,
        Selection selection) {
      ShardPlan plan = new ShardPlan(shards, selection, options.validation(), options.seed());
      Layout layout =
          Layout.of(
              shards,
              groups,
              (long) (plan.share() * count * format.packedRowBytes()),
              spark.defaultParallelism(),
              options.partitions());
      return Shards.pack(rows, format, plan, layout);
    }
  }
}
