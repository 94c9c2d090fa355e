package org.sparkprop.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckpointFileTest {
  @Test
  void aSettingThatARunOfBeforeDidNotKnowHadItsDefault() {
    Map<String, String> before = Map.of("epochs", "3");

    assertNull(CheckpointFile.difference(before, Map.of("epochs", "3", "huber-delta", "1.0")));
    assertEquals(
        "that run has --huber-delta 1.0, this one 2.0",
        CheckpointFile.difference(before, Map.of("epochs", "3", "huber-delta", "2.0")));
  }

  @Test
  void otherOptionsThatOneRunHasAloneAreDifferences() {
    assertEquals(
        "that run has --init-from none, this one models/a",
        CheckpointFile.difference(Map.of(), Map.of("init-from", "models/a")));
  }
}
