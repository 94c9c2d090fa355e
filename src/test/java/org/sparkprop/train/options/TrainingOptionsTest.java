package org.sparkprop.train.options;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.sparkprop.Refusal;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.Loss;
import org.sparkprop.optim.LearningRateSchedule;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.RateCurve;
import org.sparkprop.optim.ScheduleUnit;
import org.sparkprop.optim.UpdateRule;

class TrainingOptionsTest {
  private static TrainingOptionsBuilder options() {
    return TrainingOptions.of(LayerSpec.parseList("4 relu, 3 softmax"));
  }

  private static void assertRefused(String message, UnaryOperator<TrainingOptionsBuilder> choice) {
    assertEquals(message, Refusal.of(() -> choice.apply(options()).build()));
  }

  @Test
  void wrongChoicesAreRefusedWithTheirBounds() {
    assertRefused("Invalid epochs: 0 (must be > 0)", o -> o.epochs(0));
    assertRefused("Invalid epochs: -1 (must be > 0)", o -> o.epochs(-1));
    assertRefused(
        "Invalid epochs: 2147483647 (must be <= 1000000)", o -> o.epochs(Integer.MAX_VALUE));
    assertRefused("Invalid batch size: 0 (must be > 0)", o -> o.batchSize(0));
    assertRefused("Invalid slice size: 0 (must be > 0)", o -> o.sliceSize(0));
    assertRefused("Invalid number of shards: 0 (must be > 0)", o -> o.shards(0));
    assertRefused("Invalid number of workers: 0 (must be > 0)", o -> o.workers(0));
    assertRefused("Invalid number of partitions: -2 (must be > 0)", o -> o.partitions(-2));
    assertRefused("Invalid validation: 1.0 (must be >= 0 and < 1)", o -> o.validation(1));
    assertRefused("Invalid validation: -0.1 (must be >= 0 and < 1)", o -> o.validation(-0.1));
    assertRefused("Invalid validation: NaN (must be >= 0 and < 1)", o -> o.validation(Double.NaN));
    assertRefused(
        "Invalid loss: sigmoid-cross-entropy with a softmax last layer (the last layer must be sigmoid)",
        o -> o.loss(Loss.SIGMOID_CROSS_ENTROPY));
  }

  @Test
  void aWarmupOfAllEpochsIsRefused() {
    OptimizerSettings warm =
        OptimizerSettings.of(UpdateRule.DEFAULT)
            .withSchedule(
                new LearningRateSchedule(RateCurve.parse("cosine"), ScheduleUnit.EPOCH, 5));
    assertRefused(
        "Invalid warm-up: 5 (must be < 5, the --epochs)", o -> o.optimizer(warm).epochs(5));
    assertEquals(6, options().optimizer(warm).epochs(6).build().epochs());
    OptimizerSettings byRound =
        OptimizerSettings.of(UpdateRule.DEFAULT)
            .withSchedule(
                new LearningRateSchedule(RateCurve.parse("cosine"), ScheduleUnit.ROUND, 5));
    assertEquals(5, options().optimizer(byRound).epochs(5).build().epochs());
  }

  @Test
  void workersWithoutLocalStepsAreRefused() {
    assertRefused(
        "Invalid number of workers: 2 (must be 1 with --local-steps 1; give more local steps)",
        o -> o.workers(2));
    assertEquals(2, options().workers(2).localSteps(new LocalSteps(2)).build().workers());
    assertEquals(2, options().workers(2).localSteps(LocalSteps.AUTO).build().workers());
  }

  @Test
  void fewerShardsThanWorkersAreRefused() {
    assertRefused(
        "Invalid number of shards: 2 (must be >= 3, the --workers)",
        o -> o.workers(3).localSteps(LocalSteps.EPOCH).shards(2));
    assertEquals(3, options().workers(3).localSteps(LocalSteps.EPOCH).shards(3).build().shards());
  }

  @Test
  void lbfgsTakesAllRowsInOneRound() {
    OptimizerSettings lbfgs = OptimizerSettings.of(UpdateRule.of("lbfgs"));

    assertEquals(TrainingOptions.ALL_ROWS, options().optimizer(lbfgs).build().batchSize());
    assertRefused(
        "Invalid batch size: 100 (must be left out with --optimizer lbfgs, whose batch is all rows)",
        o -> o.optimizer(lbfgs).batchSize(100));
    assertRefused(
        "Invalid local steps: epoch (must be 1 with --optimizer lbfgs)",
        o -> o.optimizer(lbfgs).localSteps(LocalSteps.EPOCH));
  }

  @Test
  void aSliceIsHalfABatchUpTo256OrAnEighthUpTo512() {
    assertEquals(1, options().batchSize(1).build().sliceSize());
    assertEquals(50, options().batchSize(99).build().sliceSize());
    assertEquals(256, options().batchSize(512).build().sliceSize());
    assertEquals(256, options().batchSize(2048).build().sliceSize());
    assertEquals(375, options().batchSize(3000).build().sliceSize());
    assertEquals(512, options().batchSize(Long.MAX_VALUE).build().sliceSize());
  }

  @Test
  void everyChoiceHasItsWord() {
    assertEquals(
        "{layers=4 relu, 3 softmax, task=classification, loss=softmax-cross-entropy, huber-delta=1.0, feature-units=raw, target-units=auto, class-weights=none, init=auto, seed=1, epochs=10, batch-size=512, input-noise=0.0, input-dropout=0.0, dropout=0.0, label-smoothing=0.0, local-steps=1, workers=1, shards=auto, slice-size=256, partitions=auto, reduction=auto, optimizer=adam, learning-rate=0.001, beta1=0.9, beta2=0.999, epsilon=1.0E-8, schedule=constant, schedule-by=epoch, warmup=0, l1=0.0, l2=0.0, weight-decay=0.0, max-norm=none, clip-value=none, clip-norm=none, monitor=loss, patience=none, min-delta=0.0, max-seconds=none, target=none}",
        options().build().toWords().toString());
  }
}
