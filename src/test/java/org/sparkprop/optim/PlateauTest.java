package org.sparkprop.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.optim.TorchRates.OfPlateau;

class PlateauTest {
  /** Of one plateau that sees all epochs, and of one for each epoch that goes on from the last. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ratesAfterEachEpochAreThoseOfPyTorch(boolean resumed) throws IOException {
    TorchRates torch = TorchRates.read();
    assertEquals(4, torch.plateaus().size());
    for (OfPlateau expected : torch.plateaus()) {
      Plateau plateau = plateau(expected);
      for (int epoch = 0; epoch < expected.values().size(); epoch++) {
        if (resumed) {
          Plateau.Memory memory = plateau.memory();
          plateau = plateau(expected);
          plateau.resumeAt(memory);
        }
        plateau.observe(Double.parseDouble(expected.values().get(epoch)));
        double rate = expected.rates().get(epoch);
        assertEquals(
            rate,
            torch.rate() * plateau.factor(),
            1e-14 * rate,
            expected.curve() + " after epoch " + (epoch + 1));
      }
    }
  }

  private static Plateau plateau(OfPlateau expected) {
    return new Plateau(CurveParser.parse(expected.curve()), expected.lowerIsBetter());
  }

  @Test
  void otherCurvesLowerNothing() {
    Plateau none = new Plateau(new RateCurve.Cosine(0), true);
    for (int epoch = 0; epoch < 100; epoch++) {
      none.observe(1);
    }
    assertEquals(1, none.factor());
  }

  @Test
  void valuesThatAreNoNumbersAreNoImprovement() {
    Plateau plateau = new Plateau(new RateCurve.OnPlateau(0.5, 2), true);
    plateau.observe(Double.NaN);
    assertEquals(1, plateau.factor());
    plateau.observe(Double.NaN);
    assertEquals(0.5, plateau.factor());
    plateau.observe(7); // the first number is the best so far
    plateau.observe(8);
    assertEquals(0.5, plateau.factor());
    plateau.observe(7);
    assertEquals(0.25, plateau.factor());
  }
}
