package org.sparkprop.train.options;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Refusal;

class LocalStepsTest {
  @Test
  void aNumberAnEpochOrWhatPaysCanBeAskedFor() {
    assertEquals(LocalSteps.ONE, LocalSteps.parse("1"));
    assertEquals(new LocalSteps(500), LocalSteps.parse(" 500 "));
    assertEquals(LocalSteps.EPOCH, LocalSteps.parse("Epoch"));
    assertEquals(LocalSteps.AUTO, LocalSteps.parse(" auto"));
  }

  @Test
  void aWordIsReadAsItIsWritten() {
    for (String word : new String[] {"1", "7", "auto", "epoch"}) {
      assertEquals(word, LocalSteps.parse(word).toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1.5", "often", "", "0x10", "99999999999999999999", "1 2"})
  void anythingElseIsRefused(String word) {
    assertEquals(
        "Invalid local steps: %s (must be a number > 0, epoch or auto)".formatted(word),
        Refusal.of(() -> LocalSteps.parse(word)));
  }

  @Test
  void lessThanNoStepIsRefused() {
    assertEquals("Invalid local steps: -1 (must be > 0)", Refusal.of(() -> new LocalSteps(-1)));
  }
}
