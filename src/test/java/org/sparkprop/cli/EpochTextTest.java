package org.sparkprop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.model.EpochRecord;

/** The lines of a run on a terminal, drawn by hand. */
class EpochTextTest {
  private static EpochRecord epoch(int number, double loss, double rate, double seconds) {
    return new EpochRecord(
        number,
        1,
        60000,
        loss,
        Map.of("loss", 0.2071, "accuracy", 0.9437),
        rate,
        seconds,
        60000 / seconds,
        true);
  }

  @Test
  void allEpochsOfARunStandInTheSameColumns() {
    assertEquals(
        "epoch  1/10  loss   0.4445  validation loss   0.2071  accuracy  94.37 %  rate  0.10000     2.05 s     29,268 rows/s",
        EpochText.line(epoch(1, 0.44451, 0.1, 2.05), 10));
    String first = EpochText.line(epoch(1, 12.5, 0.001, 2.05), 10);
    for (EpochRecord other :
        new EpochRecord[] {
          epoch(10, 0.00001234, 1e-5, 1234.5), epoch(2, 5e30, 12.5, 0.07), epoch(3, 0, 0.0015, 9)
        }) {
      assertEquals(first.length(), EpochText.line(other, 10).length());
    }
    assertEquals(
        "epoch 2/2  loss   0.5000  rate 1.00e-05     2.00 s         50 rows/s",
        EpochText.line(new EpochRecord(2, 20, 100, 0.5, Map.of(), 1e-5, 2, 50, true), 2));
  }

  @Test
  void aLineFitsIntoOneHundredAndTwentyColumns() {
    String line =
        EpochText.line(
            new EpochRecord(
                1000, 1, 1, 1e30, Map.of("loss", 1e-30, "accuracy", 1.0), 1e-9, 9999.99, 9e6, true),
            1000);

    assertTrue(line.length() <= 120, line + line.length());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "120|epoch  3/10   45 %  [==================>                     ]  loss 0.1234   0:12 left      2,700 rows/s",
        "80|epoch  3/10   45 %  [======>        ]  loss 0.1234   0:12 left      2,700 rows/s",
        "66|epoch  3/10   45 %  loss 0.1234   0:12 left      2,700 rows/s",
        "50|epoch  3/10   45 %  loss 0.1234   0:12 left",
        "40|epoch  3/10   45 %  loss 0.1234",
        "25|epoch  3/10   45 %",
        "5|epoch",
      })
  void theBarFitsIntoAnyTerminal(int width, String line) {
    // 27,000 of 60,000 rows in 10 s; the others take 12.2 s.
    assertEquals(line, EpochBar.line("epoch  3/10", 27_000, 60_000, 10, "loss 0.1234", width));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 30, 60, 80, 200})
  void noLineIsLongerThanTheTerminal(int width) {
    for (long rows = 0; rows <= 60_000; rows += 1000) {
      String line =
          EpochBar.line("epoch  3/10", rows, 60_000, 1e4 * rows / 6e4, "loss 0.1234", width);
      assertTrue(line.length() <= width, line);
    }
  }

  @Test
  void aBarIsEmptyAtFirstAndFullAtTheEnd() {
    assertEquals(
        "epoch 1/1    0 %  [>             ]", EpochBar.line("epoch 1/1", 0, 100, 0, "", 34));
    assertEquals(
        "epoch 1/1  100 %  [==========]  loss 1.0000   0:00 left         50 rows/s",
        EpochBar.line("epoch 1/1", 100, 100, 2, "loss 1.0000", 73));
    assertEquals(
        "epoch 1/1   10 %  loss 1.0000  10:00:00 left",
        EpochBar.line("epoch 1/1", 10, 100, 4000, "loss 1.0000", 45));
  }
}
