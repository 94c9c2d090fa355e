package org.sparkprop.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Refusal;

class PartTest {
  @ParameterizedTest
  @CsvSource({
    "train, train, 0, 9223372036854775807",
    "train[54000:59999], train, 54000, 59999",
    "test[5:], test, 5, 9223372036854775807",
    "test[:7], test, 0, 7",
  })
  void aPartIsANameOrACutOfIt(String text, String name, long from, long to) {
    assertEquals(new Part(name, from, to), Part.parse(text));
    assertEquals(Part.parse(text), Part.parse(Part.parse(text).toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[1:2]", "train[1]", "train[1:2", "train[-1:2]", "train[1:2:3]", "a b"})
  void anythingElseIsRefused(String text) {
    String refused = Refusal.of(() -> Part.parse(text));
    assertEquals(
        "Invalid part: %s (must be a name such as train, or a cut such as train[0:1000])"
            .formatted(text),
        refused);
  }

  @Test
  void anEmptyCutIsRefused() {
    String refused = Refusal.of(() -> Part.parse("train[10:10]"));
    assertEquals("Invalid part: train[10:10] (the end must be > the start)", refused);
  }

  @Test
  void partsOverlapWhereTheyHaveARowInCommon() {
    assertTrue(Part.parse("a").overlaps(Part.parse("a[5:]")));
    assertTrue(Part.parse("a[0:6]").overlaps(Part.parse("a[5:9]")));
    assertFalse(Part.parse("a[0:5]").overlaps(Part.parse("a[5:9]")));
    assertFalse(Part.parse("a[5:9]").overlaps(Part.parse("a[0:5]")));
    assertFalse(Part.parse("a").overlaps(Part.parse("b")));
  }
}
