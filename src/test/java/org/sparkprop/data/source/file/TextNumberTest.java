package org.sparkprop.data.source.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextNumberTest {
  @ParameterizedTest
  @ValueSource(strings = {"1", "-2.5", "+.5", "1e-3", "1.", "true", "False", "0012"})
  void whatWeReadAsANumberIsPlain(String text) {
    assertEquals(TextNumber.PLAIN, TextNumber.of(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,5",
        "-1,5",
        "1,234",
        "1,234.5",
        "1.234,5",
        "1.234.567",
        "12,34,567",
        "1 234",
        "1'234",
        "1\u00a0234,5",
        "1_000",
        "5%",
        "5 %",
        "$5",
        "$1,234.50",
        "5 €",
        "EUR 5",
        "(5)",
        "($5)",
        "<0.5",
        ">= 3",
        "0x1F",
        "−5",
        "5k",
        "2.5M",
        "- 5",
        "1,5e3",
        "'5'",
        "\"5\"",
        "0x1f",
        "0.5D+02",
        "5\u00a0",
        "\u200b5",
        "5\u200e"
      })
  void whatAPersonReadsAsANumberIsWritten(String text) {
    assertEquals(TextNumber.WRITTEN, TextNumber.of(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NA",
        "n/a",
        "?",
        "null",
        "None",
        "NaN",
        "nan",
        "inf",
        "-inf",
        "Infinity",
        "∞",
        "-",
        "#N/A",
        "#DIV/0!",
        "\\N",
        ".",
        "missing"
      })
  void whatStandsForAMissingNumberIsAMarker(String text) {
    assertEquals(TextNumber.MARKER, TextNumber.of(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"5 kg", "70kg", "20°C", "3 km/h"})
  void aNumberMayHaveAUnit(String text) {
    assertEquals(TextNumber.WITH_UNIT, TextNumber.of(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "red",
        "2024-01-31",
        "31.01.2024",
        "01/31/2024",
        "12:30",
        "192.168.100.200",
        "555-1234",
        "1.2.3",
        "A/5 21171",
        "18-25",
        "3+",
        "12 Main Street",
        "1234 5678",
        "a1",
        "1,2,3"
      })
  void whatIsNoNumberIsText(String text) {
    assertEquals(TextNumber.TEXT, TextNumber.of(text));
  }
}
