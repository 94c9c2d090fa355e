package org.sparkprop.train;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.data.AllRows;
import org.sparkprop.data.HoldOut;
import org.sparkprop.data.Layout;
import org.sparkprop.data.RowFormat;
import org.sparkprop.data.ShardPlan;
import org.sparkprop.data.ShardPlan.Selection;
import org.sparkprop.data.Shards;
import org.sparkprop.nn.Network;
import org.sparkprop.train.options.LocalSteps;
import org.sparkprop.train.options.TrainingOptions;

/** The rows of a run, packed: those that are trained on and, if any, those that validate. */
final class PackedRows implements AutoCloseable {
  private final Shards training;
  private final @Nullable Shards heldOut;
  private final int shards;

  private PackedRows(Shards training, @Nullable Shards heldOut, int shards) {
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
  static PackedRows pack(
      JavaSparkContext spark,
      TrainingOptions options,
      Dataset<Row> rows,
      RowFormat format,
      @Nullable Dataset<Row> others) {
    Packing packing = new Packing(spark, options, RowFormat.count(rows, format.name()));
    PackedRows packed = packing.pack(rows, format);
    boolean usable = false;
    try {
      format.checkCount(packing.count(), packed.rows());
      if (others != null) {
        RowFormat ofOthers = format.named("the validation rows").withRows(others);
        packed =
            packed.withHeldOut(
                AllRows.pack(others, ofOthers, options.seed(), options.partitions()));
      }
      refuseNone(packed.training, packed.heldOut, format.name());
      usable = true;
      return packed;
    } finally {
      if (!usable) {
        packed.close();
      }
    }
  }

  private long rows() {
    return training.rows() + (heldOut == null ? 0 : heldOut.rows());
  }

  private PackedRows withHeldOut(Shards others) {
    return new PackedRows(training, others, shards);
  }

  Shards training() {
    return training;
  }

  @Nullable Shards heldOut() {
    return heldOut;
  }

  /** What listeners are told of these rows. */
  RunInfo facts(Network network, TrainingOptions options, RowFormat format) {
    return new RunInfo(
        network,
        options,
        training.rows(),
        heldOut == null ? 0 : heldOut.rows(),
        shards,
        format.packedRowBytes(),
        training.bytes() + (heldOut == null ? 0 : heldOut.bytes()),
        Shards.bytesOnDisk(heldOut == null ? List.of(training) : List.of(training, heldOut)));
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
    training.refuseWeightless(name);
    if (heldOut != null) {
      heldOut.refuseWeightless(name);
    }
  }

  /**
   * How the rows of a run are divided into shards.
   *
   * @param count of the rows, those held out included
   */
  private record Packing(JavaSparkContext spark, TrainingOptions options, long count) {
    /**
     * Packs the rows that are trained on and, in the same pass, those that are held out of them.
     */
    PackedRows pack(Dataset<Row> rows, RowFormat format) {
      int shards =
          options.shards() == null
              ? Math.max(options.workers(), ShardPlan.defaultShards(count, format))
              : options.shards();
      // Whole groups lie in a partition: shards, or the workers that they belong to.
      int groups = options.localSteps().equals(LocalSteps.ONE) ? shards : options.workers();
      HoldOut validation = options.validation();
      List<ShardPlan> plans = new ArrayList<>();
      List<Layout> layouts = new ArrayList<>();
      plans.add(plan(shards, Selection.TRAINING));
      layouts.add(layout(plans.get(0), groups, format, count));
      if (validation.dividesRows()) {
        double share = validation.kind() == HoldOut.Kind.SHARE ? validation.share() : 1;
        int fewer = (int) Math.max(1, Math.ceil(shards * share));
        plans.add(plan(fewer, Selection.VALIDATION));
        layouts.add(layout(plans.get(1), fewer, format, count));
      }
      List<Shards> parts = Shards.pack(rows, format, plans, layouts);
      return new PackedRows(parts.get(0), parts.size() == 1 ? null : parts.get(1), shards);
    }

    private ShardPlan plan(int shards, Selection selection) {
      return new ShardPlan(shards, selection, options.validation(), options.seed());
    }

    private Layout layout(ShardPlan plan, int groups, RowFormat format, long count) {
      return Layout.of(
          plan.shards(),
          groups,
          (long) (plan.share() * count * format.packedRowBytes()),
          spark.defaultParallelism(),
          options.partitions());
    }
  }
}
