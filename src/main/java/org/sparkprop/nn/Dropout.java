package org.sparkprop.nn;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.sparkprop.base.RandomStream;
import org.sparkprop.base.RandomStream.Purpose;

/**
 * Dropout in its inverted form (Srivastava et al. 2014, section 10): in training each unit is left
 * out of a row with a probability, its rate, and the others are multiplied by 1 / (1 − rate), so
 * that predictions need nothing.
 *
 * <p>What is dropped is a pure function of a key and the layer. Rates are rounded to a 65536th, of
 * which the factor is exact.
 *
 * @param input rate of the features
 * @param hidden rates of the hidden layers: one for all, or one each; empty for none
 */
public record Dropout(double input, List<Double> hidden) implements Serializable {
  public static final Dropout NONE = new Dropout(0, List.of());

  /** 16 random bits decide on a unit, so that one long is enough for four. */
  private static final int STEPS = 1 << 16;

  public Dropout {
    check("input dropout", input);
    hidden.forEach(rate -> check("dropout", rate));
    hidden = List.copyOf(hidden);
  }

  /**
   * The rates that a list such as {@code "0.5"} or {@code "0.2, 0.5"} names.
   *
   * @throws IllegalArgumentException if the list does not read so
   */
  public static List<Double> parseRates(String list) {
    List<Double> rates = new ArrayList<>();
    for (String rate : list.split(",", -1)) {
      try {
        rates.add(Double.parseDouble(rate.trim()));
      } catch (NumberFormatException notANumber) {
        throw new IllegalArgumentException(
            "Invalid dropout: %s (must be a rate such as 0.5, or one for each hidden layer: 0.2, 0.5)"
                .formatted(list.trim()),
            notANumber);
      }
    }
    return rates;
  }

  /**
   * Refuses rates that do not go with so many hidden layers.
   *
   * @throws IllegalArgumentException with both numbers
   */
  public void checkCompatible(int hiddenLayers) {
    boolean anyRate = hidden.stream().anyMatch(rate -> rate > 0);
    if (anyRate && hidden.size() != 1 && hidden.size() != hiddenLayers) {
      throw new IllegalArgumentException(
          "Invalid dropout: %s (must be one rate, or %d, one for each hidden layer)"
              .formatted(hiddenWords(), hiddenLayers));
    }
    if (anyRate && hiddenLayers == 0) {
      throw new IllegalArgumentException(
          "Invalid dropout: %s (there is no hidden layer; use --input-dropout for the features)"
              .formatted(hiddenWords()));
    }
  }

  public boolean isNone() {
    return input == 0 && hidden.stream().allMatch(rate -> rate == 0);
  }

  /** The rates of the hidden layers as {@link #parseRates} reads them; 0 for none. */
  public String hiddenWords() {
    return hidden.isEmpty()
        ? "0.0"
        : hidden.stream().map(rate -> Double.toString(rate)).collect(Collectors.joining(", "));
  }

  /** Whether some inputs of a layer are dropped: features for layer 0, else outputs below. */
  boolean dropsInputOf(int layer) {
    return stepsOf(layer) > 0;
  }

  /**
   * Overwrites a mask for the inputs of a layer: 0 for what is dropped, the factor for the rest.
   *
   * @param mask (n), or longer
   * @param key decides, with the layer, what is dropped
   */
  void fillMask(float[] mask, int n, int layer, long key) {
    int dropped = stepsOf(layer);
    int factor = Float.floatToRawIntBits((float) STEPS / (STEPS - dropped));
    long counter = RandomStream.hash(key, Purpose.DROPOUT, layer);
    int last = dropped - 1;
    int i = 0;
    for (; i + 4 <= n; i += 4) {
      long bits = RandomStream.mix(counter++);
      mask[i] = kept((int) bits & 0xffff, last, factor);
      mask[i + 1] = kept((int) (bits >>> 16) & 0xffff, last, factor);
      mask[i + 2] = kept((int) (bits >>> 32) & 0xffff, last, factor);
      mask[i + 3] = kept((int) (bits >>> 48), last, factor);
    }
    for (long bits = RandomStream.mix(counter); i < n; i++, bits >>>= 16) {
      mask[i] = kept((int) bits & 0xffff, last, factor);
    }
  }

  /** The factor where {@code random > last}, else 0; a branch would be guessed wrong too often. */
  private static float kept(int random, int last, int factor) {
    return Float.intBitsToFloat(factor & (last - random) >> 31);
  }

  /** 65536ths of the inputs of a layer that are dropped. */
  private int stepsOf(int layer) {
    double rate = layer == 0 ? input : hiddenRate(layer - 1);
    return (int) Math.min(STEPS - 1, Math.round(rate * STEPS));
  }

  private double hiddenRate(int hiddenLayer) {
    if (hidden.isEmpty()) {
      return 0;
    }
    return hidden.get(hidden.size() == 1 ? 0 : hiddenLayer);
  }

  /** The rates in words, for the line that describes a run. */
  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    if (input > 0) {
      words.add("input dropout " + input);
    }
    if (!Collections.max(hidden.isEmpty() ? List.of(0.0) : hidden).equals(0.0)) {
      words.add("dropout " + hiddenWords());
    }
    return String.join(", ", words);
  }

  private static void check(String what, double rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException(
          "Invalid %s: %s (must be >= 0 and < 1)".formatted(what, rate));
    }
  }
}
