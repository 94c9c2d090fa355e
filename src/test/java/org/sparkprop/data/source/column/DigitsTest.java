package org.sparkprop.data.source.column;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.IntToDoubleFunction;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

class DigitsTest {
  private static NumberProfile doubles(int rows, IntToDoubleFunction value) {
    NumberProfile profile = NumberProfile.of(DataTypes.DoubleType, 256, false);
    for (int i = 0; i < rows; i++) {
      profile.add(value.applyAsDouble(i));
    }
    return profile;
  }

  private static void assertMoved(double offset, boolean lost, NumberProfile numbers) {
    assertEquals(offset, Digits.offset(numbers));
    assertEquals(lost, Digits.areLost(numbers, offset));
  }

  @Test
  void numbersThatAreOneFloatAreMoved() {
    assertMoved(1.7e12, false, doubles(1000, i -> 1.7e12 + i));
    assertMoved(20240131, false, doubles(10, i -> 20240131 + i % 2));
    assertMoved(16777216, false, doubles(10, i -> 16777216 + i % 2));
    assertMoved(-1.7e12 - 999, false, doubles(1000, i -> -1.7e12 - i));
    assertMoved(52.5163001, false, doubles(9, i -> 52.5163001 + i * 1e-7));
    assertMoved(100, false, doubles(5000, i -> 100 + i * 1e-7));
  }

  @Test
  void numbersThatAFloatTellsApartStayAsTheyAre() {
    assertMoved(0, false, doubles(1000, i -> i));
    assertMoved(0, false, doubles(1000, i -> i / 10.0));
    assertMoved(0, false, doubles(1000, i -> 290.15 + i / 100.0));
    assertMoved(0, false, doubles(10, i -> 1000.1 + i % 2 * 0.1));
    assertMoved(0, false, doubles(1000, i -> 1e9 * i / 1000));
    assertMoved(0, false, doubles(10, i -> 0.1));
    assertMoved(0, false, doubles(3, i -> i == 0 ? 0.1 + 0.2 : 0.3));
    assertMoved(0, false, doubles(3, i -> 100.3 + i * 1e-14));
  }

  @Test
  void whatAFloatStillMakesOneNumberIsTold() {
    assertMoved(0, true, doubles(200, i -> i % 2 == 0 ? i : 1e9 + i));
  }
}
