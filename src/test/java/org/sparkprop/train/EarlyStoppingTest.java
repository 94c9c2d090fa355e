package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.eval.Metric;
import org.sparkprop.train.checkpoint.Checkpoint;
import org.sparkprop.train.options.Stopping;

class EarlyStoppingTest {
  /** Worked out by hand; better by more than 0.1 are the first, the second and the seventh. */
  private static final double[] LOSSES = {
    1, 0.8, 0.75, 0.9, 0.74, 0.71, 0.6, 0.7, 0.59, 0.58, 0.61
  };

  private static final boolean[] BEST = {
    true, true, true, false, true, true, true, false, true, true, false
  };

  private static final int PATIENCE = 5;

  /** One that sees all epochs, and one for each epoch that goes on from the last. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void countsFromTheLastEpochThatWasBetterByEnough(boolean resumed) {
    EarlyStopping stopping = stopping();
    for (int i = 0; i < LOSSES.length; i++) {
      if (resumed) {
        Checkpoint.Stopping memory = stopping.memory();
        stopping = stopping();
        stopping.resumeAt(memory);
      }
      assertNull(stopping.reasonToEnd(Map.of()), "before epoch " + (i + 1));
      assertEquals(BEST[i], stopping.isBest(Map.of(Metric.LOSS, LOSSES[i])), "epoch " + (i + 1));
    }

    assertNull(stopping.reasonToEnd(Map.of()));
    stopping.isBest(Map.of(Metric.LOSS, 0.55));
    assertEquals(
        "the validation loss has not improved by more than 0.1 for 5 epochs",
        stopping.reasonToEnd(Map.of()));
  }

  @Test
  void aLossThatIsNoNumberIsNeverTheBest() {
    EarlyStopping stopping = stopping();
    assertFalse(stopping.isBest(Map.of(Metric.LOSS, Double.NaN)));
    assertTrue(stopping.isBest(Map.of(Metric.LOSS, 7.0)));
  }

  private static EarlyStopping stopping() {
    return new EarlyStopping(new Stopping(Metric.LOSS, PATIENCE, 0.1, null, null), true);
  }
}
