package org.sparkprop.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.sparkprop.optim.TorchRates.OfPlateau;

class PlateauTest {
  @Test
  void ratesAfterEachEpochAreThoseOfPyTorch() throws IOException {
    TorchRates torch = TorchRates.read();
    assertEquals(4, torch.plateaus().size());
    for (OfPlateau expected : torch.plateaus()) {
      Plateau plateau = new Plateau(CurveParser.parse(expected.curve()), expected.lowerIsBetter());
      for (int epoch = 0; epoch < expected.values().size(); epoch++) {
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
