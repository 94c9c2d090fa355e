package org.sparkprop.optim;

/**
 * Lowers the learning rate when a value that is monitored has not improved for some epochs in
 * sequence, as PyTorch's {@code ReduceLROnPlateau} with a threshold of 0, whose patience is one
 * less than ours: the epochs that it still bears.
 */
public final class Plateau {
  private final RateCurve curve;
  private final boolean lowerIsBetter;
  private double best = Double.NaN;
  private int epochsWithout;
  private double factor = 1;

  /** What the epochs so far have left. */
  public record Memory(double best, int epochsWithout, double factor) {}

  /**
   * @param curve one other than {@code plateau} lowers nothing
   * @param lowerIsBetter of the monitored value: true for a loss, false for an accuracy
   */
  public Plateau(RateCurve curve, boolean lowerIsBetter) {
    this.curve = curve;
    this.lowerIsBetter = lowerIsBetter;
  }

  public Memory memory() {
    return new Memory(best, epochsWithout, factor);
  }

  /** Goes on after the epochs that led there. */
  public void resumeAt(Memory memory) {
    best = memory.best();
    epochsWithout = memory.epochsWithout();
    factor = memory.factor();
  }

  /** The factor of the rate, for the next epoch. */
  public double factor() {
    return factor;
  }

  /** Tells the monitored value after an epoch; what is not a number is no improvement. */
  public void observe(double value) {
    if (!(curve instanceof RateCurve.OnPlateau plateau)) {
      return;
    }
    if (isBest(value)) {
      best = value;
      epochsWithout = 0;
    } else if (++epochsWithout == plateau.patience()) {
      factor *= plateau.factor();
      epochsWithout = 0;
    }
  }

  private boolean isBest(double value) {
    if (Double.isNaN(best)) {
      return !Double.isNaN(value);
    }
    return lowerIsBetter ? value < best : value > best;
  }
}
