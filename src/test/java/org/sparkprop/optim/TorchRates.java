package org.sparkprop.optim;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/** Rates of PyTorch's schedulers; {@code torch_rates.py} made the numbers. */
record TorchRates(String torch, double rate, List<OfCurve> curves, List<OfPlateau> plateaus) {
  /** The rate of each unit. */
  record OfCurve(String curve, int units, List<Double> rates) {}

  /** The rate after each epoch, with the value that was monitored. */
  record OfPlateau(String curve, boolean lowerIsBetter, List<String> values, List<Double> rates) {}

  static TorchRates read() throws IOException {
    ObjectMapper json = new ObjectMapper();
    json.setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
    try (InputStream file = TorchRates.class.getResourceAsStream("torch_rates.json")) {
      return json.readValue(Objects.requireNonNull(file), TorchRates.class);
    }
  }
}
