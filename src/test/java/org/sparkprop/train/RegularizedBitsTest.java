package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.sparkprop.TestSpark;
import org.sparkprop.data.source.Part;
import org.sparkprop.data.source.RowSource;
import org.sparkprop.eval.Metric;
import org.sparkprop.model.EpochRecord;
import org.sparkprop.nn.Dropout;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.train.options.ClassWeighting;
import org.sparkprop.train.options.LocalSteps;
import org.sparkprop.train.options.Settings;
import org.sparkprop.train.options.Stopping;
import org.sparkprop.train.options.TrainingOptions;
import org.sparkprop.train.options.TrainingOptionsBuilder;

/** The layout of the cluster changes no bit with everything on that looks at rows and epochs. */
class RegularizedBitsTest {
  /** Noise, dropout, smoothed labels, balanced classes, and an end before the last epoch. */
  private static TrainingOptionsBuilder options() {
    return TrainingOptions.of(LayerSpec.parseList("12 relu, 7 tanh, 3 softmax"))
        .with(Settings.INPUT_NOISE, 0.2)
        .dropout(new Dropout(0.1, List.of(0.3, 0.2)))
        .with(Settings.LABEL_SMOOTHING, 0.1)
        .with(Settings.CLASS_WEIGHTS, ClassWeighting.BALANCED)
        .stopping(new Stopping(Metric.ACCURACY, 2, 0.5, null, null))
        .epochs(6)
        .batchSize(40)
        .sliceSize(7)
        .shards(13)
        .validation(0.2);
  }

  /** Rows of the spiral, of which each third weighs less and each seventh nothing. */
  private static Training.Result train(TrainingOptions options) {
    SparkSession spark = TestSpark.session();
    Dataset<Row> rows =
        RowSource.of("spiral(60)")
            .rows(spark, Part.parse("train"))
            .withColumn(
                "weight", functions.expr("if(row % 7 = 0, 0.0D, if(row % 3 = 0, 0.3D, 1.0D))"));
    return new Training(spark, options, new TrainingListener() {}).run(rows, "spiral");
  }

  private static void assertSameBits(Training.Result expected, Training.Result found) {
    assertArrayEquals(expected.model().parameters(), found.model().parameters(), 0f);
    assertEquals(expected.epoch(), found.epoch());
    assertEquals(
        expected.history().stream().map(EpochRecord::loss).toList(),
        found.history().stream().map(EpochRecord::loss).toList());
    assertEquals(
        expected.history().stream().map(EpochRecord::validation).toList(),
        found.history().stream().map(EpochRecord::validation).toList());
  }

  @Test
  void trainedParametersAreTheSameForAnyPartitions() {
    Training.Result one = train(options().partitions(1).build());

    assertTrue(one.history().size() < 6, "it ends early: " + one.ending());
    assertSameBits(one, train(options().partitions(2).build()));
    assertSameBits(one, train(options().partitions(5).build()));
  }

  @Test
  void localStepsOfOneWorkerAreGradientAveraging() {
    assertSameBits(
        train(options().build()), train(options().localSteps(new LocalSteps(3)).build()));
  }
}
