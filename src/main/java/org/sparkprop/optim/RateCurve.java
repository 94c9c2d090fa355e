package org.sparkprop.optim;

import java.io.Serializable;

/**
 * The form of a learning-rate schedule: what becomes of the rate from unit to unit, as a factor.
 */
public sealed interface RateCurve extends Serializable {
  RateCurve CONSTANT = new Constant();

  /**
   * The curve that a text such as {@code step(30, 0.1)} or {@code cosine} names.
   *
   * @throws IllegalArgumentException if it does not read so, or a number is out of bounds
   */
  static RateCurve parse(String text) {
    return CurveParser.parse(text);
  }

  /**
   * The factor in a unit.
   *
   * @param unit from 0
   * @param units of the whole curve, more than {@code unit}
   */
  double factor(long unit, long units);

  /** The rate as it was given. */
  record Constant() implements RateCurve {
    @Override
    public double factor(long unit, long units) {
      return 1;
    }

    @Override
    public String toString() {
      return "constant";
    }
  }

  /** Times {@code factor} whenever so many units are over. */
  record Step(long every, double factor) implements RateCurve {
    public Step {
      check(every > 0, text(every, factor), "the number of units must be > 0");
      check(factor > 0 && factor <= 1, text(every, factor), "the factor must be > 0 and <= 1");
    }

    @Override
    public double factor(long unit, long units) {
      return Math.pow(factor, (double) Math.floorDiv(unit, every));
    }

    @Override
    public String toString() {
      return text(every, factor);
    }

    private static String text(long every, double factor) {
      return "step(%d, %s)".formatted(every, factor);
    }
  }

  /** Times {@code factor} after each unit. */
  record Exponential(double factor) implements RateCurve {
    public Exponential {
      check(factor > 0 && factor <= 1, text(factor), "the factor must be > 0 and <= 1");
    }

    @Override
    public double factor(long unit, long units) {
      return Math.pow(factor, (double) unit);
    }

    @Override
    public String toString() {
      return text(factor);
    }

    private static String text(double factor) {
      return "exponential(%s)".formatted(factor);
    }
  }

  /**
   * Half a cosine from 1 towards {@code end}, without restarts (Loshchilov and Hutter 2017,
   * equation 5). The last unit has not come to the end yet, as in PyTorch.
   */
  record Cosine(double end) implements RateCurve {
    public Cosine {
      check(end >= 0 && end <= 1, text(end), "the share at the end must be >= 0 and <= 1");
    }

    @Override
    public double factor(long unit, long units) {
      return anneal(1, end, (double) unit / units);
    }

    @Override
    public String toString() {
      return text(end);
    }

    private static String text(double end) {
      return end == 0 ? "cosine" : "cosine(%s)".formatted(end);
    }
  }

  /**
   * Up to the rate and down to almost nothing (Smith and Topin 2018), as PyTorch's {@code
   * OneCycleLR} in two phases: half a cosine from 1/25 to 1, then one from there to 1/25 · 1e-4,
   * where the last unit is. A run of one unit is at the peak.
   *
   * @param rising share of the units in the first phase
   */
  record OneCycle(double rising) implements RateCurve {
    static final double DEFAULT_RISING = 0.3;
    private static final double START = 1 / 25.0;
    private static final double END = START / 1e4;

    public OneCycle {
      check(rising > 0 && rising < 1, text(rising), "the rising share must be > 0 and < 1");
    }

    @Override
    public double factor(long unit, long units) {
      double peak = rising * units - 1; // before the first unit in a short run
      if (unit < peak) {
        return anneal(START, 1, unit / peak);
      }
      return units == 1 ? 1 : anneal(1, END, (unit - peak) / (units - 1 - peak));
    }

    @Override
    public String toString() {
      return text(rising);
    }

    private static String text(double rising) {
      return "one-cycle(%s)".formatted(rising);
    }
  }

  /**
   * Times {@code factor} when the monitored value has not improved for so many epochs; {@link
   * Plateau} tells when, so that the curve itself is constant.
   */
  record OnPlateau(double factor, int patience) implements RateCurve {
    public OnPlateau {
      check(factor > 0 && factor < 1, text(factor, patience), "the factor must be > 0 and < 1");
      check(patience > 0, text(factor, patience), "the number of epochs must be > 0");
    }

    @Override
    public double factor(long unit, long units) {
      return 1;
    }

    @Override
    public String toString() {
      return text(factor, patience);
    }

    private static String text(double factor, int patience) {
      return "plateau(%s, %d)".formatted(factor, patience);
    }
  }

  /** Half a cosine from {@code start} (progress 0) to {@code end} (progress 1). */
  private static double anneal(double start, double end, double progress) {
    return end + (start - end) / 2 * (1 + Math.cos(Math.PI * progress));
  }

  private static void check(boolean holds, String found, String bound) {
    if (!holds) {
      throw new IllegalArgumentException("Invalid schedule: %s (%s)".formatted(found, bound));
    }
  }
}
