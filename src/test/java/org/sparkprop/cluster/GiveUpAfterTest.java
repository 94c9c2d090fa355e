package org.sparkprop.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Refusal;

class GiveUpAfterTest {
  private static final String NAME = "--give-up-after";

  @ParameterizedTest
  @ValueSource(strings = {"0", "none", " none ", "Infinity", "0.0"})
  void thisIsNever(String word) {
    assertEquals(Double.POSITIVE_INFINITY, GiveUpAfter.parse(word, NAME).seconds());
    assertEquals(
        "waiting for ever (--give-up-after none)", GiveUpAfter.parse(word, NAME).outlook(7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "NaN", "soon", "", "5 min"})
  void thisIsNoTime(String word) {
    assertEquals(
        "Invalid seconds to give up after: %s (must be > 0, or none)".formatted(word),
        Refusal.of(() -> GiveUpAfter.parse(word, NAME)));
  }

  @Test
  void theOutlookSaysHowLongIsLeft() {
    assertEquals(
        "giving up in 295 s (--give-up-after)", GiveUpAfter.parse("300", NAME).outlook(5.2));
    assertEquals(
        "Invalid seconds to give up after: -1.0 (must be > 0, or 0 for never)",
        Refusal.of(() -> new GiveUpAfter(-1, NAME)));
  }
}
