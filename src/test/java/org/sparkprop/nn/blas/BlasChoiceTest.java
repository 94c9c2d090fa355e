package org.sparkprop.nn.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparkprop.Refusal;

class BlasChoiceTest {
  @ParameterizedTest
  @EnumSource
  void aWordNamesItsChoice(BlasChoice choice) {
    assertEquals(choice, BlasChoice.of(choice.word()));
    assertEquals(choice, BlasChoice.of(" " + choice.name() + " "));
  }

  @Test
  void anotherWordIsRefusedWithThoseThatThereAre() {
    assertEquals(
        "Invalid BLAS: mkl (must be one of auto, openblas, system, java)",
        Refusal.of(() -> BlasChoice.of("mkl")));
  }
}
